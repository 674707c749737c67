"""Reads the signals of many clients as of a moment, each with the records behind it.

Only what was recorded by the moment counts (``store/as_of``). The queries ask columns, for some
hundred clients at once; what has no record yet is unknown.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import and_, select

from deskcrm.domain.clients.model import Client, ClientId, Lifecycle
from deskcrm.domain.merges import homes
from deskcrm.domain.risk.accounts import read_accounts
from deskcrm.domain.risk.contacts import read_contacts
from deskcrm.domain.risk.ratings import read_ratings
from deskcrm.domain.risk.reading import Facts, Reading
from deskcrm.domain.risk.terms import read_terms
from deskcrm.domain.risk.tickets import read_tickets
from deskcrm.domain.sla import deadlines
from deskcrm.store.as_of import Refills, as_of
from deskcrm.store.derived import read_meta
from deskcrm.store.reader import Reader
from deskcrm.store.upsert import in_chunks

AT_ONCE: Final = 2_000
EXCHANGED_AT: Final = "exchanged_at"
"""Under this the moment of the last exchange with a server is noted."""
IS_CUSTOMER: Final = and_(
    ~Client.is_deleted, Client.lifecycle.in_([one for one in Lifecycle if one.is_customer])
)
_READERS: Final[tuple[Callable[[Reading], None], ...]] = (
    read_contacts,
    read_tickets,
    read_terms,
    read_ratings,
    read_accounts,
)


def read_signals(
    db: Reader,
    client_ids: Sequence[ClientId],
    *,
    moment: datetime | None = None,
    is_run: bool = False,
) -> dict[ClientId, Facts]:
    """Give what is known of clients as of a moment, now if none is said.

    ``is_run``: they are in the order of their ids, and nearly all that there are between.
    """
    found: dict[ClientId, Facts] = {}
    at = db.now if moment is None else min(moment, db.now)
    noted = read_meta(db.connection, EXCHANGED_AT)
    until = at if noted is None else min(datetime.fromisoformat(noted), at)
    with as_of(db, at, refills=_refills(client_ids)):
        for some in in_chunks(client_ids, AT_ONCE):
            facts = {one.bytes: Facts(one) for one in some}
            reading = Reading(db.connection, at, until, facts, is_run)
            for read in _READERS:
                read(reading)
            found.update((one.client_id, one) for one in facts.values())
    return found


def _refills(client_ids: Sequence[ClientId]) -> Refills:
    """Say what works out as of then where tickets are read, and when these clients' are due."""
    return {
        homes.ticket_home: homes.refill,
        deadlines.ticket_deadline: lambda db, _: deadlines.refill_of(db, client_ids),
    }


def list_customers(
    db: Reader, *, among: Sequence[ClientId] | None = None, moment: datetime | None = None
) -> list[ClientId]:
    """List the clients that are with us, and so can leave."""
    with as_of(db, db.now if moment is None else moment):
        if among is None:
            everybody = select(Client.id).where(IS_CUSTOMER).order_by(Client.id)
            return [ClientId(one) for one in db.scalars(everybody)]
        # Asked of the rows: the query would go by an index, through all who are with us.
        living = select(Client.id, Client.lifecycle).where(~Client.is_deleted)
        return [
            ClientId(row[0])
            for some in in_chunks(among, 500)
            for row in db.all(living.where(Client.id.in_(some)))
            if row[1].is_customer
        ]
