"""What a report is of: the period, the team or person, the clients, and the way of answering."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from deskcrm.base.settings import Setting
from deskcrm.base.words import of, tr
from deskcrm.domain.clients.model import Tier
from deskcrm.domain.metrics.figures import Period
from deskcrm.domain.metrics.narrowing import AnswerWay, Narrowing
from deskcrm.domain.metrics.periods import PeriodChoice, period_of
from deskcrm.domain.metrics.words import period_words
from deskcrm.domain.teams.queries import TeamRow, list_teams
from deskcrm.domain.users.queries import UserRow, list_users
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.domain.views.queries import ViewRow, list_views
from deskcrm.store.reader import Reader
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields_parsed import Day
from deskcrm.ui.kit.flow import FlowLayout
from deskcrm.ui.tickets.shapes import Setter

PERIOD: Final = Setting(
    "window.report_period", PeriodChoice.LAST_30_DAYS.value, "The period of reports",
    choices=tuple(one.value for one in PeriodChoice if one is not PeriodChoice.CUSTOM),
)  # fmt: skip
_EVERYBODY: Final = Filter()


@dataclass(frozen=True, slots=True)
class Offered:
    """The teams, people and views that can be chosen."""

    teams: tuple[TeamRow, ...]
    people: tuple[UserRow, ...]
    views: tuple[ViewRow, ...]


def list_offered(db: Reader) -> Offered:
    """List whose report can be asked for."""
    views = list_views(db, place="clients")
    return Offered(tuple(list_teams(db)), tuple(list_users(db)), tuple(views))


class Choices(QWidget):
    """The setters above a report; tells when something else is chosen."""

    def __init__(self, desk: Desk, on_change: Callable[[], object]) -> None:
        super().__init__()
        self.desk, self._on_change = desk, on_change
        kept = PeriodChoice(desk.setting(PERIOD))
        self.choice, self.custom = kept, period_of(kept, dates.today())
        self.when = Setter(tr("Period"), _periods(), self._on_period)
        self.when.show_value(kept)
        self.whose = Setter(tr("Whose"), [(None, tr("Everybody"))], self._changed)
        self.clients = Setter(tr("Which clients"), [(_EVERYBODY, tr("All clients"))], self._changed)
        ways = [(AnswerWay.ALL, tr("All answers")), *(
            (one, of(one)) for one in AnswerWay if one is not AnswerWay.ALL
        )]  # fmt: skip
        self.answers = Setter(tr("Which answers"), ways, self._changed)
        flow = FlowLayout(self, spacing=6)
        for one in (self.when, self.whose, self.clients, self.answers):
            flow.addWidget(one)
        desk.ask((self, "offered"), list_offered).then(self._offer)

    @property
    def period(self) -> Period:
        """The period that is chosen, as of today."""
        if self.choice is PeriodChoice.CUSTOM:
            return self.custom
        return period_of(self.choice, dates.today())

    @property
    def narrowing(self) -> Narrowing:
        """Whose figures are asked for."""
        whose = self.whose.value()
        team_id, user_id = whose if whose is not None else (None, None)
        return Narrowing(
            team_id=team_id,
            user_id=user_id,
            segment=self.clients.value() or _EVERYBODY,
            answers=self.answers.value() or AnswerWay.ALL,
        )

    def choose_days(self, period: Period) -> None:
        """Take other days than those that have a name."""
        self.choice, self.custom = PeriodChoice.CUSTOM, period
        self.when.set_options(_periods(), {PeriodChoice.CUSTOM: period_words(period)})
        self.when.show_value(PeriodChoice.CUSTOM)
        self._on_change()

    def _on_period(self, choice: PeriodChoice) -> None:
        if choice is PeriodChoice.CUSTOM:
            self.ask_days()
            return
        self.choice = choice
        self.desk.setting(PERIOD, choice.value)
        self._on_change()

    def ask_days(self) -> None:
        """Ask for the first and the last day."""
        before = self.period
        self.when.show_value(self.choice)
        fields = [(Day("first", tr("First day"), required=True),
                   Day("last", tr("Last day"), required=True))]  # fmt: skip

        def save(values: dict[str, Any]) -> None:
            first, last = sorted((values["first"], values["last"]))
            self.choose_days(Period(first, last))

        FormCard(
            self.desk, self, tr("Which days"), fields, save, place="reports.days",
            values={"first": before.first, "last": before.last}, button=tr("Show"),
        )  # fmt: skip

    def _offer(self, found: Offered) -> None:
        whose: list[tuple[Any, str]] = [(None, tr("Everybody"))]
        whose += [((one.id, None), one.name) for one in found.teams]
        whose += [((None, one.id), one.name) for one in found.people]
        self.whose.set_options(whose)
        tiers = [(Filter().also("tier", Comparison.IS, one.value), of(one)) for one in Tier]
        views = [(one.read_filter(), one.name) for one in found.views]
        self.clients.set_options([(_EVERYBODY, tr("All clients")), *tiers, *views])

    def _changed(self, _: object) -> None:
        self._on_change()


def _periods() -> list[tuple[PeriodChoice, str]]:
    return [
        (one, tr("Other days…") if one is PeriodChoice.CUSTOM else of(one)) for one in PeriodChoice
    ]
