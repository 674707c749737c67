"""Answers all who wait for news together: whoever may see the same is given the same page.

Nobody is looked up alone. Those who came since, and, when the order went on, all who wait, are one
question to the database, of one moment of it: who they are, what they may see, what is new there.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from anyio import CapacityLimiter, to_thread
from sqlalchemy import Connection

from deskcrm.domain.rights.queries import read_people
from deskcrm.server import fence, heads
from deskcrm.server.faults import database_faults
from deskcrm.server.heads import Heads
from deskcrm.server.sign_ins import SignIns
from deskcrm.store import ledger
from deskcrm.sync.framing import framed
from deskcrm.sync.hub.news import Asker, Pages
from deskcrm.sync.protocol import News, Pull, pack, unpack

Moment = tuple[int, str]
"""How far the order was, and who was let out."""
_log: Final = logging.getLogger("deskcrm.server")


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody is told."""

    news: News
    packed: bytes
    moment: Moment


class _Waiting:
    """Somebody who waits: with which token, for what, and where the answer goes."""

    def __init__(self, token: str, pull: Pull, *, is_arriving: bool) -> None:
        self.token, self.pull, self.is_arriving = token, pull, is_arriving
        self.answer: asyncio.Future[Told | None] = asyncio.get_running_loop().create_future()

    def tell(self, answer: Told | None) -> None:
        """Let them go with an answer, unless they went already."""
        if not self.answer.done():
            self.answer.set_result(answer)


class Newsroom:
    """Everybody who waits in this process for what is new."""

    def __init__(self, sign_ins: SignIns, followed: Heads, limiter: CapacityLimiter) -> None:
        self._sign_ins, self._heads, self._limiter = sign_ins, followed, limiter
        self._came: list[_Waiting] = []
        self._waiting: set[_Waiting] = set()
        self._looked: Moment = (-1, "")
        """When all were last looked after."""
        self._pages = Pages()

    def start(self) -> None:
        """Begin to answer; on the event loop that the waiting will use."""
        self._stirred = asyncio.Event()
        self._heads.listeners.append(self._stirred.set)
        self._answering = asyncio.create_task(self._answer_all())

    async def close(self) -> None:
        """Stop answering."""
        self._heads.listeners.remove(self._stirred.set)
        self._answering.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._answering

    async def wait(self, token: str, pull: Pull) -> bytes | None:
        """Give news, packed, when there are some, or soon; None to whoever is not let in."""
        told = await self._wait(_Waiting(token, pull, is_arriving=False), None)
        return None if told is None else told.packed

    async def arrive(self, token: str, pull: Pull) -> Told | None:
        """Begin to follow the news: gives what there is now; None to whoever is not let in."""
        return await self._wait(_Waiting(token, pull, is_arriving=True), None)

    async def follow(self, token: str, pull: Pull, told: Told | None) -> AsyncIterator[bytes]:
        """Give news one after another, framed, from what was told first.

        It ends where whoever follows has to ask anew: they are not let in any more, something does
        not fit into a page of all, the server stops.
        """
        try:
            while told is not None:
                yield framed(told.packed)
                if told.news.is_due or self._heads.is_stopped:
                    return
                pull = told.news.goes_on(pull)
                waiting = _Waiting(token, pull, is_arriving=False)
                told = await self._wait(waiting, told.moment)
        except Exception as error:  # the answer has begun: all that can be said is that it ends
            _log.warning("Following the news broke off (%s).", type(error).__name__)

    async def _wait(self, one: _Waiting, seen: Moment | None) -> Told | None:
        """Wait for news; who was told of everything up to a moment is not looked after before."""
        with self._heads.seat():
            self._waiting.add(one)
            if seen is None or seen != self._looked:
                self._came.append(one)
                self._stirred.set()
            try:
                async with asyncio.timeout(random.uniform(heads.SHORTEST, heads.LONGEST)):
                    return await one.answer
            except TimeoutError:
                return self._nothing(seen or (-1, ""))
            finally:
                self._waiting.discard(one)

    def _nothing(self, moment: Moment) -> Told:
        news = News(self._heads.head)
        return Told(news, pack(news), moment)

    async def _answer_all(self) -> None:
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            some, self._came = self._came, []
            now = (self._heads.head, self._heads.people)
            if now != self._looked:
                self._looked, some = now, list(self._waiting)
            if self._heads.is_stopped:
                for one in tuple(self._waiting):
                    one.tell(self._nothing(now))
            elif some:
                await self._answer(some, now)

    async def _answer(self, some: Sequence[_Waiting], now: Moment) -> None:
        try:
            found = await to_thread.run_sync(self._look, some, limiter=self._limiter)
        except Exception as error:  # each of them says so: it is their request that failed
            for one in some:
                if not one.answer.done():
                    one.answer.set_exception(error)
            return
        news: dict[bytes, Told] = {b"": self._nothing(now)}
        for one in some:
            packed = found.get(one)
            if packed is None:
                one.tell(None)
            elif packed or one.is_arriving:
                told = news.get(packed) or Told(unpack(News, packed), packed, now)
                news[packed] = told
                one.tell(told)

    def _look(self, some: Sequence[_Waiting]) -> dict[_Waiting, bytes]:
        """Give the news of those who are let in, empty where there are none."""
        with database_faults(), fence.as_server():
            return self._sign_ins.store.ask(lambda db: self._tell(db.connection, some))

    def _tell(self, connection: Connection, some: Sequence[_Waiting]) -> dict[_Waiting, bytes]:
        callers = self._sign_ins.callers_of(connection, {one.token for one in some})
        speaking = [(one, callers[one.token]) for one in some if one.token in callers]
        let_in = [(one, who) for one, who in speaking if one.pull.device == who.device.bytes]
        users = {who.user for _, who in let_in}
        head = ledger.read_head(connection)
        people, shown = read_people(connection, users), fence.scopes_shown(connection, users)
        askers = [
            Asker(
                one.pull,
                people[who.user].scopes,
                shown.get(who.user),
                partial(fence.become, connection, who.user),
            )
            for one, who in let_in
        ]
        told = self._pages.tell(connection, head, askers)
        return {one: news for (one, _), news in zip(let_in, told, strict=True)}
