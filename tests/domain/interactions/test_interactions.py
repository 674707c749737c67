"""Interactions: logged with what comes of them, edited, corrected, moved; each taken back."""

from datetime import date, timedelta

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.interactions.channels import Channel, Direction, InteractionId
from deskcrm.domain.interactions.commands import (
    Consequences,
    NewTask,
    Person,
    add_note,
    add_participant,
    log_call,
    log_interaction,
    remove_participant,
)
from deskcrm.domain.interactions.correcting import (
    correct_interaction,
    delete_interaction,
    edit_interaction,
    move_interaction,
)
from deskcrm.domain.interactions.model import Outcome, Sentiment
from deskcrm.domain.interactions.queries import InteractionDetail, get_interaction, page_timeline
from deskcrm.domain.promises.commands import NewPromise
from deskcrm.domain.promises.queries import list_open_promises, list_promises_of
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.tasks.model import TaskKind, TaskState
from deskcrm.domain.tasks.queries import get_task, list_client_tasks
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.users.commands import add_user
from deskcrm.store.store import Store
from tests.watch import START, Watch

FRIDAY = date(2026, 3, 13)


def shown(desk: Store, interaction: InteractionId) -> InteractionDetail:
    found = desk.ask(get_interaction, interaction)
    assert found is not None
    return found


def test_a_call_is_logged_with_its_minutes(desk: Store, client: ClientId) -> None:
    contact = desk.do(add_contact, client, name="Boris").value
    call = desk.do(log_call, client, text=" All is well. ", minutes=7.5, contact_id=contact).value
    entry = shown(desk, call).entry
    assert (entry.text, entry.duration_seconds, entry.contact, entry.person) == (
        "All is well.",
        450,
        "Boris",
        "Anna",
    )
    assert (entry.at, entry.outcome) == (START - timedelta(minutes=7.5), Outcome.REACHED)
    assert desk.ask(page_timeline, client).entries[0].id == call
    desk.undo()
    assert desk.ask(get_interaction, call) is None
    assert desk.ask(page_timeline, client).entries == ()


def test_what_comes_of_a_call_is_one_step_with_it(desk: Store, client: ClientId) -> None:
    task = desk.do(create_task, title="Call Acme", client_id=client).value
    consequences = Consequences(
        promises=(NewPromise("Send the invoice", FRIDAY),),
        follow_up=NewTask("Ask whether it came", due=FRIDAY, kind=TaskKind.CALL),
        completes_task=True,
    )
    call = desk.do(
        log_call, client, text="He wants it soon.", task_id=task, consequences=consequences
    ).value
    (promise,) = desk.ask(list_promises_of, call)
    assert (promise.text, promise.due_on) == ("Send the invoice", FRIDAY)
    (follow_up,) = desk.ask(list_client_tasks, client)
    assert (follow_up.title, follow_up.due_on, follow_up.assignee) == (
        "Ask whether it came",
        FRIDAY,
        "Anna",
    )
    done = desk.ask(get_task, task)
    assert done is not None
    assert (done.state, done.outcome) == (TaskState.DONE, "He wants it soon.")
    desk.undo()
    assert desk.ask(list_open_promises, client) == []
    assert [one.id for one in desk.ask(list_client_tasks, client)] == [task]


def test_nothing_is_logged_when_one_part_is_refused(desk: Store, client: ClientId) -> None:
    bad = Consequences(follow_up=NewTask("  "))
    with pytest.raises(UserError, match="needs a title"):
        desk.do(log_call, client, text="x", consequences=bad)
    assert desk.ask(page_timeline, client).entries == ()


def test_a_note_is_turned_to_nobody_and_must_say_something(desk: Store, client: ClientId) -> None:
    note = desk.do(add_note, client, text="Prefers mornings.").value
    assert shown(desk, note).entry.direction is Direction.NONE
    with pytest.raises(UserError, match="note is empty"):
        desk.do(add_note, client, text=" ")


def test_a_meeting_reached_its_people(desk: Store, client: ClientId) -> None:
    boris = desk.do(add_user, name="Boris").value
    meeting = desk.do(
        log_interaction,
        client,
        channel=Channel.MEETING,
        subject="Plans",
        participants=[Person(user_id=boris), Person(name="Their lawyer")],
        sentiment=Sentiment.POSITIVE,
    ).value
    detail = shown(desk, meeting)
    assert detail.entry.outcome is Outcome.REACHED
    assert detail.entry.participants == ("Boris", "Their lawyer")
    desk.do(remove_participant, meeting, person=Person(user_id=boris))
    desk.do(add_participant, meeting, person=Person(name="A colleague"))
    assert shown(desk, meeting).entry.participants == ("Their lawyer", "A colleague")
    with pytest.raises(UserError, match="not among"):
        desk.do(remove_participant, meeting, person=Person(user_id=boris))
    with pytest.raises(UserError, match="Who took part"):
        desk.do(add_participant, meeting, person=Person())
    desk.undo()
    desk.undo()
    assert shown(desk, meeting).entry.participants == ("Boris", "Their lawyer")


