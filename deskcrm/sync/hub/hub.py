"""The server's end: answers a workstation's messages, each in a transaction of its own."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache, partial
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, insert, select

from deskcrm.store import erasing, ledger, migrate, series
from deskcrm.store.changes import ERASE
from deskcrm.store.derived import write_meta
from deskcrm.store.reader import Reader
from deskcrm.store.store import Arrived, Store
from deskcrm.store.tables import Record, record_models, shape_of
from deskcrm.store.types import to_milliseconds
from deskcrm.sync.hub import contents, segments
from deskcrm.sync.hub.applying import Authorize
from deskcrm.sync.hub.pull import answer_pull
from deskcrm.sync.hub.push import (
    DEVICE,
    Caller,
    Rights,
    Stopped,
    known_device,
    take_part,
    take_push,
)
from deskcrm.sync.protocol import (
    OLDEST,
    ROWS_ALONG,
    VERSION,
    AskContents,
    AskManifest,
    AskPiece,
    AskSegment,
    ContentsHere,
    Hello,
    Manifest,
    Part,
    Parted,
    Piece,
    PieceTaken,
    Pull,
    Pulled,
    Push,
    Pushed,
    Segment,
    SendPiece,
    Step,
    Welcome,
)
from deskcrm.sync.tables import device_table

OLDEST_SCHEMA = "0005"
"""Workstations with an older schema must be updated before they can exchange anything."""

_DEVICES: Final = select(device_table.c.id, device_table.c.last_no).where(
    device_table.c.user_id == bindparam("user")
)
"""Asked with each greeting, so it is built once."""


@dataclass(frozen=True, slots=True)
class Hub:
    """A server's store, and what decides who may see and do what."""

    store: Store
    scopes_of: Callable[[Reader, UUID], Iterable[UUID]]
    """The scopes that a person may see now."""
    authorizer: Callable[[Connection, UUID], Authorize]
    """Gives what decides about a person's writes, as of one transaction."""
    rights_in: frozenset[str] = field(default=frozenset(), kw_only=True)
    """Tables in which that stands."""
    rights_moved: Callable[[Connection], None] = field(default=lambda _: None, kw_only=True)
    """Told when something was written to these, within the transaction."""
    lease_of: Callable[[Reader], timedelta] = lambda _: timedelta()
    """How long a copy may be used without reaching the server; nothing means for ever."""
    as_itself: Callable[[], AbstractContextManager[None]] = nullcontext
    """Lets the server write what is its own, whoever's request it is that made it."""
    to_read: Callable[[UUID], AbstractContextManager[None]] = lambda _: nullcontext()
    """Lets a person see what they may see, who has just written."""

    def hello(self, caller: Caller, hello: Hello) -> Welcome:
        """Welcome a device; a new one of this person is noted. Answers what it asks for along."""
        now, lease = self.store.clock(), self.store.ask(self.lease_of)

        def take(connection: Connection) -> Arrived[Welcome]:
            found = connection.execute(DEVICE, {"caller": caller.device}).first()
            if found is None:
                connection.execute(
                    insert(device_table).values(
                        id=caller.device,
                        user_id=caller.user,
                        name=hello.name[:200],
                        last_no=0,
                        floor=0,
                        last_seen_at=now,
                    )
                )
            elif found.user_id != caller.user:
                raise Stopped("unknown device")
            elif found.revoked_at is not None:
                raise Stopped("revoked")
            return Arrived(self._welcome(connection, caller, hello, lease))

        welcome = self.store.absorb(take).value
        if hello.ask is not None:
            welcome.page = self.pull(caller, _along(hello.ask))
        return welcome

    def _welcome(
        self, connection: Connection, caller: Caller, hello: Hello, lease: timedelta
    ) -> Welcome:
        head = ledger.read_head(connection)
        rows = connection.execute(_DEVICES, {"user": caller.user}).all()
        last = {row.id: row.last_no for row in rows}
        return Welcome(
            version=min(VERSION, max(OLDEST, hello.versions[1])),
            schema=migrate.known_revisions()[-1],
            oldest_schema=OLDEST_SCHEMA,
            lineage=head.lineage.bytes,
            epoch=head.epoch,
            head=head.seq,
            last=last[caller.device],
            now=to_milliseconds(self.store.clock()),
            user=caller.user.bytes,
            columns=_columns(record_models()),
            devices=[(device.bytes, no) for device, no in last.items() if device != caller.device],
            leases=series.lease(connection, caller.device, hello.series, self.store.clock()),
            usable_for=lease // timedelta(milliseconds=1),
        )

    def push(self, caller: Caller, push: Push) -> Pushed:
        """Take steps, and answer what is asked for along; Stopped when the device may not speak."""

        def take(connection: Connection) -> Arrived[Pushed]:
            head = ledger.read_head(connection, lock=True)
            rights = self._rights(connection, caller)
            pushed = take_push(
                connection, caller, push, head, now=self.store.clock(), rights=rights
            )
            return Arrived(pushed, (), ("sync_head",) if pushed.head != head.seq else ())

        pushed = self.store.absorb(take).value
        self._forget_erased(push.steps)
        if push.ask is not None:
            with self.to_read(caller.user):
                pushed.page = self.pull(caller, _along(push.ask.after(pushed)))
        return pushed

    def part(self, caller: Caller, part: Part) -> Parted:
        """Take a part of a large step; raises Stopped when the device may not speak."""

        def take(connection: Connection) -> Arrived[Parted]:
            head = ledger.read_head(connection, lock=True)
            rights = self._rights(connection, caller)
            parted = take_part(
                connection, caller, part, head, now=self.store.clock(), rights=rights
            )
            has_moved = parted.pushed is not None and parted.pushed.head != head.seq
            return Arrived(parted, (), ("sync_head",) if has_moved else ())

        parted = self.store.absorb(take).value
        self._forget_erased([part.step])
        return parted

    def _rights(self, connection: Connection, caller: Caller) -> Rights:
        return Rights(
            partial(self.authorizer, connection, caller.user),
            self.rights_in,
            partial(self.rights_moved, connection),
        )

    def _forget_erased(self, steps: Iterable[Step]) -> None:
        """Let go of what the server keeps beside its tables, once a step has erased something."""
        if not any(op.kind == ERASE for step in steps for op in step.ops):
            return

        def take(connection: Connection) -> Arrived[None]:
            segments.forget_erased(connection)
            write_meta(connection, erasing.DUE, "1")
            return Arrived(None)

        with self.as_itself():
            self.store.absorb(take)

    def pull(self, caller: Caller, pull: Pull) -> Pulled:
        """Give what is new; raises Stopped when the device may not speak."""
        return self.store.ask(
            lambda db: answer_pull(db.connection, caller, self.scopes_of(db, caller.user), pull)
        )

    def contents_here(self, caller: Caller, ask: AskContents) -> ContentsHere:
        """Tell how much is here of the contents that a row names which the caller may see."""

        def look(db: Reader) -> ContentsHere:
            named = self._named(db, caller, ask.hashes)
            return ContentsHere(contents.pieces_here(db.connection, named))

        return self.store.ask(look)

    def send_piece(self, caller: Caller, piece: SendPiece) -> PieceTaken:
        """Keep the next piece; the last one makes contents whole if they have their hash."""
        sha256 = piece.sha256
        self.store.ask(lambda db: self._check_named(db, caller, sha256))

        def take(connection: Connection) -> Arrived[int]:
            ledger.read_head(connection, lock=True)  # two devices may send the same at once
            return Arrived(contents.take_piece(connection, sha256, piece.position, piece.content))

        here = self.store.absorb(take).value
        if piece.is_last and here == piece.position + 1:
            # Read while nobody waits: that of many pieces takes a while.
            measured = self.store.ask(lambda db: contents.measure(db.connection, sha256))

            def complete(connection: Connection) -> Arrived[int]:
                ledger.read_head(connection, lock=True)
                return Arrived(contents.complete(connection, sha256, measured))

            here = self.store.absorb(complete).value
        return PieceTaken(here)

    def fetch_piece(self, caller: Caller, ask: AskPiece) -> Piece:
        """Give a piece of whole contents, and tell whether it is the last."""

        def give(db: Reader) -> Piece:
            self._check_named(db, caller, ask.sha256)
            if contents.pieces_here(db.connection, [ask.sha256])[ask.sha256] != -1:
                raise Stopped("no contents")
            content = contents.read_piece(db.connection, ask.sha256, ask.position)
            has_more = contents.has_piece(db.connection, ask.sha256, ask.position + 1)
            return Piece(content, not has_more)

        return self.store.ask(give)

    def _named(self, db: Reader, caller: Caller, hashes: list[str]) -> list[str]:
        known_device(db.connection, caller)
        scopes = set(self.scopes_of(db, caller.user))
        return [one for one in hashes if contents.is_named(db.connection, one, scopes)]

    def _check_named(self, db: Reader, caller: Caller, sha256: str) -> None:
        if not self._named(db, caller, [sha256]):
            raise Stopped("no contents")

    def manifest(self, caller: Caller, ask: AskManifest) -> Manifest:
        """Give what a fresh workstation can begin with; raises Stopped."""

        def look(db: Reader) -> segments.Offer:
            known_device(db.connection, caller)
            if ask.schema != migrate.known_revisions()[-1]:
                head = ledger.read_head(db.connection)  # another age: it pulls
                return segments.Offer(Manifest(head.epoch, head.lineage.bytes, [], []), [])
            return segments.offer(db.connection, self.scopes_of(db, caller.user))

        offer = self.store.ask(look)
        if offer.made:

            def take(connection: Connection) -> Arrived[None]:
                segments.keep(connection, offer.manifest.epoch, offer.made)
                return Arrived(None)

            with self.as_itself():
                self.store.absorb(take)
        return offer.manifest

    def segment(self, caller: Caller, ask: AskSegment) -> Segment:
        """Give a segment of what this person may see; raises Stopped."""

        def look(db: Reader) -> Segment:
            known_device(db.connection, caller)
            scopes = self.scopes_of(db, caller.user)
            return Segment(segments.read_segment(db.connection, ask.digest, scopes))

        return self.store.ask(look)

    def head(self) -> int:
        """Tell how far the order is."""
        return self.store.ask(lambda db: ledger.read_head(db.connection).seq)


@lru_cache(1)
def _columns(models: tuple[type[Record], ...]) -> dict[str, list[str]]:
    """Name the columns of each table that this program knows."""
    return {shape_of(model).name: list(shape_of(model).columns) for model in models}


def _along(asked: Pull) -> Pull:
    """Give a question that somebody asked along with another: its answer must not take long."""
    return msgspec.structs.replace(asked, limit=min(asked.limit, ROWS_ALONG))
