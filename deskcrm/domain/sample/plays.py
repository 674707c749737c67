"""Touch policies and playbooks of the sample, running at some clients: on track, behind, stuck."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from deskcrm.base.ids import meant_id
from deskcrm.base.words import speaking
from deskcrm.domain.clients.model import Client, ClientId, Lifecycle, Tier
from deskcrm.domain.contracts.model import Contract, ContractStatus
from deskcrm.domain.days import add_working_days, day_of
from deskcrm.domain.playbooks.model import (
    Ending,
    Play,
    Playbook,
    PlaybookEdition,
    PlaybookEditionId,
    PlaybookId,
    PlayId,
    PlayState,
    PlayStep,
    StepState,
    TriggerKind,
)
from deskcrm.domain.playbooks.shipped import Shipped, list_shipped
from deskcrm.domain.playbooks.steps import Step, steps_to_json
from deskcrm.domain.sample.staff import Staff
from deskcrm.domain.tasks.model import Task, TaskId, TaskState
from deskcrm.domain.touch.model import TouchPolicy
from deskcrm.domain.users.model import UserId
from deskcrm.domain.views.sql import start_of_day
from deskcrm.store.tables import Record

_POLICIES: Final = {
    "ru": ("Важные клиенты", "Все остальные"),
    "en": ("Important clients", "Everybody else"),
}
_USED: Final = ("onboarding", "going_cold", "renewal", "champion_left")
_RUNS: Final = (
    ("onboarding", 4, 2),
    ("renewal", 12, 1),
    ("champion_left", 16, 0),
    ("onboarding", 9, 4),
    ("renewal", 3, 1),
    ("champion_left", 2, 0),
)
"""Which playbook, begun how many working days ago, and how many of its steps are done."""


def make_plays(
    records: Sequence[Record], staff: Staff, language: str, now: datetime
) -> Iterator[Record]:
    """Make policies and playbooks, and let some run at one's own clients and at others'."""
    yield from _policies(language)
    with speaking(language):
        shipped = {one.key: one for one in list_shipped() if one.key in _USED}
    for one in shipped.values():
        yield from _playbook(one, staff.me.id, now)
    clients = [
        one
        for one in records
        if isinstance(one, Client) and one.lifecycle in (Lifecycle.ACTIVE, Lifecycle.AT_RENEWAL)
    ]
    contracts = _contracts(records, day_of(now))
    clients.sort(key=lambda one: (one.owner_id != staff.me.id, one.id not in contracts))
    for client, (key, ago, done) in zip(clients, _RUNS, strict=False):
        yield from _play(client, shipped[key], now, ago, done, contracts.get(client.id))
    for client in clients[len(_RUNS) : len(_RUNS) + 1]:
        yield from _over(client, shipped["going_cold"], now)


def _policies(language: str) -> Iterator[Record]:
    vip, rest = _POLICIES[language]
    tiers = [Tier.DIAMOND.value, Tier.GOLD.value]
    yield TouchPolicy(name=vip, ideal_days=14, max_days=30, position=1, tiers=tiers)
    yield TouchPolicy(name=rest, ideal_days=45, max_days=90, position=2)


def _contracts(records: Sequence[Record], today: date) -> dict[object, Contract]:
    """Give a contract that is to be decided on within 90 days, of each client that has one."""
    found: dict[object, Contract] = {}
    for one in records:
        if not isinstance(one, Contract) or one.decision_on is None:
            continue
        left = (one.decision_on - today).days
        if one.status is ContractStatus.ACTIVE and 0 <= left <= 90:
            found.setdefault(one.client_id, one)
    return found


def _ids(key: str) -> tuple[PlaybookId, PlaybookEditionId]:
    playbook_id = PlaybookId(meant_id("playbook", key))
    return playbook_id, PlaybookEditionId(meant_id("playbook_edition", playbook_id, "sample"))


def _playbook(shipped: Shipped, me: UserId, now: datetime) -> Iterator[Record]:
    playbook_id, edition_id = _ids(shipped.key)
    yield PlaybookEdition(
        id=edition_id, playbook_id=playbook_id, number=1, steps=steps_to_json(shipped.steps),
        published_at=now - timedelta(days=60), published_by=me,
    )  # fmt: skip
    yield Playbook(
        id=playbook_id, name=shipped.name, about=shipped.about, origin=shipped.key,
        trigger=shipped.trigger, days=shipped.days, rest_days=shipped.rest_days,
        ends_when_gone=shipped.ends_when_gone, counts_from=now, edition_id=edition_id,
    )  # fmt: skip


def _play(
    client: Client,
    shipped: Shipped,
    now: datetime,
    ago: int,
    done: int,
    contract: Contract | None,
    until: date | None = None,
) -> Iterator[Record]:
    """Make a play with the tasks of the steps whose day has come, the first of them done."""
    playbook_id, edition_id = _ids(shipped.key)
    started_on = _working_days_before(day_of(now), ago)
    trigger, facts = TriggerKind.BY_HAND, dict[str, str]()
    if shipped.trigger is TriggerKind.RENEWAL and contract is not None and contract.decision_on:
        trigger = shipped.trigger
        facts = {"contract": contract.title, "decision_on": contract.decision_on.isoformat()}
    play = Play(
        id=meant_id("play", playbook_id, client.id, 1),
        playbook_id=playbook_id, edition_id=edition_id, client_id=ClientId(client.id),
        trigger=trigger, facts=facts, since=start_of_day(started_on),
        started_on=started_on, started_at=_morning(started_on), started_by=client.owner_id,
    )  # fmt: skip
    yield play
    for number, step in enumerate(shipped.steps):
        planned = add_working_days(started_on, step.after_days)
        if planned <= (until or day_of(now)):
            yield from _step(client, play, step, planned, is_done=number < done)


def _step(
    client: Client, play: Play, step: Step, planned: date, *, is_done: bool
) -> Iterator[Record]:
    task = Task(
        id=meant_id("play_task", play.id, step.key), title=step.title,
        client_id=ClientId(client.id), kind=step.kind, assignee_id=client.owner_id,
    )  # fmt: skip
    task.set_due(planned)
    if is_done:
        task.state, task.done_by = TaskState.DONE, client.owner_id
        task.done_at = _morning(planned) + timedelta(hours=3)
    yield task
    values = {"play_id": play.id, "step": step.key}
    yield PlayStep(
        id=PlayStep.work_out_id(values), play_id=PlayId(play.id), client_id=ClientId(client.id),
        step=step.key, state=StepState.BEGUN, task_id=TaskId(task.id),
    )  # fmt: skip


def _over(client: Client, shipped: Shipped, now: datetime) -> Iterator[Record]:
    """Make a play that ended by itself, since the client was heard."""
    ended_at = now - timedelta(days=21)
    for one in _play(client, shipped, now, 20, 1, None, day_of(ended_at)):
        if isinstance(one, Play):
            one.state, one.ending = PlayState.FINISHED, Ending.REASON_GONE
            one.ended_at = ended_at
        elif isinstance(one, Task) and one.state is TaskState.OPEN:
            one.state, one.done_at = TaskState.CANCELLED, ended_at
        yield one


def _morning(day: date) -> datetime:
    return start_of_day(day) + timedelta(hours=9)


def _working_days_before(day: date, count: int) -> date:
    found = day
    while count > 0 or found.weekday() > 4:
        found -= timedelta(days=1)
        count -= found.weekday() <= 4
    return found
