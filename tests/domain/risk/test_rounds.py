"""Rounds: what was touched is scored, everything once a day, and flags come and go."""

from datetime import timedelta

from sqlalchemy import Connection, select

import deskcrm.domain.all  # noqa: F401 - what is stale is noted by every write
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company, delete_clients, edit_client
from deskcrm.domain.clients.model import ClientId, Lifecycle
from deskcrm.domain.contacts.commands import add_contact, mark_left
from deskcrm.domain.contacts.model import ContactRole
from deskcrm.domain.contracts.commands import (
    add_contract,
    edit_contract,
    give_notice,
    withdraw_notice,
)
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.interactions.commands import log_interaction
from deskcrm.domain.interactions.model import Outcome
from deskcrm.domain.risk.model import ClientHealth, HealthSnapshot, RiskCause, RiskFlag
from deskcrm.domain.risk.rounds import Round, go_round, look_back
from deskcrm.domain.risk.scoring import count_stale
from deskcrm.domain.risk.signals import EXCHANGED_AT
from deskcrm.domain.tags.commands import create_tag
from deskcrm.domain.users.commands import add_user
from deskcrm.store.derived import write_meta
from deskcrm.store.reader import Reader
from deskcrm.store.store import Arrived, Store
from tests.watch import START, Watch

HEALTH, SNAPSHOT, FLAG = (m.__table__ for m in (ClientHealth, HealthSnapshot, RiskFlag))


def go(desk: Store) -> Round:
    return go_round(Job(), desk)


def scored(db: Reader) -> set[ClientId]:
    return {ClientId(one) for one in db.scalars(select(HEALTH.c.client_id))}


def flags(desk: Store) -> list[tuple[ClientId, RiskCause, bool]]:
    rows = desk.ask(lambda db: db.all(select(FLAG).order_by(FLAG.c.entered_at)))
    return [(row.client_id, row.cause, row.left_at is None) for row in rows]


def test_only_what_was_touched_is_scored_again_on_the_same_day(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    desk.do(create_company, name="Other")
    assert go(desk).scored == 2
    assert go(desk) == Round()
    desk.do(create_tag, name="vip")
    assert go(desk) == Round(), "no client was touched"
    desk.do(edit_client, client, customer_since=START.date() - timedelta(days=9))
    assert go(desk).scored == 1
    watch.move(days=1)
    assert go(desk).scored == 2, "time alone moves scores"


def test_what_is_undone_is_to_be_scored_again_too(desk: Store, client: ClientId) -> None:
    desk.do(edit_client, client, customer_since=START.date())
    go(desk)
    desk.undo()
    assert desk.ask(count_stale) == 1


def test_who_is_no_customer_has_no_score(desk: Store, client: ClientId) -> None:
    other = desk.do(create_company, name="Other").value
    go(desk)
    assert desk.ask(scored) == {client, other}
    desk.do(delete_clients, [client])
    desk.do(edit_client, other, lifecycle=Lifecycle.PROSPECT)
    go(desk)
    assert desk.ask(scored) == set()


def test_a_day_is_kept_only_when_it_differs(desk: Store, client: ClientId, watch: Watch) -> None:
    def days() -> list[int]:
        rows = desk.ask(lambda db: db.scalars(select(SNAPSHOT.c.day).order_by(SNAPSHOT.c.day)))
        return [(day - START.date()).days for day in rows]

    for _ in range(3):
        go(desk)
        watch.move(days=1)
    assert days() == [0]
    contract = desk.do(add_contract, client, title="A", ends_on=watch.at.date()).value
    go(desk)
    assert days() == [0, 3]
    watch.move(days=500)
    desk.do(give_notice, contract)
    go(desk)
    assert days() == [503], "what no trend shows is let go of"


def test_notice_lists_a_client_and_taking_it_back_takes_it_off(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    contract = desk.do(add_contract, client, title="Support").value
    desk.do(give_notice, contract)
    assert go(desk).entered == 1
    assert flags(desk) == [(client, RiskCause.NOTICE, True)]
    desk.do(withdraw_notice, contract)
    go(desk)
    assert flags(desk)[0][2], "one evaluation is not two"
    watch.move(days=1)
    assert go(desk).left == 1
    assert flags(desk) == [(client, RiskCause.NOTICE, False)]


def test_a_renewal_at_hand_with_nobody_heard_lists_a_client(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ends = START.date() + timedelta(days=20)
    desk.do(add_contract, client, title="Support", ends_on=ends)
    desk.do(log_interaction, client, channel=Channel.CALL, outcome=Outcome.REACHED, text="Hello")
    go(desk)
    assert flags(desk) == []
    desk.undo()
    go(desk)
    assert flags(desk) == [(client, RiskCause.RENEWAL, True)]


def test_a_client_that_leaves_is_at_risk_no_more(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    desk.do(give_notice, desk.do(add_contract, client, title="Support").value)
    go(desk)
    desk.do(edit_client, client, lifecycle=Lifecycle.CHURNED)
    go(desk)
    assert [standing for _, _, standing in flags(desk)] == [False]


def test_one_who_shares_a_server_judges_the_own_book_only(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ivan = desk.do(add_user, name="Ivan").value
    other = desk.do(create_company, name="Other").value
    for one in (client, other):
        desk.do(give_notice, desk.do(add_contract, one, title="Support").value)
    desk.do(edit_client, client, owner_id=ivan)

    def take(connection: Connection) -> Arrived[None]:
        write_meta(connection, EXCHANGED_AT, START.isoformat())
        return Arrived(None)

    desk.absorb(take)
    go(desk)
    assert [one for one, _, _ in flags(desk)] == [other]
    assert desk.ask(scored) == {client, other}, "scores are everybody's"
    desk.sign_in(ivan)
    desk.do(edit_client, client, about="Touched")
    go(desk)
    assert [one for one, _, _ in flags(desk)] == [other, client]


def test_a_trend_is_worked_out_for_the_weeks_before(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    desk.do(add_contract, client, title="A", ends_on=START.date() + timedelta(days=120))
    watch.move(weeks=8)
    go(desk)
    assert look_back(Job(), desk) > 1
    rows = desk.ask(lambda db: db.all(select(SNAPSHOT).order_by(SNAPSHOT.c.day)))
    assert rows[0].points < rows[-1].points, "the renewal came near"
    assert rows[0].day >= START.date() - timedelta(days=1)
    assert look_back(Job(), desk) == 0, "once is enough"


def test_on_the_first_day_clients_enter_as_of_when_they_came_to_be_at_risk(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    contract = desk.do(add_contract, client, title="Support", value_minor=1).value
    ann = desk.do(add_contact, client, name="Ann", role=ContactRole.CHAMPION).value
    desk.do(edit_client, client, customer_since=START.date())
    desk.do(edit_contract, contract, ends_on=START.date() + timedelta(days=60))
    desk.do(mark_left, ann)
    watch.move(weeks=3)
    assert go_round(Job(), desk, looks_back=True).entered == 1
    (row,) = desk.ask(lambda db: db.all(select(FLAG)))
    assert row.entered_at == START, "three weeks ago all of it was known"
    assert flags(desk) == [(client, RiskCause.SCORE, True)]
