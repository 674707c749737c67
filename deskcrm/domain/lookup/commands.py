"""Makes a caller who is not known yet known, in one step."""

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.commands import create_company, create_person
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contacts.model import ContactId, PointKind
from deskcrm.domain.contacts.points import add_point
from deskcrm.store.commands import command
from deskcrm.store.work import Work


@command("lookup.add_caller", "Add caller")
def add_caller(
    work: Work, *, name: str, company: str = "", number: str = "", email: str = ""
) -> tuple[ClientId, ContactId | None]:
    """Add whoever calls, with the number: a person of a company, or a client of their own."""
    if not name.strip() and not company.strip():
        raise UserError(tr("Who is it?"), tr("Type a name, a company, or both."))
    if company.strip():
        client_id = create_company(work, name=company)
        if name.strip():
            contact_id = add_contact(
                work,
                client_id,
                name=name,
                phones=[number] if number else [],
                emails=[email] if email else [],
            )
            return client_id, contact_id
    else:
        client_id = create_person(work, name=name)
    if number:
        add_point(work, client_id, kind=PointKind.PHONE, text=number)
    if email:
        add_point(work, client_id, kind=PointKind.EMAIL, text=email)
    return client_id, None
