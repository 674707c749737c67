"""Flags of clients at risk and managers' reads: made once, hidden with a reason, put back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.risk.commands import (
    FOR_GOOD,
    RiskEntry,
    bring_back,
    enter_risk,
    leave_risk,
    put_aside,
    set_read,
    snooze_risk,
    withdraw_read,
)
from deskcrm.domain.risk.model import HealthRead, ReadStep, RiskCause, RiskFlag
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from tests.watch import START, Watch

FLAG = RiskFlag.__table__
READ = HealthRead.__table__


def flags(db: Reader) -> list[tuple[RiskCause, bool, str]]:
    rows = db.all(select(FLAG).where(~FLAG.c.is_deleted).order_by(FLAG.c.entered_at))
    return [(row.cause, row.left_at is None, row.quiet_reason) for row in rows]


def flag(desk: Store, client: ClientId, cause: RiskCause = RiskCause.SCORE) -> None:
    desk.do(enter_risk, [RiskEntry(client, cause, 0.2, 0.9, {"silence": 8.004})])


def test_a_client_is_flagged_once_and_again_after_it_left(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    flag(desk, client)
    flag(desk, client, RiskCause.NOTICE)
    assert desk.ask(flags) == [(RiskCause.SCORE, True, "")]
    watch.move(days=3)
    assert desk.do(leave_risk, [client]).value == 1
    assert desk.do(leave_risk, [client]).value == 0
    flag(desk, client, RiskCause.NOTICE)
    assert desk.ask(flags) == [(RiskCause.SCORE, False, ""), (RiskCause.NOTICE, True, "")]


def test_what_the_program_found_is_not_undone_in_passing(desk: Store, client: ClientId) -> None:
    flag(desk, client)
    desk.undo()  # the client, which was made before
    assert desk.ask(flags) == [(RiskCause.SCORE, True, "")]


def test_two_workstations_flag_a_client_with_one_record(desk: Store, client: ClientId) -> None:
    flag(desk, client)
    (row,) = desk.ask(lambda db: db.all(select(FLAG.c.id, FLAG.c.at_entry)))
    assert row.at_entry["points"] == {"silence": 8.0}
    assert row.id == meant_id("risk_flag", client, 1)


def test_a_client_is_hidden_with_a_reason_and_shown_again(desk: Store, client: ClientId) -> None:
    flag(desk, client)
    week = START.date() + timedelta(days=7)
    desk.do(snooze_risk, [client], until=week, reason="  They move house ")
    assert desk.ask(flags) == [(RiskCause.SCORE, True, "They move house")]
    desk.undo()
    assert desk.ask(flags) == [(RiskCause.SCORE, True, "")]
    desk.do(put_aside, [client], reason="They close down")
    (until,) = desk.ask(lambda db: db.scalars(select(FLAG.c.quiet_until)))
    assert until == FOR_GOOD
    assert desk.do(bring_back, [client]).value == 1
    assert desk.ask(flags) == [(RiskCause.SCORE, True, "")]


def test_hiding_needs_a_reason_a_day_to_come_and_a_flag(desk: Store, client: ClientId) -> None:
    tomorrow = START.date() + timedelta(days=1)
    with pytest.raises(UserError, match="not on the list"):
        desk.do(snooze_risk, [client], until=tomorrow, reason="Later")
    flag(desk, client)
    with pytest.raises(UserError, match="why"):
        desk.do(put_aside, [client], reason=" ")
    with pytest.raises(UserError, match="not to come"):
        desk.do(snooze_risk, [client], until=START.date(), reason="Later")


def test_a_read_takes_the_place_of_the_last_and_can_be_withdrawn(
    desk: Store, client: ClientId
) -> None:
    def reads(db: Reader) -> list[tuple[ReadStep, str]]:
        rows = db.all(select(READ.c.step, READ.c.note).where(~READ.c.is_deleted))
        return [(row.step, row.note) for row in rows]

    with pytest.raises(UserError, match="no read"):
        desk.do(withdraw_read, client)
    desk.do(set_read, client, step=ReadStep.WORSE, note="A rival was there")
    desk.do(set_read, client, step=ReadStep.BETTER)
    assert desk.ask(reads) == [(ReadStep.BETTER, "")]
    desk.undo()
    assert desk.ask(reads) == [(ReadStep.WORSE, "A rival was there")]
    desk.do(withdraw_read, client)
    assert desk.ask(reads) == []
