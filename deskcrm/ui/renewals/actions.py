"""What a person can do with opportunities, signs of growth and promises."""

from typing import TYPE_CHECKING, Any

from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.opportunities.commands import (
    add_opportunity,
    delete_opportunity,
    dismiss_signal,
    edit_opportunity,
    move_opportunity,
)
from deskcrm.domain.opportunities.model import OpportunityKind, Stage
from deskcrm.domain.opportunities.queries import OpportunityRow
from deskcrm.domain.opportunities.signals import GrowthSignal
from deskcrm.domain.promises.commands import break_promise, keep_promise
from deskcrm.domain.promises.queries import PromiseRow
from deskcrm.domain.renewals.lines import value_of
from deskcrm.ui.clients.putting_off import open_renegotiation
from deskcrm.ui.contracts.deeds import loss_reasons
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.fields import Choice, Field, Line, Text
from deskcrm.ui.kit.fields_parsed import Day, Money
from deskcrm.ui.kit.list_detail import one_selected
from deskcrm.ui.lookup.whose import Whose, option_of, read_ids
from deskcrm.ui.renewals import words
from deskcrm.ui.renewals.cards import about_of, open_card

if TYPE_CHECKING:
    from deskcrm.ui.renewals.screen import RenewalsScreen


def _opportunity_selected(screen: Any) -> bool:
    return isinstance(about_of(screen), OpportunityRow)


def _signal_selected(screen: Any) -> bool:
    return isinstance(about_of(screen), GrowthSignal)


def _owed_selected(screen: Any) -> bool:
    about = about_of(screen)
    return isinstance(about, PromiseRow) and about.settled_at is None


@action(
    "renewals.add", "New opportunity…", key="N", icon="plus",
    synonyms="upsell cross-sell возможность допродажа",
)  # fmt: skip
def add(screen: "RenewalsScreen") -> None:
    """Write down something that a client might take."""
    line = screen.row()
    values: dict[str, Any] = {"kind": OpportunityKind.UPSELL}
    if line is not None:
        values["client"] = option_of(line.client_id, line.client)
        value = value_of(line.about)
        if value is not None:  # the client pays in it already
            values["value"] = (None, value[1])
    _opportunity_card(screen, values)


@action(
    "renewals.take_up", "Make an opportunity…", key="O", needs=_signal_selected, icon="target",
    synonyms="accept signal принять сигнал",
)  # fmt: skip
def take_up(screen: "RenewalsScreen") -> None:
    """Make an opportunity of a sign of growth."""
    sign = about_of(screen)
    values = {
        "kind": OpportunityKind.UPSELL,
        "client": option_of(sign.client_id, sign.client),
        "title": of(sign.kind),
        "notes": words.signal_words(sign),
    }
    _opportunity_card(screen, values, sign)


def _opportunity_card(
    screen: "RenewalsScreen", values: dict[str, Any], sign: GrowthSignal | None = None
) -> None:
    def save(given: dict[str, Any]) -> Any:
        client, _ = read_ids(given.pop("client"))
        assert client is not None, "the field is required"
        _money(given)
        source = sign.kind if sign is not None else None
        return screen.desk.do(add_opportunity, client, source=source, **given).tell()

    fields = [Whose(screen.desk, required=True), *_opportunity_fields()]
    open_card(
        screen, sign, "opportunity", tr("New opportunity"), fields, save, values=values,
        button=tr("Add opportunity"),
    )  # fmt: skip


@action(
    "renewals.dismiss", "Dismiss…", key="I", needs=_signal_selected, icon="close",
    synonyms="ignore отклонить сигнал",
)  # fmt: skip
def dismiss(screen: "RenewalsScreen") -> None:
    """Put a sign of growth aside for half a year, with a reason."""
    sign = about_of(screen)

    def save(values: dict[str, Any]) -> Any:
        asked = {"signal": sign.kind, "about": sign.about}
        return screen.desk.do(dismiss_signal, sign.client_id, **asked, **values).tell()

    open_card(
        screen, sign, "dismiss", tr("Dismiss signal"),
        [Line("reason", tr("Why is there nothing in it?"), required=True)],
        save, about=f"{sign.client} · {of(sign.kind)}", button=ptr("Growth signal", "Dismiss"),
        width=460,
    )  # fmt: skip


