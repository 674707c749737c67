"""What a person can do with a back-test: learn, keep the weights, go back, replay anew."""

from typing import TYPE_CHECKING, Any

from deskcrm.base.words import tr
from deskcrm.domain.backtests.learning import Learned, learn_from_history
from deskcrm.domain.backtests.words import auc_words
from deskcrm.domain.health.commands import keep_weights, start_over
from deskcrm.domain.health.features import Signal
from deskcrm.domain.health.model import SCORECARD
from deskcrm.domain.health.records import ModelOrigin
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.tokens import Tone

if TYPE_CHECKING:
    from deskcrm.ui.backtests.screen import BacktestScreen


def _has_months(screen: Any) -> bool:
    return screen.gathered is not None and bool(screen.gathered.cases)


def _may_keep(screen: Any) -> bool:
    return bool(screen.may_keep and screen.is_moved)


def _may_start_over(screen: Any) -> bool:
    return bool(screen.may_keep and screen.in_force is not None and screen.in_force.origin)


@action(
    "backtests.learn", "Learn from these months", needs=_has_months, icon="target",
    synonyms="fit train weights выучить веса обучить",
)  # fmt: skip
def learn(screen: "BacktestScreen") -> None:
    """Learn weights from the months gone by and show them; nothing is kept yet."""
    assert screen.gathered is not None
    errand = screen.desk.start(learn_from_history, screen.gathered.cases, SCORECARD)
    errand.owned_by(screen).then(lambda found: _show_learned(screen, found))
    errand.refused(
        lambda error: screen.desk.tell(error.title, detail=error.detail, tone=Tone.WARNING)
    )


def _show_learned(screen: "BacktestScreen", found: Learned) -> None:
    screen.learned = found
    screen.weights.show_model(found.model)
    screen.redraw()
    screen.desk.tell(
        tr(
            "Learned. On later months the AUC is {auc}, with the starting rules {before}.",
            auc=auc_words(found.forward.auc),
            before=auc_words(found.forward.auc_before),
        ),
        detail=tr("Look at the result; “Keep weights” makes them hold for everybody."),
    )


@action(
    "backtests.keep", "Keep weights", needs=_may_keep, icon="check",
    synonyms="save weights сохранить веса",
)  # fmt: skip
def keep(screen: "BacktestScreen") -> None:
    """Let the weights as they are set hold for everybody."""
    model, learned = screen.weights.model, screen.learned
    is_learned = learned is not None and model == learned.model
    screen.desk.do(
        keep_weights,
        {Signal(name): b for name, b in model.weights.items()},
        intercept=model.intercept,
        base_rate=model.base_rate,
        looseness=model.looseness if is_learned else None,
        origin=ModelOrigin.LEARNED if is_learned else ModelOrigin.BY_HAND,
        cases=learned.cases if is_learned and learned is not None else 0,
        churned=learned.churned if is_learned and learned is not None else 0,
    ).tell()


@action(
    "backtests.start_over", "Return to starting rules", needs=_may_start_over, icon="undo",
    synonyms="reset scorecard начальные правила сбросить",
)  # fmt: skip
def return_to_rules(screen: "BacktestScreen") -> None:
    """Put aside what was learned or set by hand."""
    screen.desk.do(start_over).tell()


@action(
    "backtests.again", "Replay months anew", key="F5", icon="history",
    synonyms="reload refresh обновить заново",
)  # fmt: skip
def again(screen: "BacktestScreen") -> None:
    """Gather the months anew."""
    screen.gather()
