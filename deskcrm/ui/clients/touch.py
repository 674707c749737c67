"""When a client is due next, said on its page; and the card that gives it a rhythm of its own."""

from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import ntr, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.touch.commands import clear_touch_rhythm, set_touch_rhythm
from deskcrm.domain.touch.queries import TouchExplained, TouchRow, explain_touch
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Check, Line
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.settings.touch import rhythm_words
from deskcrm.ui.settings.touch_form import days_wrong


def touch_chip(row: TouchRow) -> Chip:
    """Say when the next touch is due, or for how long the client is going cold."""
    if row.days_over:
        said = ntr("Going cold for {n} day", "Going cold for {n} days", row.days_over)
        return Chip(said, Tone.DANGER, "snooze")
    is_due = row.due_on <= dates.today()
    when = dates.due(row.due_on)
    is_late = row.due_on < dates.today()
    said = tr("Touch was due {when}", when=when) if is_late else tr("Next touch {when}", when=when)
    return Chip(said, Tone.WARNING if is_due else Tone.NEUTRAL, "calendar")


def touch_words(touch: TouchExplained) -> str:
    """Say by which policy or rhythm, and how often that is."""
    row = touch.row
    if row is None:
        return ""
    whose = tr("Policy “{name}”", name=row.policy) if row.policy else tr("A rhythm of its own")
    rhythm = rhythm_words(row.ideal_days, row.max_days)
    return tr("{whose}: {rhythm}", whose=whose, rhythm=rhythm[:1].lower() + rhythm[1:])


def open_rhythm(desk: Desk, over: QWidget, client_id: ClientId, name: str) -> None:
    """Ask how often to be in touch with one client."""
    asked = desk.ask((over, "rhythm"), explain_touch, client_id)
    asked.then(lambda touch: _open(desk, over, client_id, name, touch))


def _open(
    desk: Desk, over: QWidget, client_id: ClientId, name: str, touch: TouchExplained
) -> FormCard:
    row = touch.row
    has_own = row is not None and row.policy_id is None

    def save(values: dict[str, Any]) -> Any:
        if not values["is_own"]:
            return desk.do(clear_touch_rhythm, client_id).tell() if has_own else None
        return desk.do(
            set_touch_rhythm, client_id, ideal_days=int(values["ideal_days"]),
            max_days=int(values["max_days"]), reason=values["reason"],
        ).tell()  # fmt: skip

    card = FormCard(
        desk,
        over,
        tr("How often to be in touch"),
        _fields(touch_words(touch)),
        save,
        place="touch.rhythm",
        subject=client_id.hex,
        values=_values(touch),
        about=name,
        width=480,
    )

    def show() -> None:
        for key in ("ideal_days", "max_days", "reason"):
            card.form.fields[key].setVisible(bool(card.form.fields["is_own"].value()))
        card.relayout()

    card.form.edited.connect(show)
    return card


def _fields(now: str) -> list[Any]:
    return [
        Check("is_own", tr("A rhythm of its own, whatever the policies say"), hint=now),
        (
            Line("ideal_days", tr("Ideal interval, days"), check=days_wrong),
            Line("max_days", tr("Longest interval, days"), check=days_wrong),
        ),
        Line("reason", tr("Why?")),
    ]


def _values(touch: TouchExplained) -> dict[str, Any]:
    row = touch.row
    return {
        "is_own": True,
        "ideal_days": str(row.ideal_days if row is not None else 30),
        "max_days": str(row.max_days if row is not None else 45),
        "reason": touch.reason,
    }