@action(
    "renewals.move", "Move on…", key="S", needs=_opportunity_selected, icon="chevron-right",
    synonyms="stage won lost стадия выиграна",
)  # fmt: skip
def move(screen: "RenewalsScreen") -> None:
    """Say how far an opportunity has come."""
    row = about_of(screen)
    stages = [(one, of(one)) for one in Stage if one is not row.stage]
    open_card(
        screen, row, "move", tr("Move opportunity on"),
        [
            Choice("stage", tr("Stage"), stages),
            Choice("reason", tr("Reason, if it is lost"), loss_reasons(), none=tr("Not lost")),
        ],
        lambda values: screen.desk.do(move_opportunity, row.id, **values).tell(),
        about=row.title, button=tr("Move on"), width=460,
    )  # fmt: skip


@action(
    "renewals.edit", "Edit…", key="E", needs=_opportunity_selected, icon="edit",
    synonyms="change править",
)  # fmt: skip
def edit(screen: "RenewalsScreen") -> None:
    """Edit the current opportunity."""
    row = about_of(screen)

    def save(values: dict[str, Any]) -> Any:
        _money(values)
        return screen.desk.do(edit_opportunity, row.id, **values).tell()

    values = {
        "title": row.title,
        "kind": row.kind,
        "value": (row.value_minor, row.currency),
        "next_step": row.next_step,
        "next_on": row.next_on,
        "notes": row.notes,
    }
    open_card(
        screen, row, "edit", tr("Edit opportunity"), _opportunity_fields(), save,
        about=row.client, values=values, changes_only=True,
    )  # fmt: skip


@action(
    "renewals.delete", "Delete", key="Del", needs=_opportunity_selected, icon="trash",
    synonyms="удалить",
)  # fmt: skip
def delete(screen: "RenewalsScreen") -> None:
    """Delete an opportunity that never was one; Undo brings it back."""
    screen.desk.do(delete_opportunity, about_of(screen).id).tell()


@action(
    "renewals.kept",
    "Promise kept",
    key="D",
    needs=_owed_selected,
    icon="check",
    synonyms="done выполнено",
)
def kept(screen: "RenewalsScreen") -> None:
    """Say that a promise was kept."""
    screen.desk.do(keep_promise, about_of(screen).id).tell()


@action(
    "renewals.broken",
    "Promise broken",
    key="B",
    needs=_owed_selected,
    icon="close",
    synonyms="нарушено",
)
def broken(screen: "RenewalsScreen") -> None:
    """Say that a promise was not kept and will not be."""
    screen.desk.do(break_promise, about_of(screen).id).tell()


@action(
    "renewals.another_day", "Another day…", key="A", needs=_owed_selected, icon="calendar",
    synonyms="renegotiate передоговорить срок",
)  # fmt: skip
def another_day(screen: "RenewalsScreen") -> None:
    """Agree on another day for a promise."""
    open_renegotiation(screen.desk, screen, about_of(screen))


@action(
    "renewals.client", "Open client", key="C", needs=one_selected, icon="clients",
    synonyms="клиент",
)  # fmt: skip
def open_client(screen: "RenewalsScreen") -> None:
    """Go to the client of the current row."""
    line = screen.row()
    if line is not None:
        screen.desk.go("clients", client=line.client_id)


def _opportunity_fields() -> list[Field | tuple[Field, ...]]:
    return [
        Line("title", tr("What the client might take"), required=True),
        (
            Choice("kind", tr("Kind"), [(one, of(one)) for one in OpportunityKind]),
            Money("value", tr("Value a year")),
        ),
        (Line("next_step", tr("Next step")), Day("next_on", ptr("Deadline", "By"))),
        Text("notes", tr("Notes"), lines=2),
    ]


def _money(values: dict[str, Any]) -> None:
    """Turn what a field of money gives into the two columns."""
    money = values.pop("value", None)
    if money is not None:
        values["value_minor"], values["currency"] = money
