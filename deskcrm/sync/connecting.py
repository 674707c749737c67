"""Connects a profile with a server: signs in, makes the profile that person's, exchanges all."""

import platform
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from deskcrm.base.errors import UserError
from deskcrm.base.ids import new_id
from deskcrm.base.words import tr
from deskcrm.store import migrate
from deskcrm.store.store import Store
from deskcrm.store.types import to_milliseconds
from deskcrm.sync.credentials import Credentials, Login
from deskcrm.sync.http_peer import Granted, HttpPeer, sign_in
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import OLDEST, VERSION, Hello
from deskcrm.sync.station import memory
from deskcrm.sync.station.identity import become_another, check_joining, join
from deskcrm.sync.station.rounds import Exchange
from deskcrm.sync.transport import Transport, check_url


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person types to get in."""

    url: str
    name: str
    password: str


def connect(
    store: Store,
    credentials: Credentials,
    entry: Entry,
    *,
    backup: Callable[[], object],
    on_way: Callable[[Transport], object] = lambda transport: None,
) -> Exchange:
    """Sign in and exchange everything; gives the exchange that came about.

    ``on_way`` is given what carries the requests: to close it cuts them off, from any thread.
    ``backup`` runs before the profile is changed for its first server. Raises UserError where the
    profile is another server's or person's, with nothing changed, and SyncError; what was reached
    by then stays, and the next exchange goes on from there.
    """
    transport = Transport(entry.url)
    on_way(transport)
    try:
        try:
            return _enter(store, credentials, entry, transport, backup)
        except SyncError as error:
            if error.trouble is not Trouble.FORKED:
                raise
        # The number of this device is a copy's, or another person's: it takes one of its own.
        _check_person(store, entry, transport)
        become_another(store)
        return _enter(store, credentials, entry, transport, backup)
    finally:
        transport.close()


def reach(store: Store, credentials: Credentials) -> HttpPeer:
    """Give the server that the profile is connected with; UserError when there is none."""
    login = credentials.login()
    if login is None:
        raise UserError(
            tr("This workspace is not connected with a server."),
            tr("Connect it: deskcrm connect URL --user NAME"),
        )
    return HttpPeer(Transport(login.url), credentials, seal=credentials.seal())


def disconnect(store: Store, credentials: Credentials) -> bool:
    """Sign out and forget the login; gives whether the server heard of it.

    The workspace stays, and stays that server's: only there can its work be handed over. Raises
    SyncError only for WIPE: locked out, it must not stay.
    """
    peer = reach(store, credentials)
    try:
        peer.sign_out()
    except SyncError as error:
        if error.trouble is Trouble.WIPE:
            raise
        return False
    else:
        return True
    finally:
        peer.close()
        credentials.forget()


def _enter(
    store: Store,
    credentials: Credentials,
    entry: Entry,
    transport: Transport,
    backup: Callable[[], object],
) -> Exchange:
    granted = _sign_in(entry, transport, store.device, credentials.seal())
    peer = HttpPeer(transport, credentials, granted)
    lineage = UUID(bytes=peer.hello(_hello(store)).lineage)
    check_joining(store, granted.user, lineage)
    if store.ask(lambda db: memory.recall(db.connection)).lineage is None:
        backup()
    # The login comes last: no exchange may begin before every id is the server's.
    join(store, granted.user, lineage)
    login = Login(check_url(entry.url), entry.name, granted.user, store.device)
    credentials.sign_in(login, granted.refresh, granted.seal)
    exchange = Exchange(store, peer)
    exchange.run()
    return exchange


def _check_person(store: Store, entry: Entry, transport: Transport) -> None:
    """Raise UserError for another person than the profile's, whom a new number would let in."""
    lineage = store.ask(lambda db: memory.recall(db.connection)).lineage
    if lineage is not None:
        granted = _sign_in(entry, transport, new_id(), "")
        transport.post_json("/auth/v1/sign-out", {"refresh": granted.refresh})
        check_joining(store, granted.user, lineage)


def _sign_in(entry: Entry, transport: Transport, device: UUID, seal: str) -> Granted:
    try:
        return sign_in(
            transport,
            name=entry.name,
            password=entry.password,
            device=device,
            device_name=platform.node(),
            seal=seal,
        )
    except SyncError as error:
        if error.trouble is not Trouble.SIGN_IN:
            raise
        raise UserError(
            tr("The server does not know this name with this password."),
            tr("Type both again, or ask an administrator."),
        ) from error


def _hello(store: Store) -> Hello:
    return Hello(
        store.device.bytes,
        platform.node(),
        (OLDEST, VERSION),
        migrate.known_revisions()[-1],
        to_milliseconds(store.clock()),
    )
