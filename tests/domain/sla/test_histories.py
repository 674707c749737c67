"""Deadlines of thousands of made-up histories, through the store, against a watch kept by hand.

Replies, waits, states and notes in the past; then policies are changed and put in another order,
and a holiday is put into the calendar: each time every stored deadline is what walking through
the ticket's life minute by minute gives. Merged tickets are left out.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

import pytest

from deskcrm.base.ids import new_id
from deskcrm.domain.calendars import Calendar
from deskcrm.domain.calendars.commands import create_calendar, set_day, use_calendar
from deskcrm.domain.calendars.model import WEEKDAYS, CalendarId
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.interactions.channels import WRITTEN, Channel
from deskcrm.domain.sla import cases as cases_module
from deskcrm.domain.sla.clocks import ClockKind, Move, Terms, TicketLog, Word
from deskcrm.domain.sla.commands import create_policy, edit_policy, order_policies
from deskcrm.domain.tickets.model import (
    MessageKind,
    Priority,
    SupportLine,
    Ticket,
    TicketId,
    TicketKind,
    TicketMessage,
    TicketTransition,
)
from deskcrm.domain.tickets.queries import TicketRow, rows_of
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.commands import command
from deskcrm.store.store import Store
from deskcrm.store.work import Work
from tests.domain.calendars.reference import MINUTE, is_working
from tests.domain.sla.reference import SETTLED, Keeper
from tests.watch import Watch

FULL: Final = bool(os.environ.get("DESKCRM_FULL"))
WORLDS: Final = range(10 if FULL else 1)
COUNT: Final = 200
"""In each world."""
BEGIN: Final = datetime(2026, 6, 8, tzinfo=UTC)
"""A Monday; what happens, happens in the two days after it."""
NOW: Final = BEGIN + timedelta(days=3)
LAST: Final = BEGIN + timedelta(days=7)
"""Until here the watch is kept: every target that is drawn has run by then, or is paused."""
WEEK: Final = dict.fromkeys(range(7), (("08:00", "12:00"), ("13:00", "17:30"), ("22:00", "01:00")))
STATES: Final = tuple(one for one in TicketState if one is not TicketState.NEW)


@dataclass(frozen=True)
class History:
    """A ticket as it was made up: what its policy looks at, and what happened."""

    id: TicketId
    traits: Mapping[str, object]
    opened_at: datetime
    words: Sequence[tuple[datetime, MessageKind, Channel]]
    moves: Sequence[tuple[datetime, TicketState]]


@dataclass
class Rule:
    """A policy as somebody would write it on paper."""

    targets: dict[ClockKind, int]
    asks: Mapping[str, Sequence[object]]
    pauses_in: Sequence[TicketState] = (TicketState.WAITING_ON_CLIENT,)
    is_active: bool = True

    def holds_for(self, history: History) -> bool:
        return self.is_active and all(
            history.traits[key] in wanted for key, wanted in self.asks.items()
        )


FALLBACK: Final = Rule(
    {
        ClockKind.FIRST_RESPONSE: 480,
        ClockKind.NEXT_RESPONSE: 480,
        ClockKind.RESOLUTION: 2_400,
    },
    {},
)


def made_up(random: Random, tiers: Mapping[Tier, ClientId]) -> History:
    """Make a history up: whole minutes, some of them shared."""
    opened = BEGIN + random.randrange(0, 1_440) * MINUTE
    left = int((BEGIN + timedelta(days=2) - opened) / MINUTE)

    def moment() -> datetime:
        return opened + random.choice((0, 1, 60, random.randrange(left))) * MINUTE

    traits = {
        "kinds": random.choice(list(TicketKind)), "priorities": random.choice(list(Priority)),
        "tiers": random.choice(list(tiers)), "lines": random.choice(list(SupportLine)),
        "channels": random.choice((Channel.EMAIL, Channel.CALL, Channel.CHAT)),
    }  # fmt: skip
    kinds = list(MessageKind)
    channels = (Channel.EMAIL, Channel.EMAIL, Channel.CALL)
    words = [
        (moment(), random.choice(kinds), random.choice(channels))
        for _ in range(random.choice((0, 1, 2, 4)))
    ]
    moves = [(moment(), random.choice(STATES)) for _ in range(random.choice((0, 1, 2, 4)))]
    return History(
        TicketId(new_id()), traits, opened, sorted(words, key=lambda one: one[0]),
        sorted(moves, key=lambda one: one[0]),
    )  # fmt: skip


@command("tests.write_histories", "Write made-up histories")
def write_histories(work: Work, histories: Sequence[History], clients: Mapping[Any, Any]) -> None:
    """Write the records that the commands would have left."""
    of = {one.id: {"ticket_id": one.id, "client_id": clients[one.traits["tiers"]]}
          for one in histories}  # fmt: skip
    work.insert_many(Ticket, (
        {
            "id": one.id, "number": number, "subject": "Made up", "opened_at": one.opened_at,
            "client_id": of[one.id]["client_id"], "kind": one.traits["kinds"],
            "priority": one.traits["priorities"], "line": one.traits["lines"],
            "channel": one.traits["channels"], "opened_by": work.actor,
            "state": one.moves[-1][1] if one.moves else TicketState.NEW,
        }
        for number, one in enumerate(histories, start=1)
    ))  # fmt: skip
    work.insert_many(TicketMessage, (
        {
            **of[one.id], "kind": kind, "text": "Word", "channel": channel, "sent_at": at,
            "author_id": None if kind is MessageKind.CLIENT_WORD else work.actor,
        }
        for one in histories for at, kind, channel in one.words
    ))  # fmt: skip
    work.insert_many(TicketTransition, (
        {**of[one.id], "to_state": state, "happened_at": at, "changed_by": work.actor}
        for one in histories
        for at, state in ((one.opened_at, TicketState.NEW), *one.moves)
    ))  # fmt: skip


class QuickKeeper(Keeper):
    """Keeps the same watch, but looks up which minutes are worked."""

    def __init__(self, log: TicketLog, terms: Terms, worked: frozenset[datetime]) -> None:
        super().__init__(log, terms, Calendar("UTC", {}, {}))
        self._worked = worked
        self._busy = {log.opened_at, *(one.at for one in log.words), *(one.at for one in log.moves)}

    def walk(self, minutes: int) -> list[Any]:
        minute = self.log.opened_at
        running = self._running()
        for _ in range(minutes):
            if minute in self._busy:
                self._happen(minute)
                running = self._running()
            if minute in self._worked:
                for clock in running:
                    clock.tick(minute + MINUTE)
            minute += MINUTE
        return [self.first, *self.following, self.resolution]


def expected(history: History, rules: Sequence[Rule], worked: frozenset[datetime]) -> Any:
    """Give what the list shows of the ticket: the clock, whether it is paused, until when."""
    if history.moves and history.moves[-1][1] in SETTLED:
        return (None, False, None)
    rule = next((one for one in rules if one.holds_for(history)), FALLBACK)
    targets = {kind: minutes * MINUTE
               for kind, minutes in (FALLBACK.targets | rule.targets).items()}  # fmt: skip
    words = [
        Word(at, kind is MessageKind.PUBLIC_REPLY)
        for at, kind, channel in history.words
        if kind is MessageKind.PUBLIC_REPLY
        or (kind is MessageKind.CLIENT_WORD and channel in WRITTEN)
    ]
    moves = [Move(history.opened_at, TicketState.NEW)]
    moves += [Move(at, state) for at, state in history.moves]
    is_live = history.traits["channels"] is Channel.CALL
    log = TicketLog(history.opened_at, is_live, tuple(words), tuple(moves))
    keeper = QuickKeeper(log, Terms(targets, frozenset(rule.pauses_in)), worked)
    open_ones = [
        one for one in keeper.walk(int((LAST - history.opened_at) / MINUTE)) if one.ended_at is None
    ]
    due = [one for one in open_ones if one.due_at is not None]
    if due:
        first = min(due, key=lambda one: one.due_at)
        is_still = first.kind is ClockKind.RESOLUTION and keeper.state in rule.pauses_in
        return (first.kind, is_still, first.due_at)
    return (open_ones[0].kind, True, None)


@dataclass
class World:
    """The store, and beside it all that was done, on paper."""

    desk: Store
    calendar: CalendarId
    histories: list[History]
    rules: list[Rule]
    ids: list[Any]
    week: Calendar

    def compare(self) -> list[tuple[History, Any, Any]]:
        """Give where the store and the watch disagree."""
        minutes = (BEGIN + n * MINUTE for n in range(int((LAST - BEGIN) / MINUTE)))
        worked = frozenset(one for one in minutes if is_working(self.week, one))
        ids = [one.id for one in self.histories]
        rows: dict[Any, TicketRow] = {row.id: row for row in self.desk.ask(rows_of, ids)}
        found = []
        for one in self.histories:
            row = rows[one.id]
            shown = (row.clock, row.is_paused, row.due_at)
            wanted = expected(one, self.rules, worked)
            if shown != wanted:
                found.append((one, shown, wanted))
        return found

    def policy(self, name: str, rule: Rule) -> None:
        """Make a policy, in the store and on paper."""
        terms: dict[str, Any] = {f"{one.value}_minutes": n for one, n in rule.targets.items()}
        terms |= {**rule.asks, "pauses_in": rule.pauses_in}
        self.ids.append(self.desk.do(create_policy, name=name, **terms).value)
        self.rules.append(rule)


@pytest.fixture(params=WORLDS)
def world(desk: Store, watch: Watch, request: pytest.FixtureRequest) -> World:
    watch.at = NOW
    tiers = {tier: desk.do(create_company, name=tier.value, tier=tier).value
             for tier in (Tier.STANDARD, Tier.GOLD)}  # fmt: skip
    hours = "08:00-12:00, 13:00-17:30, 22:00-01:00"
    week: dict[str, Any] = dict.fromkeys(WEEKDAYS, hours)
    calendar = desk.do(create_calendar, name="Shop", time_zone="UTC", **week).value
    desk.do(use_calendar, calendar)
    random = Random(request.param)
    histories = [made_up(random, tiers) for _ in range(COUNT)]
    made = World(desk, calendar, histories, [], [], Calendar("UTC", WEEK, {}))
    desk.do(write_histories, histories, tiers)
    urgent = {"priorities": [Priority.URGENT, Priority.HIGH]}
    response, following = ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE
    made.policy("Gold", Rule({response: 15, following: 30, ClockKind.RESOLUTION: 240},
                             {"tiers": [Tier.GOLD], **urgent}))  # fmt: skip
    made.policy("Urgent", Rule({response: 60, ClockKind.RESOLUTION: 900}, urgent,
                               (TicketState.WAITING_ON_THIRD_PARTY,)))  # fmt: skip
    made.policy("Rest", Rule({ClockKind.RESOLUTION: 1_200}, {}))
    return made


def test_every_deadline_is_what_a_watch_would_show_also_after_changes(world: World) -> None:
    assert world.compare() == []
    desk, ids, rules = world.desk, world.ids, world.rules
    desk.do(edit_policy, ids[1], pauses_in=[], next_response_minutes=45)
    rules[1].pauses_in = ()
    rules[1].targets[ClockKind.NEXT_RESPONSE] = 45
    desk.do(order_policies, [ids[1], ids[0], ids[2]])
    rules[0], rules[1] = rules[1], rules[0]
    assert world.compare() == []
    holiday = (BEGIN + timedelta(days=1)).date()
    short = (BEGIN + timedelta(days=2)).date()
    desk.do(set_day, world.calendar, day=holiday, name="Holiday")
    desk.do(set_day, world.calendar, day=short, name="Short", hours="08:00-10:00")
    world.week = Calendar("UTC", WEEK, {holiday: [], short: [("08:00", "10:00")]})
    assert world.compare() == []
    desk.do(edit_policy, ids[2], is_active=False)
    rules[2].is_active = False
    assert world.compare() == []
    desk.undo()
    rules[2].is_active = True
    assert world.compare() == []


def test_the_histories_hold_every_kind_of_case(world: World) -> None:
    """The control of what is drawn: each clock is next somewhere, and some are paused."""
    shown = {(row.clock, row.is_paused)
             for row in world.desk.ask(rows_of, [one.id for one in world.histories])}  # fmt: skip
    assert shown == {(None, False), (ClockKind.RESOLUTION, True),
                     *((kind, False) for kind in ClockKind)}  # fmt: skip


def test_a_policy_that_is_chosen_wrongly_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The positive control: where priorities are not looked at, the deadlines are others."""
    forgetful = tuple(one for one in cases_module._CONDITIONS if one[1] != "priorities")
    monkeypatch.setattr(cases_module, "_CONDITIONS", forgetful)
    world.desk.do(edit_policy, world.ids[0], warn_percent=80)
    assert world.compare() != []
