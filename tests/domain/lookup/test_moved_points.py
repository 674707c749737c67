"""A number that came to be of somebody at another client than its own is found with them."""

from sqlalchemy import Connection, update

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contacts.model import ContactPoint
from deskcrm.domain.lookup.queries import search_everything
from deskcrm.store.derived import Touched
from deskcrm.store.store import Arrived, Store
from tests.domain.behind import behind


def test_it_is_found_with_whom_it_is_now(store: Store) -> None:
    """One moved its owner to another client while another gave it to somebody else."""
    acme, other = (store.do(create_company, name=name).value for name in ("Acme", "Other"))
    store.do(add_contact, acme, name="Ann", phones=["+7 916 123-45-67"])
    boris = store.do(add_contact, other, name="Boris").value
    (point,) = store.ask(lambda db: db.all(ContactPoint.__table__.select()))

    def take(connection: Connection) -> Arrived[None]:
        here = ContactPoint.id == point.id
        connection.execute(update(ContactPoint).where(here).values(contact_id=boris))
        return Arrived(None, [Touched("contact_point", point.id, acme)], ["contact_point"])

    store.absorb(take)
    assert behind(store) == []
    assert [row.title for row in store.ask(search_everything, "9161234567")] == ["Boris"]
