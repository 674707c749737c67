"""News in a schedule: asked for, answered, and taken in late, twice or by who has gone on since."""

from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from deskcrm.sync import protocol
from deskcrm.sync.hub.news import Pages
from deskcrm.sync.hub.push import Caller, Stopped
from deskcrm.sync.station import news
from tests.sync.verdict import Violation
from tests.sync.world import World, told


@dataclass
class News:
    """What workstations have asked, and what is on its way to them."""

    world: World
    chance: Random
    """Of its own, so that the rest of a schedule is drawn as without news."""
    pages: Pages = field(default_factory=Pages)
    """Of all who ask, as in a server's process."""
    asked: dict[int, protocol.Pull] = field(default_factory=dict)
    coming: list[tuple[int, protocol.Pull, bytes]] = field(default_factory=list)
    taken: int = 0

    def pass_by(self) -> int | None:
        """Let something happen; gives the number of a workstation that was told something."""
        number = self.chance.randrange(len(self.world.stations))
        self._ask(number)
        for one in list(self.asked):
            if self.chance.random() < 0.5:
                self._answer(one)
        if not self.coming or self.chance.random() < 0.3:
            return None
        place = self.chance.randrange(len(self.coming))
        one, question, packed = self.coming[place]
        if self.chance.random() < 0.8:  # else it comes once more
            del self.coming[place]
        store = self.world.stations[one].store
        answer = protocol.unpack(protocol.News, packed)
        self.taken += news.take(store, question, answer) is not None
        return one

    def _ask(self, number: int) -> None:
        question = news.question(self.world.stations[number].store)
        if question is not None:
            self.asked[number] = question

    def _answer(self, number: int) -> None:
        question = self.asked[number]
        caller = Caller(self.world.stations[number].user, UUID(bytes=question.device))
        with suppress(Stopped):
            answer = told(self.world.hub, caller, question, self.pages)
            if answer.page is not None:
                self._check(caller.user, answer.page)
                self.coming.append((number, question, protocol.pack(answer)))
                if self.chance.random() < 0.8:
                    del self.asked[number]

    def _check(self, user: UUID, page: protocol.Pulled) -> None:
        """Nothing is told to somebody who may not see it: neither rows nor exits nor history."""
        scopes = {row[1] for rows in page.rows for row in rows.rows} | {
            one[0] for one in page.exits
        }
        scopes |= {op.scope for step in page.steps for op in step.ops}
        scopes |= {scope for scope, *_ in page.sums}
        seen = self.world.hub.store.ask(self.world.scopes_of, user)
        if not {UUID(bytes=scope) for scope in scopes} <= seen:
            raise Violation(f"{user} is told what is not theirs to see")
