"""The lease of a copy: it counts down whatever the clock says, locks, and a sign-in renews it."""

from datetime import timedelta

import pytest

from deskcrm.domain.clients.commands import create_company
from deskcrm.sync.connecting import disconnect
from deskcrm.sync.station import lease
from deskcrm.sync.station.lease import Lease, LeaseClock, LeaseEnded
from tests.sync.conftest import MakeDesk, join
from tests.sync.desks import Desk
from tests.sync.http_world import Site, rows_of
from tests.watch import Watch

DAY = timedelta(days=1)
FORTNIGHT = 14 * DAY


class Ticks:
    """A monotonic clock that the test moves on."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def anna(site: Site, make_desk: MakeDesk) -> Desk:
    site.lease = FORTNIGHT
    site.replace(site.hub.store)
    return join(site, make_desk, "anna")


def left(desk: Desk) -> timedelta:
    """Give what is left, as the next start counts it."""
    found = LeaseClock(desk.store, Ticks()).look()
    assert found is not None
    return found.left


def test_a_profile_that_never_had_a_server_has_no_lease(site: Site, make_desk: MakeDesk) -> None:
    desk = make_desk("alone", site)
    desk.watch.move(days=1000)
    assert LeaseClock(desk.store).look() is None
    lease.check(desk.store)


def test_a_server_that_grants_for_ever_begins_none(site: Site, make_desk: MakeDesk) -> None:
    desk = join(site, make_desk, "ivan")
    assert LeaseClock(desk.store).look() is None


def test_it_counts_down_and_each_exchange_begins_it_anew(anna: Desk) -> None:
    assert left(anna) == FORTNIGHT
    anna.watch.move(days=13)
    assert left(anna) == DAY
    lease.check(anna.store)
    anna.sync()
    assert left(anna) == FORTNIGHT


def test_once_it_has_ended_the_copy_is_locked_with_all_that_is_in_it(
    anna: Desk, site: Site
) -> None:
    anna.store.do(create_company, name="Acme")
    anna.watch.move(days=14)
    with pytest.raises(LeaseEnded, match="for 14 days, so it is locked"):
        lease.check(anna.store)
    assert [row.name for row in rows_of(anna.store, "client")] == ["Acme"]
    anna.connect()
    lease.check(anna.store)
    assert [row.name for row in rows_of(site.hub.store, "client")] == ["Acme"]


@pytest.mark.parametrize(
    "back", [{"days": -1}, {"days": -13}, {"days": -400}], ids=lambda by: str(by["days"])
)
def test_a_clock_that_is_set_back_extends_nothing(anna: Desk, back: dict[str, float]) -> None:
    anna.watch.move(days=10)
    assert left(anna) == 4 * DAY
    anna.watch.move(**back)
    assert left(anna) == 4 * DAY
    anna.watch.move(days=3)
    assert left(anna) == DAY
    anna.watch.move(days=1)
    with pytest.raises(LeaseEnded):
        lease.check(anna.store)


def test_a_clock_that_is_held_still_while_the_program_runs_extends_nothing(anna: Desk) -> None:
    ticks = Ticks()
    clock = LeaseClock(anna.store, ticks)
    clock.look()
    for _ in range(14):
        ticks.seconds += DAY.total_seconds()
        anna.watch.move(days=1)
        anna.watch.move(days=-1)
        found = clock.look()
    assert found is not None
    assert found.has_ended
    with pytest.raises(LeaseEnded):  # it was written down: another start knows
        lease.check(anna.store)


def test_the_date_alone_would_have_been_extended(anna: Desk) -> None:
    """The control: a date kept from the last exchange is moved away from by a clock set back."""
    until = anna.watch() + FORTNIGHT
    anna.watch.move(days=10)
    assert left(anna) == 4 * DAY
    anna.watch.move(days=-400)
    left(anna)
    anna.watch.move(days=4)
    assert left(anna) <= timedelta()
    assert anna.watch() < until


def test_a_clock_that_ran_ahead_locks_and_a_sign_in_mends_it(anna: Desk) -> None:
    anna.watch.move(days=4000)
    assert left(anna) <= timedelta()
    anna.watch.move(days=-4000)
    with pytest.raises(LeaseEnded):
        lease.check(anna.store)
    anna.connect()
    assert left(anna) == FORTNIGHT


def test_a_server_that_shortens_it_is_heard_at_once(anna: Desk, site: Site) -> None:
    site.lease = DAY
    site.replace(site.hub.store)
    anna.sync()
    assert left(anna) == DAY


def test_a_look_between_two_notes_writes_nothing(anna: Desk) -> None:
    kept = anna.store.ask(lambda db: lease.read(db.connection))
    anna.watch.move(minutes=9)
    assert left(anna) == FORTNIGHT - timedelta(minutes=9)
    assert anna.store.ask(lambda db: lease.read(db.connection)) == kept
    anna.watch.move(minutes=1)
    left(anna)
    assert anna.store.ask(lambda db: lease.read(db.connection)) != kept


@pytest.mark.parametrize(
    ("whole", "hours", "days", "is_near"),
    [(14, 73, 4, False), (14, 72, 3, True), (14, 1, 1, True), (1, 13, 1, False), (1, 12, 1, True)],
)
def test_it_warns_days_before(
    whole: int, hours: int, days: int, is_near: bool, watch: Watch
) -> None:
    found = Lease(whole * DAY, timedelta(hours=hours), watch())
    assert (found.days, found.is_near_its_end) == (days, is_near)


def test_signing_out_does_not_end_the_count(anna: Desk) -> None:
    disconnect(anna.store, anna.credentials)
    anna.watch.move(days=14)
    with pytest.raises(LeaseEnded):
        lease.check(anna.store)
