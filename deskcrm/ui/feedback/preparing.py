"""What is likely before a client is asked: the form, the language, and that there is any form."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import LANGUAGES, language, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.feedback.forms import shipped_form_id
from deskcrm.domain.feedback.model import SurveyFormId
from deskcrm.domain.feedback.preparing import Prepared, prepare_asking
from deskcrm.domain.feedback.queries import FormRow
from deskcrm.ui.kit.desk import Desk


def prepare(
    desk: Desk, over: QWidget, client_id: ClientId, show: Callable[[Prepared], object]
) -> None:
    """Find what to ask a client with; says what to do where there is no form."""

    def go_on(found: Prepared | None) -> None:
        if found is not None and found.forms:
            show(found)
        elif found is not None:
            desk.tell(
                tr("There is no form to ask with."),
                detail=tr("A lead adds the standard ones under Feedback, Forms."),
            )

    desk.ask((over, "ask"), prepare_asking, client_id).then(go_on)


def likely_form(forms: Sequence[FormRow], *, is_about_ticket: bool) -> SurveyFormId:
    """Give the form that ships for this, in its latest version, or else the first there is."""
    family = shipped_form_id("after_ticket" if is_about_ticket else "standard")
    return next((one.id for one in forms if one.family_id == family), forms[0].id)


def language_of(found: Prepared, contact_id: ContactId | None) -> str:
    """Give the language that a contact, or else the client, is spoken to in."""
    theirs = next((one.language for one in found.contacts if one.id == contact_id), "")
    spoken = theirs or found.language or language()
    return spoken if spoken in LANGUAGES else language()
