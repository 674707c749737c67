"""Does something with the clients that are picked, and says with how many it was done."""

from typing import TYPE_CHECKING, Any, TypeAlias

from deskcrm.base.words import ntr, past, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.clients.outcomes import get_outcome, page_outcome
from deskcrm.domain.clients.queries import list_client_ids
from deskcrm.store.outcomes import Outcome
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Deed
from deskcrm.ui.kit.list_detail import ListDetail, for_targets
from deskcrm.ui.kit.outcome_card import OutcomeCard, Subject
from deskcrm.ui.kit.tokens import Tone

if TYPE_CHECKING:
    from deskcrm.ui.clients.screen import ClientScreen, ClientsScreen

AnyScreen: TypeAlias = "ClientsScreen | ClientScreen"


def told(screen: AnyScreen, ids: list[Any], deed: Deed[Any]) -> None:
    """Say how many were changed and how many were so already; the toast opens each of them."""
    deed.then(
        lambda done: screen.desk.ask((screen, "outcome"), get_outcome, done.step, ids).then(
            lambda outcome: _say(screen, done.label, outcome)
        )
    )


def outcome_subject(screen: AnyScreen) -> Subject:
    """Say that the rows of an outcome are clients."""
    return Subject(
        tr("Client"),
        page_outcome,
        lambda one: screen.desk.go("clients", client=one),
        has_faces=True,
    )


def _say(screen: AnyScreen, label: str, outcome: Outcome[ClientId]) -> None:
    changed, same = len(outcome.changed), len(outcome.same)
    said = outcome_words(label, changed)
    screen.desk.tell(
        said,
        undo_step=outcome.step,
        detail=ntr("{n} was so already.", "{n} were so already.", same) if same else "",
        tone=Tone.OK,
        more=(lambda: OutcomeCard(screen.desk, screen, said, outcome, outcome_subject(screen)))
        if changed + same > 1
        else None,
    )


def outcome_words(label: str, changed: int) -> str:
    """Say what was done to how many: "Set tier: 37 clients"."""
    said = dates.number(changed)
    return ntr(
        "{label}: {count} client", "{label}: {count} clients", changed,
        label=past(label), count=said,
    )  # fmt: skip


def choose(screen: AnyScreen, title: str, field: Any, run: Any) -> FormCard:
    """Ask for one value and do something with the picked clients."""

    def save(values: dict[str, Any]) -> None:
        for_targets(screen, list_client_ids, lambda ids: run(ids, values[field.name]))

    return FormCard(
        screen.desk, screen, title, [field], save, place=f"clients.{field.name}", button=title,
        values=_as_it_is(screen, field.name), width=420, about=_whom(screen),
    )  # fmt: skip


def _whom(screen: AnyScreen) -> str:
    """Name the one client that is to be changed, or say how many they are."""
    row, picked = screen.row(), screen.selection
    if row is not None and not picked.is_everything and screen.targets() == [row.id]:
        return row.name
    count = picked.count(screen.table.rows.total) if isinstance(screen, ListDetail) else 1
    return ntr("{count} client", "{count} clients", count, count=dates.number(count))


def _as_it_is(screen: AnyScreen, name: str) -> dict[str, Any] | None:
    """Begin with what is so now, where it is one client that is to be changed."""
    row = screen.row()
    is_it = row is not None and not screen.selection.is_everything and screen.targets() == [row.id]
    return {name: getattr(row, name)} if is_it and hasattr(row, name) else None
