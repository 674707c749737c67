"""Makes one company of a sample stand in it twice, as it does in every grown list of clients."""

from collections.abc import Iterator, Sequence
from typing import Final

from deskcrm.domain.clients.model import Client, ClientId, ClientKind, Lifecycle
from deskcrm.domain.contacts.model import Contact, ContactId, ContactPoint, PointKind
from deskcrm.store.tables import Record

LEAST: Final = 40
"""In a smaller sample each client has a story of its own to tell."""


def make_twin(records: Sequence[Record]) -> Iterator[Record]:
    """Make the second entry of a company: who added it heard the name, and asked for a number."""
    points = {
        point.contact_id: point
        for point in records
        if isinstance(point, ContactPoint) and point.kind is PointKind.PHONE
    }
    contacts = [one for one in records if isinstance(one, Contact) and one.id in points]
    companies = {
        one.id: one
        for one in records
        if isinstance(one, Client)
        and one.kind is ClientKind.COMPANY
        and one.lifecycle is Lifecycle.ACTIVE
    }
    known = next((one for one in contacts if one.client_id in companies), None)
    if known is None:
        return
    first, point = companies[known.client_id], points[ContactId(known.id)]
    twin = Client(
        name=first.name.replace("«", "").replace("»", "").upper(),
        owner_id=first.owner_id,
        lifecycle=Lifecycle.ACTIVE,
        customer_since=first.customer_since,
        city=first.city,
    )
    client = ClientId(twin.id)
    who = Contact(client_id=client, name=known.name)
    way = ContactPoint(
        client_id=client,
        contact_id=ContactId(who.id),
        kind=PointKind.PHONE,
        typed=point.typed,
        normal=point.normal,
    )
    for one in (twin, who, way):
        one.created_at = first.created_at
        yield one
