"""The forms of a departure: that a client leaves or has left, and that it stays or is back."""

from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.departures.commands import edit_departure, note_departure, note_return
from deskcrm.domain.departures.queries import DepartureRow
from deskcrm.ui.contracts.deeds import loss_reasons
from deskcrm.ui.departures.words import choice_words, departure_words
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Choice, Field, Line, Text
from deskcrm.ui.kit.fields_parsed import Day


def open_departure(
    desk: Desk, over: QWidget, client_id: ClientId, name: str, known: DepartureRow | None = None
) -> FormCard:
    """Ask when a client gave notice or left, and why; or put right what is ``known`` of it."""
    departure_id = known.id if known is not None else None

    def save(values: dict[str, Any]) -> Any:
        if departure_id is None:
            return desk.do(note_departure, client_id, **values).tell()
        return desk.do(edit_departure, departure_id, **values).tell()

    card = FormCard(
        desk,
        over,
        tr("Client leaves") if departure_id is None else tr("Edit departure"),
        _fields(),
        save,
        place="departures.form",
        subject=client_id.hex if departure_id is None else departure_id.hex,
        values=_values(known),
        changes_only=departure_id is not None,
        button=tr("Note departure") if departure_id is None else "",
        about=name,
        width=500,
    )
    reason = card.form.fields["reason"]

    def say_choice() -> None:
        chosen = reason.value()
        reason.show_note(choice_words(chosen) if chosen is not None else "")
        card.relayout()

    reason.edited.connect(say_choice)
    say_choice()
    return card


def open_return(desk: Desk, over: QWidget, departure: DepartureRow) -> FormCard:
    """Ask since when a client stays after all, or is back."""
    return FormCard(
        desk,
        over,
        tr("Client stays or is back"),
        [Day("on", tr("Since"), required=True)],
        lambda values: desk.do(note_return, departure.client_id, **values).tell(),
        place="departures.return",
        subject=departure.client_id.hex,
        values={"on": dates.today()},
        button=tr("Note return"),
        about=f"{departure.client} · {departure_words(departure)}",
        width=420,
    )


def _values(known: DepartureRow | None) -> dict[str, Any]:
    if known is None:
        return {"left_on": dates.today()}
    return {
        "noticed_on": known.noticed_on,
        "left_on": known.left_on,
        "reason": known.reason,
        "competitor": known.competitor,
        "words": known.words,
    }


def _fields() -> list[Field | tuple[Field, ...]]:
    return [
        (
            Day("noticed_on", tr("Gave notice on"), placeholder=tr("today, yesterday, 24/05")),
            Day("left_on", tr("Last day with us"), hint=tr("It may be in the future")),
        ),
        Choice("reason", tr("Main reason"), loss_reasons(), none=tr("Choose…"), required=True),
        Line("competitor", tr("Competitor"), hint=tr("If the client goes to one")),
        Text("words", tr("In the client’s words"), lines=2),
    ]