def test_what_is_to_come_is_not_logged(desk: Store, client: ClientId) -> None:
    with pytest.raises(UserError, match="not happened yet"):
        desk.do(
            log_interaction,
            client,
            channel=Channel.VISIT,
            started_at=START + timedelta(hours=1),
        )
    with pytest.raises(UserError, match="less than no time"):
        desk.do(log_call, client, minutes=-1)


def test_links_to_another_client_are_refused(desk: Store, client: ClientId) -> None:
    other = desk.do(create_company, name="Other").value
    contact = desk.do(add_contact, other, name="Boris").value
    ticket = desk.do(open_ticket, other, subject="Dark").value
    task = desk.do(create_task, title="Call", client_id=other).value
    with pytest.raises(UserError, match="another client"):
        desk.do(log_call, client, contact_id=contact)
    with pytest.raises(UserError, match="another client"):
        desk.do(log_call, client, ticket_id=ticket)
    with pytest.raises(UserError, match="another client"):
        desk.do(log_call, client, task_id=task)


def test_the_author_may_change_the_wording_for_a_quarter_of_an_hour(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    call = desk.do(log_call, client, text="Al is well.").value
    watch.move(minutes=14)
    assert shown(desk, call).is_editable
    desk.do(edit_interaction, call, text="All is well.")
    watch.move(minutes=2)
    assert not shown(desk, call).is_editable
    with pytest.raises(UserError, match="settled"):
        desk.do(edit_interaction, call, text="Nothing is well.")
    desk.do(edit_interaction, call, text="All is well.", sentiment=Sentiment.NEGATIVE)
    assert shown(desk, call).entry.sentiment is Sentiment.NEGATIVE
    desk.undo()
    desk.undo()
    assert shown(desk, call).entry.text == "Al is well."


def test_nobody_else_changes_the_wording(desk: Store, client: ClientId) -> None:
    call = desk.do(log_call, client, text="All is well.").value
    boris = desk.do(add_user, name="Boris").value
    desk.sign_in(boris)
    with pytest.raises(UserError, match="settled"):
        desk.do(edit_interaction, call, text="Nothing is well.")


def test_a_correction_keeps_the_former_wording(desk: Store, client: ClientId, watch: Watch) -> None:
    call = desk.do(log_call, client, text="He pays in May.").value
    watch.move(days=1)
    desk.do(correct_interaction, call, text="He pays in June.", reason="Misheard")
    detail = shown(desk, call)
    assert detail.entry.text == "He pays in June." and detail.entry.is_corrected
    (former,) = detail.former
    assert (former.text, former.reason, former.by) == ("He pays in May.", "Misheard", "Anna")
    with pytest.raises(UserError, match="Nothing was changed"):
        desk.do(correct_interaction, call, text="He pays in June. ")
    desk.undo()
    detail = shown(desk, call)
    assert (detail.entry.text, detail.former) == ("He pays in May.", ())
    assert not detail.entry.is_corrected


def test_an_interaction_moves_with_all_that_hangs_on_it(desk: Store, client: ClientId) -> None:
    contact = desk.do(add_contact, client, name="Boris").value
    call = desk.do(
        log_call,
        client,
        text="x",
        contact_id=contact,
        consequences=Consequences((NewPromise("Write"),), NewTask("Write")),
    ).value
    desk.do(correct_interaction, call, text="y")
    other = desk.do(create_company, name="Other").value
    desk.do(move_interaction, call, client_id=other)
    assert shown(desk, call).client_id == other
    assert shown(desk, call).entry.contact == ""
    assert [one.text for one in desk.ask(list_open_promises, other)] == ["Write"]
    assert [one.contact for one in desk.ask(list_client_tasks, other)] == [""]
    assert desk.ask(list_open_promises, client) == []
    with pytest.raises(UserError, match="already"):
        desk.do(move_interaction, call, client_id=other)
    desk.undo()
    assert shown(desk, call).client_id == client
    assert shown(desk, call).entry.contact == "Boris"
    assert desk.ask(list_client_tasks, other) == []


def test_deleting_leaves_what_was_promised(desk: Store, client: ClientId) -> None:
    call = desk.do(
        log_call, client, text="x", consequences=Consequences((NewPromise("Write"),))
    ).value
    desk.do(add_participant, call, person=Person(name="A friend"))
    desk.do(delete_interaction, call)
    assert desk.ask(get_interaction, call) is None
    assert len(desk.ask(list_open_promises, client)) == 1
    desk.undo()
    assert shown(desk, call).entry.participants == ("A friend",)


def test_the_moment_can_be_put_right(desk: Store, client: ClientId) -> None:
    call = desk.do(log_call, client, text="x").value
    yesterday = START - timedelta(days=1)
    desk.do(edit_interaction, call, started_at=yesterday, duration_seconds=60, subject="A  call")
    entry = shown(desk, call).entry
    assert (entry.at, entry.duration_seconds, entry.title) == (yesterday, 60, "A call")
    with pytest.raises(UserError, match="not happened yet"):
        desk.do(edit_interaction, call, started_at=START + timedelta(days=1))
    assert shown(desk, call).entry.at == yesterday
