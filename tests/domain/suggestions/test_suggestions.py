"""Suggestions: gathered, counted, merged and parted, settled, and told to who wished for them."""

from typing import Any

import pytest
from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company, edit_client
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contracts.commands import add_contract
from deskcrm.domain.contracts.model import BillingPeriod, ContractStatus
from deskcrm.domain.feedback.answers import Given
from deskcrm.domain.feedback.commands import record_answers
from deskcrm.domain.feedback.forms import add_shipped_forms, shipped_form_id
from deskcrm.domain.feedback.model import CaptureWay
from deskcrm.domain.suggestions.commands import (
    add_suggestion,
    add_vote,
    delete_suggestion,
    edit_suggestion,
    mark_told,
    merge_suggestions,
    part_suggestion,
    pass_over_answers,
    set_state,
    withdraw_votes,
)
from deskcrm.domain.suggestions.model import SuggestionId, SuggestionState, merge_states
from deskcrm.domain.suggestions.queries import (
    SuggestionRow,
    get_suggestion,
    list_merged,
    list_suggestions,
    list_votes,
    list_wishes,
)
from deskcrm.domain.tasks.commands import delete_tasks
from deskcrm.domain.tasks.model import Task, TaskId, TaskState
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.model import TicketKind
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from tests.watch import Watch


@pytest.fixture
def other(desk: Store) -> ClientId:
    return desk.do(create_company, name="Вектор", tier=Tier.GOLD, language="ru").value


def added(desk: Store, title: str = "Dark theme", **more: Any) -> SuggestionId:
    suggestion: SuggestionId = desk.do(add_suggestion, title=title, **more).value
    return suggestion


def row(desk: Store, suggestion: SuggestionId) -> SuggestionRow:
    found = desk.ask(get_suggestion, suggestion)
    assert found is not None
    return found


def tasks(desk: Store) -> list[Any]:
    def query(db: Reader) -> list[Any]:
        return list(db.all(select(Task.__table__).where(~Task.is_deleted).order_by(Task.id)))

    return desk.ask(query)


def test_votes_are_weighed_by_number_and_by_what_the_clients_pay(
    desk: Store, client: ClientId, other: ClientId
) -> None:
    for whose, value in ((client, 100), (other, 50)):
        desk.do(
            add_contract, whose, title="Support", value_minor=value, currency="EUR",
            billing_period=BillingPeriod.MONTHLY, status=ContractStatus.ACTIVE,
        )  # fmt: skip
    desk.do(add_contract, other, title="Draft", value_minor=9, status=ContractStatus.DRAFT)
    wish = added(desk, client_id=client, words="My eyes hurt")
    desk.do(add_vote, wish, other, words="At night")
    found = row(desk, wish)
    assert (found.clients, found.vips, found.worth, found.to_tell) == (2, 1, (("EUR", 1_800),), 0)
    desk.do(add_vote, wish, other, words="And by day")
    assert row(desk, wish).clients == 2
    words = {one.client: one.words for one in desk.ask(list_votes, wish)}
    assert words == {"Acme": "My eyes hurt", "Вектор": "At night\n\nAnd by day"}
    desk.undo()
    desk.undo()
    assert row(desk, wish).clients == 1


def test_a_vote_belongs_to_one_client_with_their_ticket_and_contact(
    desk: Store, client: ClientId, other: ClientId
) -> None:
    ticket = desk.do(open_ticket, other, subject="Dark").value
    contact = desk.do(add_contact, other, name="Boris").value
    wish = added(desk)
    for wrong in ({"ticket_id": ticket}, {"contact_id": contact}):
        with pytest.raises(UserError, match="another client"):
            desk.do(add_vote, wish, client, **wrong)
    with pytest.raises(UserError, match="needs a title"):
        added(desk, " ")
    desk.do(add_vote, wish, other, ticket_id=ticket, contact_id=contact)
    (vote,) = desk.ask(list_votes, wish)
    assert (vote.contact, vote.ticket_id) == ("Boris", ticket)
    desk.do(withdraw_votes, [vote.id])
    assert desk.ask(list_votes, wish) == []
    desk.undo()
    assert desk.ask(list_votes, wish) == [vote]


