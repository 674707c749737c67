"""The forms that change what was logged: its wording, and what is known about it."""

from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.contacts.queries import ContactRow, list_contacts
from deskcrm.domain.interactions.channels import InteractionId
from deskcrm.domain.interactions.correcting import correct_interaction, edit_interaction
from deskcrm.domain.interactions.entries import TimelineEntry
from deskcrm.domain.interactions.model import Outcome, Sentiment
from deskcrm.domain.interactions.queries import InteractionDetail
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Choice, Line, Text
from deskcrm.ui.kit.fields_parsed import Duration, Moment


def open_correction(desk: Desk, over: QWidget, detail: InteractionDetail) -> FormCard:
    """Ask for a better wording; once it is settled the former one is kept beside it."""
    entry = detail.entry
    interaction = InteractionId(entry.id)
    wording = Text("text", tr("What was said"), lines=6)
    if detail.is_editable:
        until = dates.clock_time(detail.editable_until)
        wording.hint = tr("Until {time} it changes in place, later as a correction.", time=until)
        wording.show_note(wording.hint)
        fields: list[Any] = [wording]
    else:
        reason = Line("reason", tr("Why"), hint=tr("The former wording is kept beside the new."))
        fields = [wording, reason]

    def save(values: dict[str, Any]) -> Any:
        if detail.is_editable:
            return desk.do(edit_interaction, interaction, **values).tell()
        return desk.do(correct_interaction, interaction, **values).tell()

    return FormCard(
        desk,
        over,
        tr("Edit wording") if detail.is_editable else tr("Correct wording"),
        fields,
        save,
        place="interactions.wording",
        subject=entry.id.hex,
        values={"text": entry.text},
        width=640,
    )


def open_details(desk: Desk, over: QWidget, detail: InteractionDetail) -> None:
    """Ask for the people there, then open the form of what is known about an interaction."""
    desk.ask((over, "people there"), list_contacts, detail.client_id).then(
        lambda contacts: _open_details(desk, over, detail, contacts)
    )


def _open_details(
    desk: Desk, over: QWidget, detail: InteractionDetail, contacts: list[ContactRow]
) -> None:
    entry = detail.entry

    def save(changes: dict[str, Any]) -> Any:
        if "duration_seconds" in changes:
            changes["duration_seconds"] = changes["duration_seconds"] or 0
        return desk.do(edit_interaction, InteractionId(entry.id), **changes).tell()

    people = [(one.id, one.name) for one in contacts]
    sounds = [(one, of(one)) for one in Sentiment]
    FormCard(
        desk,
        over,
        tr("Edit details"),
        [
            Line("subject", tr("Subject")),
            (
                Choice("contact_id", tr("Contact"), people, none=tr("Nobody")),
                Choice("sentiment", tr("How the client sounded"), sounds, none=tr("Not noted")),
            ),
            (
                Choice("outcome", tr("Outcome"), [(one, of(one)) for one in Outcome]),
                Duration("duration_seconds", tr("Duration")),
            ),
            Moment("started_at", tr("Started"), required=True),
        ],
        save,
        place="interactions.details",
        subject=entry.id.hex,
        values=_known(entry),
        changes_only=True,
    )


def _known(entry: TimelineEntry) -> dict[str, Any]:
    return {
        "subject": entry.title,
        "contact_id": entry.contact_id,
        "sentiment": entry.sentiment,
        "outcome": entry.outcome,
        "duration_seconds": entry.duration_seconds,
        "started_at": entry.at,
    }
