"""The scripted month: quiet, a complaint, flagged for it, contact is made, and the flag goes."""

from datetime import timedelta

import pytest

import deskcrm.domain.all  # noqa: F401 - what is stale is noted by every write
from deskcrm.base.jobs import Job
from deskcrm.base.words import past
from deskcrm.domain.clients.commands import create_company, edit_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contacts.model import ContactRole
from deskcrm.domain.contracts.commands import add_contract
from deskcrm.domain.health import Cause, Fix, Signal
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.interactions.commands import log_call, log_interaction
from deskcrm.domain.interactions.model import Outcome
from deskcrm.domain.risk.commands import enter_risk, leave_risk
from deskcrm.domain.risk.detail import RiskDetail, get_risk
from deskcrm.domain.risk.queries import RiskShelf, count_risk, page_risk
from deskcrm.domain.risk.rounds import go_round
from deskcrm.domain.risk.words import why
from deskcrm.domain.tickets.commands import open_ticket, reply, set_state
from deskcrm.domain.tickets.model import TicketId, TicketKind
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.today.queries import TodayKind, get_today
from deskcrm.store.history import list_history
from deskcrm.store.store import Store
from tests.watch import START, Watch


class Month:
    """A client of three years whom we spoke to every week, among others, day by day."""

    def __init__(self, desk: Store, watch: Watch, client: ClientId) -> None:
        self.desk, self.watch, self.client = desk, watch, client
        self.others = [desk.do(create_company, name=f"Client {n}").value for n in range(4)]
        for one in (client, *self.others):
            desk.do(edit_client, one, customer_since=START.date() - timedelta(days=1_100))
            desk.do(add_contact, one, name="Zoe", role=ContactRole.CHAMPION)
            desk.do(
                add_contract, one, title="Support", value_minor=12_000_00, currency="EUR",
                ends_on=START.date() + timedelta(days=120),
            )  # fmt: skip
            for week in range(8, 0, -1):
                self.talk(one, days_ago=7 * week)

    def talk(self, client: ClientId, *, days_ago: int = 0) -> None:
        at = self.watch.at - timedelta(days=days_ago)
        self.desk.do(
            log_interaction, client, channel=Channel.CALL, outcome=Outcome.REACHED, started_at=at,
            subject="Weekly talk", text="All is well",
        )  # fmt: skip

    def pass_days(self, days: int) -> None:
        """Let days go by; the others are spoken to each week, and each day has its round."""
        for _ in range(days):
            self.watch.move(days=1)
            if self.watch.at.weekday() == 2:
                for one in self.others:
                    self.talk(one)
            go_round(Job(), self.desk)

    def shelf(self, shelf: RiskShelf) -> list[str]:
        return [row.client for row in self.desk.ask(page_risk, shelf=shelf)]

    def detail(self) -> RiskDetail:
        found = self.desk.ask(get_risk, self.client)
        assert found is not None
        return found


@pytest.fixture
def month(desk: Store, client: ClientId, watch: Watch) -> Month:
    """Give a book in which all is well."""
    made = Month(desk, watch, client)
    go_round(Job(), desk)
    assert desk.ask(count_risk) == 0
    return made


def go_quiet(month: Month) -> None:
    """Let our calls go unanswered; that alone is not yet enough."""
    for days in (8, 4, 2):
        month.pass_days(days)
        if days > 2:
            month.desk.do(log_call, month.client, outcome=Outcome.NO_ANSWER, text="Nobody there")
    assert month.desk.ask(count_risk) == 0


def complain(month: Month) -> TicketId:
    """Complain, and be left lying."""
    complaint = month.desk.do(
        open_ticket, month.client, subject="Broken", kind=TicketKind.COMPLAINT,
        channel=Channel.EMAIL,
    ).value  # fmt: skip
    month.pass_days(4)
    return complaint


def make_contact(month: Month, complaint: TicketId) -> None:
    """Settle the complaint in a talk; two days later the flag has gone."""
    month.desk.do(reply, complaint, text="It works again, and here is why it did not")
    month.desk.do(set_state, [complaint], state=TicketState.RESOLVED)
    month.talk(month.client)
    go_round(Job(), month.desk)
    assert Cause.RESOLVED in {delta.cause for delta in month.detail().changes or ()}
    month.pass_days(2)


def test_a_client_goes_quiet_complains_is_flagged_and_won_back(month: Month) -> None:
    go_quiet(month)
    complaint = complain(month)
    assert month.shelf(RiskShelf.ENTERED) == ["Acme"]
    check_reasons(month, complaint)
    make_contact(month, complaint)
    assert month.shelf(RiskShelf.LISTED) == []
    assert month.shelf(RiskShelf.LEFT) == ["Acme"]
    # History tells it, and so does the client's own page.
    told = [entry.label for entry in month.desk.ask(list_history, month.client)]
    went, came = map(past, (leave_risk.label, enter_risk.label))
    assert told.index(went) < told.index(came)
    (stay,) = month.detail().stays
    assert stay.left_at is not None and stay.left_at > stay.entered_at


def check_reasons(month: Month, complaint: TicketId) -> None:
    """Look that it is flagged for these reasons, with these records behind them."""
    detail = month.detail()
    found = {one.reason.name: one for one in detail.reasons}
    assert found.keys() == {Signal.SILENCE, Signal.OUTREACH_UNANSWERED, Signal.TICKETS_OVERDUE}
    assert [one.row_id for one in found[Signal.TICKETS_OVERDUE].behind] == [complaint]
    assert len(found[Signal.OUTREACH_UNANSWERED].behind) == 2
    assert found[Signal.SILENCE].behind[0].table == "interaction"
    (item,) = month.desk.ask(get_today).of(TodayKind.CLIENT_AT_RISK)
    assert (item.client, item.reason) == ("Acme", why(detail.health))
    assert detail.way_back is not None and Fix.CONTACT in detail.way_back.fixes
