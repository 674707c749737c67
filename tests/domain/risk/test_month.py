"""The scripted month: quiet, a complaint, flagged for it, the playbook runs, and the flag goes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

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
from deskcrm.domain.playbooks import rounds as play_rounds
from deskcrm.domain.playbooks.commands import create_playbook
from deskcrm.domain.playbooks.model import Ending, TriggerKind
from deskcrm.domain.playbooks.plays import advance_play, begin_playbook
from deskcrm.domain.playbooks.progress import PlayRow, Standing, StepStanding
from deskcrm.domain.playbooks.queries import list_client_plays
from deskcrm.domain.playbooks.steps import Step
from deskcrm.domain.risk.commands import enter_risk, leave_risk
from deskcrm.domain.risk.detail import RiskDetail, get_risk
from deskcrm.domain.risk.queries import RiskShelf, count_risk, page_risk
from deskcrm.domain.risk.rounds import go_round
from deskcrm.domain.risk.words import why
from deskcrm.domain.tasks.commands import complete_task
from deskcrm.domain.tasks.model import Task, TaskKind, TaskState
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
            self.go_rounds()

    def go_rounds(self) -> None:
        go_round(Job(), self.desk)
        play_rounds.go_round(self.desk)

    def play(self) -> PlayRow:
        (found,) = self.desk.ask(list_client_plays, self.client)
        return found

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
    steps = [
        Step("Call them", key="call", kind=TaskKind.CALL),
        Step("Look in again", key="again", after_days=2),
        Step("Tell the team", key="tell", after_days=10),
    ]
    desk.do(
        create_playbook, name="Win back", trigger=TriggerKind.RISK_ENTERED, ends_when_gone=True,
        steps=steps,
    )  # fmt: skip
    made.go_rounds()
    assert desk.ask(count_risk) == 0
    return made


def go_quiet(month: Month) -> None:
    """Let our calls go unanswered; that alone is not yet enough."""
    for days in (8, 4, 2):
        month.pass_days(days)
        if days > 2:
            month.desk.do(log_call, month.client, outcome=Outcome.NO_ANSWER, text="Nobody there")
    assert month.desk.ask(count_risk) == 0
    assert month.desk.ask(list_client_plays, month.client) == []


def complain(month: Month) -> TicketId:
    """Complain, and be left lying."""
    complaint = month.desk.do(
        open_ticket, month.client, subject="Broken", kind=TicketKind.COMPLAINT,
        channel=Channel.EMAIL,
    ).value  # fmt: skip
    month.pass_days(4)
    return complaint


def make_contact(month: Month, complaint: TicketId) -> None:
    """Settle the complaint in the talk that was asked for; two days later the flag has gone."""
    call = month.play().steps[0].task_id
    assert call is not None
    month.desk.do(complete_task, call, outcome="They will try once more")
    month.desk.do(reply, complaint, text="It works again, and here is why it did not")
    month.desk.do(set_state, [complaint], state=TicketState.RESOLVED)
    month.talk(month.client)
    month.go_rounds()
    assert Cause.RESOLVED in {delta.cause for delta in month.detail().changes or ()}
    month.pass_days(2)


def test_a_client_goes_quiet_complains_is_flagged_and_won_back(month: Month) -> None:
    go_quiet(month)
    complaint = complain(month)
    assert month.shelf(RiskShelf.ENTERED) == ["Acme"]
    check_reasons(month, complaint)
    check_playbook(month)
    make_contact(month, complaint)
    assert month.shelf(RiskShelf.LISTED) == []
    assert month.shelf(RiskShelf.LEFT) == ["Acme"]
    # History tells it, and so does the client's own page.
    told = [entry.label for entry in month.desk.ask(list_history, month.client)]
    happened = (open_ticket, enter_risk, begin_playbook, complete_task, leave_risk, advance_play)
    places = [told.index(past(each.label)) for each in happened]
    assert places == sorted(places, reverse=True), "each after the other, the newest first"
    check_end(month)
    (stay,) = month.detail().stays
    assert stay.left_at is not None and stay.left_at > stay.entered_at


def check_playbook(month: Month) -> None:
    """Look that the playbook began for this, and that its step stands in the owner's day."""
    play = month.play()
    assert (play.playbook, play.trigger) == ("Win back", TriggerKind.RISK_ENTERED)
    assert [one.standing for one in play.steps] == [
        StepStanding.OPEN, StepStanding.WAITING, StepStanding.WAITING,
    ]  # fmt: skip
    today = month.desk.ask(get_today)
    (due,) = (*today.of(TodayKind.TASK_DUE), *today.of(TodayKind.TASK_OVERDUE))
    assert (due.client, due.title) == ("Acme", "Call them")


def check_end(month: Month) -> None:
    """Look that the playbook ended with its reason, and what was left of it with it."""
    play = month.play()
    assert (play.standing, play.ending) == (Standing.FINISHED, Ending.REASON_GONE)
    assert [one.standing for one in play.steps] == [
        StepStanding.DONE, StepStanding.NOT_NEEDED, StepStanding.NOT_NEEDED,
    ]  # fmt: skip
    assert play.steps[0].note == "They will try once more"
    tasks = dict(month.desk.ask(lambda db: db.all(select(Task.title, Task.state))))
    assert tasks == {"Call them": TaskState.DONE}, "the rest is asked of nobody"


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
