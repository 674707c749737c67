"""A server and two workstations judge apart: what they find is one, and nothing is there twice."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from deskcrm.base.jobs import Job
from deskcrm.domain.backtests.rounds import Outcome
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.departures.commands import note_departure, note_return
from deskcrm.domain.health import SCORECARD
from deskcrm.domain.health.commands import renew_weights
from deskcrm.domain.health.queries import get_weights
from deskcrm.domain.playbooks import rounds as play_rounds
from deskcrm.domain.playbooks.commands import create_playbook
from deskcrm.domain.playbooks.model import TriggerKind
from deskcrm.domain.playbooks.steps import Step
from deskcrm.domain.risk import rounds as risk_rounds
from deskcrm.domain.risk.commands import set_read, snooze_risk
from deskcrm.domain.risk.model import ReadStep
from deskcrm.domain.risk.queries import RiskShelf, count_risk, get_health
from deskcrm.domain.risk.rounds import Round
from deskcrm.domain.users.model import UserRole
from deskcrm.server import daily
from deskcrm.server.place import Place
from deskcrm.store.store import Store
from tests.server.site import Site, serving
from tests.sync.conftest import MakeDesk
from tests.sync.desks import Desk
from tests.sync.http_world import rows_of
from tests.sync.people import both, tables
from tests.watch import Watch

pytestmark = pytest.mark.postgres


@pytest.fixture
def server(postgres_place: Place, watch: Watch) -> Iterator[Site]:
    with serving(postgres_place, watch) as made:
        made.add("anna", UserRole.ADMINISTRATOR)
        yield made


@pytest.fixture
def desks(server: Site, make_desk: MakeDesk) -> tuple[Desk, Desk]:
    """Give Anna's desk and her laptop."""
    desk = make_desk("anna", server, alone=False)
    laptop = make_desk("anna", server, folder="laptop", alone=False)
    for one in (desk, laptop):
        one.connect()
    both(desk, laptop)
    return desk, laptop


@pytest.fixture
def acme(desks: tuple[Desk, Desk]) -> ClientId:
    """Give a client that gave notice, with a playbook for whoever comes to be at risk."""
    desk, laptop = desks
    client = desk.store.do(create_company, name="Acme").value
    desk.store.do(create_company, name="Beta")
    desk.store.do(
        create_playbook, name="Keep", trigger=TriggerKind.RISK_ENTERED, ends_when_gone=True,
        steps=[Step("Call", key="call"), Step("Write", key="write", after_days=1)],
    )  # fmt: skip
    desk.watch.move(days=1)
    desk.store.do(note_departure, client, noticed_on=desk.watch.at.date())
    both(desk, laptop)
    return client


def judge(one: Desk) -> tuple[Round, int]:
    """Let a workstation go both its rounds."""
    one.watch.move(hours=1)
    found = risk_rounds.go_round(Job(), one.store)
    return found, play_rounds.go_round(one.store).begun


def of_both(desks: tuple[Desk, Desk], table: str) -> list[Any]:
    """Give the rows of a table, which both have alike."""
    both(*desks)
    here, there = map(tables, desks)
    assert here == there
    assert here["conflict"] == []
    return rows_of(desks[0].store, table)


def test_three_that_judge_apart_find_the_same(
    server: Site, desks: tuple[Desk, Desk], acme: ClientId
) -> None:
    desk, laptop = desks
    with server.keeping() as store:
        done = daily.go_round(store)
        assert done is not None
        assert (done.judged, done.playbooks) == (Round(2, 1, 0), 1)
        assert done.learning is Outcome.NOT_DUE
        assert daily.go_round(store) is None, "once a day, whichever process comes to it"
        assert judge(desk) == judge(laptop) == (Round(2, 1, 0), 1)
        (flag,) = of_both(desks, "risk_flag")
        assert flag.client_id == acme
        assert flag.entered_at == desk.watch.at - timedelta(hours=2), "the server came first"
        for table, count in (("play", 1), ("play_step", 1), ("task", 1)):
            assert len(of_both(desks, table)) == len(rows_of(store, table)) == count
        learn(server, store, desks)


def learn(server: Site, store: Store, desks: tuple[Desk, Desk]) -> None:
    """What a server learned holds on every workstation, and all are scored by it."""
    model = SCORECARD.with_weights({"silence": 0.7}).with_own_version("learned")
    store.do(renew_weights, model, cases=500, churned=40)
    both(*desks)
    for one in desks:
        held = one.store.ask(get_weights)
        assert (held.model.weights["silence"], held.cases, held.churned) == (0.7, 500, 40)
        assert risk_rounds.go_round(Job(), one.store).scored == 2


def test_what_people_said_meanwhile_stays_and_the_flag_goes_once(
    server: Site, desks: tuple[Desk, Desk], acme: ClientId
) -> None:
    desk, laptop = desks
    for one in desks:
        judge(one)
    until = desk.watch.at.date() + timedelta(days=9)
    desk.store.do(snooze_risk, [acme], until=until, reason="On holiday")
    laptop.store.do(set_read, acme, step=ReadStep.WORSE, note="They look around")
    (flag,) = of_both(desks, "risk_flag")
    assert (flag.quiet_until, flag.quiet_reason, flag.left_at) == (until, "On holiday", None)
    for one in desks:
        assert one.store.ask(count_risk, shelf=RiskShelf.HIDDEN) == 1
        assert one.store.ask(get_health, [acme])[acme].read is ReadStep.WORSE
    laptop.store.do(note_return, acme)
    both(*desks)
    with server.keeping() as store:
        for _ in range(3):
            desk.watch.move(days=1)
            daily.go_round(store)
            for one in desks:
                judge(one)
    (flag,) = of_both(desks, "risk_flag")
    assert flag.left_at is not None
    assert (flag.quiet_until, flag.quiet_reason) == (until, "On holiday")
    (read,) = of_both(desks, "health_read")
    assert read.note == "They look around"
    (play,) = of_both(desks, "play")
    assert play.ended_at is not None
    assert [one.state for one in of_both(desks, "task")] == ["cancelled", "cancelled"]