def test_what_clients_said_is_offered_until_it_is_taken_up_or_passed_over(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    desk.do(add_shipped_forms)
    said = [Given("nps", number=9), Given("nps_reason", text="Fine"),
            Given("improvements", text="A dark theme")]  # fmt: skip
    desk.do(record_answers, client, form_id=shipped_form_id("standard"), answers=said,
            way=CaptureWay.PHONE)  # fmt: skip
    watch.move(minutes=1)
    ticket = desk.do(open_ticket, client, subject="Bigger", kind=TicketKind.SUGGESTION).value
    desk.do(open_ticket, client, subject="Broken")
    by_ticket, by_answer = desk.ask(list_wishes)
    assert (by_ticket.ticket_id, by_ticket.words) == (ticket, "Bigger")
    assert by_answer.words == "A dark theme" and by_answer.answer_id is not None
    added(desk, client_id=client, ticket_id=ticket)
    assert desk.ask(list_wishes) == [by_answer]
    assert desk.do(pass_over_answers, [by_answer.answer_id]).value == 1
    assert desk.ask(list_wishes) == []
    desk.undo()
    added(desk, "Dark", client_id=client, answer_id=by_answer.answer_id)
    assert desk.ask(list_wishes) == []
    desk.undo()
    assert desk.ask(list_wishes) == [by_answer]


def test_merged_suggestions_are_read_in_one_and_parted_as_they_were(
    desk: Store, client: ClientId, other: ClientId
) -> None:
    dark, night = added(desk, client_id=client), added(desk, "Night mode", client_id=other)
    desk.do(add_vote, night, client)
    with pytest.raises(UserError, match="merged with itself"):
        desk.do(merge_suggestions, [dark], into_id=dark)
    assert desk.do(merge_suggestions, [night], into_id=dark).value == 1
    (found,) = desk.ask(list_suggestions)
    assert (found.id, found.clients, found.merged) == (dark, 2, 1)
    assert desk.ask(list_suggestions, search="night") == [found]
    assert row(desk, night) == found
    assert desk.ask(list_merged, dark) == [(night, "Night mode")]
    with pytest.raises(UserError, match="merged with itself"):
        desk.do(merge_suggestions, [dark], into_id=night)
    desk.do(add_vote, night, other, words="Still")
    assert row(desk, dark).clients == 2
    desk.do(part_suggestion, night)
    assert (row(desk, dark).clients, row(desk, night).clients) == (1, 2)
    with pytest.raises(UserError, match="not merged"):
        desk.do(part_suggestion, night)
    desk.undo()
    assert len(desk.ask(list_suggestions)) == 1


def test_a_circle_that_two_made_apart_ends_at_one_of_them(desk: Store, client: ClientId) -> None:
    from deskcrm.domain.suggestions.homes import _end_of

    one, two, three = added(desk, "A"), added(desk, "B"), added(desk, "C")
    circle = {one: two, two: one, three: two}
    assert {_end_of(each, circle) for each in circle} == {min(one, two)}


def test_a_new_state_opens_a_task_for_each_client_once_and_telling_ends_it(
    desk: Store, client: ClientId, other: ClientId
) -> None:
    wish = added(desk, client_id=client)
    desk.do(add_vote, wish, other)
    done = desk.do(set_state, wish, state=SuggestionState.PLANNED, reply="In spring")
    assert done.value == 2 and row(desk, wish).to_tell == 2
    notes = {one.client_id: one.notes for one in tasks(desk)}
    assert notes[client] == "You suggested “Dark theme”. We are going to do it.\n\nIn spring"
    assert notes[other].startswith("Вы предлагали: «Dark theme»")
    with pytest.raises(UserError, match="It is so already"):
        desk.do(set_state, wish, state=SuggestionState.PLANNED)
    first = next(one for one in desk.ask(list_votes, wish) if one.client_id == client)
    assert first.is_to_tell
    assert desk.do(mark_told, [first.id]).value == 1
    assert {one.client_id: one.state for one in tasks(desk)} == {
        client: TaskState.DONE, other: TaskState.OPEN,
    }  # fmt: skip
    assert row(desk, wish).to_tell == 1
    desk.undo()
    assert row(desk, wish).to_tell == 2
    desk.do(set_state, wish, state=SuggestionState.DONE)
    # What they were to hear before is no news any more.
    assert sorted(one.state for one in tasks(desk)) == ["cancelled"] * 2 + ["open"] * 2
    desk.undo()
    assert len(tasks(desk)) == 2 and row(desk, wish).state is SuggestionState.PLANNED


def test_news_that_went_back_and_forth_open_no_second_task(desk: Store, client: ClientId) -> None:
    wish = added(desk, client_id=client)
    desk.do(set_state, wish, state=SuggestionState.PLANNED)
    (task,) = tasks(desk)
    desk.do(delete_tasks, [TaskId(task.id)])
    desk.do(set_state, wish, state=SuggestionState.NEW)
    desk.do(set_state, wish, state=SuggestionState.PLANNED)
    assert [one.id for one in tasks(desk)] == [task.id]
    assert desk.do(set_state, wish, state=SuggestionState.DONE, opens_tasks=False).value == 0
    assert len(tasks(desk)) == 1


def test_declining_needs_a_reason_and_who_left_us_hears_from_whoever_decides(
    desk: Store, client: ClientId
) -> None:
    wish = added(desk, client_id=client)
    desk.do(edit_client, client, owner_id=None)
    with pytest.raises(UserError, match="why it is declined"):
        desk.do(set_state, wish, state=SuggestionState.DECLINED, reply=" ")
    desk.do(set_state, wish, state=SuggestionState.DECLINED, reply="Too few")
    assert [one.assignee_id for one in tasks(desk)] == [desk.actor]


def test_a_suggestion_is_reworded_and_deleted_with_its_votes(desk: Store, client: ClientId) -> None:
    wish = added(desk, client_id=client)
    desk.do(edit_suggestion, wish, title="Night mode", text=" For the eyes ")
    assert (row(desk, wish).title, row(desk, wish).text) == ("Night mode", "For the eyes")
    desk.undo()
    assert row(desk, wish).title == "Dark theme"
    desk.do(delete_suggestion, wish)
    assert desk.ask(list_suggestions) == [] and desk.ask(list_votes, wish) == []
    desk.undo()
    assert row(desk, wish).clients == 1


def test_the_firmer_word_holds() -> None:
    assert merge_states(SuggestionState.PLANNED, SuggestionState.DONE) is SuggestionState.DONE
    assert merge_states(SuggestionState.DECLINED, SuggestionState.NEW) is SuggestionState.DECLINED
