"""Macros: what is shown before is what is done, in one step, and Undo takes all of it back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.absences.commands import plan_absence
from deskcrm.domain.assignment.commands import create_rule
from deskcrm.domain.assignment.model import Way
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.macros.commands import (
    MOST,
    apply_macro,
    create_macro,
    delete_macro,
    edit_macro,
)
from deskcrm.domain.macros.model import Handing, MacroId
from deskcrm.domain.macros.planning import MacroPlan
from deskcrm.domain.macros.queries import list_macros, plan_macro
from deskcrm.domain.tags.commands import create_tag, delete_tag
from deskcrm.domain.templates.commands import create_template, delete_template, edit_template
from deskcrm.domain.templates.model import ReplyTemplateId
from deskcrm.domain.tickets.commands import open_ticket, set_state
from deskcrm.domain.tickets.line_times import ThreadLine
from deskcrm.domain.tickets.model import (
    MessageKind,
    Priority,
    SupportLine,
    TicketId,
    TicketKind,
)
from deskcrm.domain.tickets.queries import TicketRow, get_ticket
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.tickets.thread import ThreadMessage, get_thread
from deskcrm.domain.users.commands import add_user, deactivate_user
from deskcrm.domain.users.model import UserId
from deskcrm.store.outcomes import Bulk
from deskcrm.store.store import Store
from tests.watch import Watch


@pytest.fixture
def ticket(desk: Store, client: ClientId) -> TicketId:
    return open_one(desk, client)


def open_one(desk: Store, client: ClientId, contact: str = "Ann Lee", **more: Any) -> TicketId:
    who = desk.do(add_contact, client, name=contact).value if contact else None
    return desk.do(
        open_ticket, client, subject="No light", text="Help!", channel=Channel.EMAIL,
        contact_id=who, **more,
    ).value  # fmt: skip


def template(desk: Store, text: str = "Hello {contact first name}.", **more: Any) -> Any:
    return desk.do(create_template, name="Greeting", text_en=text, **more).value


def macro(desk: Store, name: str = "All of it", **terms: Any) -> MacroId:
    return desk.do(create_macro, name=name, **terms).value


def planned(desk: Store, macro_id: MacroId, ticket: TicketId) -> MacroPlan:
    plan = desk.ask(plan_macro, macro_id, ticket_id=ticket)
    assert plan is not None
    return plan


def said(plan: MacroPlan) -> list[tuple[str, str]]:
    return [(one.words, one.why_not) for one in plan.parts]


def apply(desk: Store, macro_id: MacroId, *tickets: TicketId, text: str = "") -> Bulk:
    return desk.do(apply_macro, macro_id, ticket_ids=tickets, text=text).value


def row_of(desk: Store, ticket: TicketId) -> TicketRow:
    row = desk.ask(get_ticket, ticket)
    assert row is not None
    return row


def written(desk: Store, ticket: TicketId) -> list[tuple[MessageKind, str]]:
    thread = desk.ask(get_thread, ticket)
    return [(one.kind, one.text) for one in thread if isinstance(one, ThreadMessage)]


def whole(desk: Store) -> MacroId:
    return macro(
        desk, template_id=template(desk), note="Told {client name}.", kind=TicketKind.QUESTION,
        priority=Priority.HIGH, state=TicketState.WAITING_ON_CLIENT, handing=Handing.ME,
        line=SupportLine.SECOND, line_reason="Needs the log", line_tried="A restart",
        tags=[desk.do(create_tag, name="Pilot").value],
    )  # fmt: skip


def test_what_is_shown_before_is_what_is_done_and_one_undo_takes_it_back(
    desk: Store, ticket: TicketId
) -> None:
    before, thread = row_of(desk, ticket), desk.ask(get_thread, ticket)
    made = whole(desk)
    plan = planned(desk, made, ticket)
    assert plan.obstacle == ""
    assert said(plan) == [
        ("Answers the client with “Greeting”", ""),
        ("Writes an internal note", ""),
        ("State: Waiting on client", ""),
        ("Priority: High", ""),
        ("Kind: Question", ""),
        ("Adds the tags: Pilot", ""),
        ("Assigned to Anna", ""),
        ("Line 2: Needs the log", ""),
    ]
    assert [one.text for one in plan.parts[:2]] == ["Hello Ann.", "Told Acme."]
    assert row_of(desk, ticket) == before, "looking changes nothing"
    assert apply(desk, made, ticket) == Bulk((ticket,))
    after = row_of(desk, ticket)
    assert (after.state, after.priority, after.kind, after.owner, after.line) == (
        TicketState.WAITING_ON_CLIENT, Priority.HIGH, TicketKind.QUESTION, "Anna",
        SupportLine.SECOND,
    )  # fmt: skip
    assert [tag.name for tag in after.tags] == ["Pilot"]
    assert written(desk, ticket) == [
        (MessageKind.CLIENT_WORD, "Help!"),
        (MessageKind.INTERNAL_NOTE, "Told Acme."),
        (MessageKind.PUBLIC_REPLY, "Hello Ann."),
    ]
    desk.undo()
    assert row_of(desk, ticket) == before
    assert desk.ask(get_thread, ticket) == thread


def test_what_is_so_already_is_left_out_and_said(desk: Store, client: ClientId) -> None:
    ticket = open_one(desk, client, priority=Priority.HIGH)
    made = macro(desk, priority=Priority.HIGH, kind=TicketKind.COMPLAINT)
    assert said(planned(desk, made, ticket)) == [
        ("Priority: High", "It is so already."),
        ("Kind: Complaint", ""),
    ]
    apply(desk, made, ticket)
    assert row_of(desk, ticket).kind is TicketKind.COMPLAINT
    with pytest.raises(UserError, match="All of it is so already, or cannot be"):
        apply(desk, made, ticket)


def test_a_step_that_no_ticket_can_take_is_said_in_words(desk: Store, ticket: TicketId) -> None:
    desk.do(set_state, [ticket], state=TicketState.RESOLVED)
    made = macro(
        desk, state=TicketState.WAITING_ON_CLIENT, priority=Priority.LOW, handing=Handing.RULES,
        line=SupportLine.SECOND, line_reason="Odd", line_tried="Nothing",
    )  # fmt: skip
    assert said(planned(desk, made, ticket)) == [
        ("State: Waiting on client",
         "A ticket cannot go from “Resolved” to “Waiting on client”."),
        ("Priority: Low", ""),
        ("Assigned by the rules", "Ticket 1000 is settled."),
        ("Line 2: Odd", "Ticket 1000 is settled."),
    ]  # fmt: skip
    apply(desk, made, ticket)
    after = row_of(desk, ticket)
    assert (after.state, after.priority) == (TicketState.RESOLVED, Priority.LOW)


def test_a_reply_with_a_gap_holds_back_all_of_it_until_it_is_filled_in(
    desk: Store, client: ClientId
) -> None:
    ticket = open_one(desk, client, contact="")
    made = macro(desk, template_id=template(desk), state=TicketState.RESOLVED)
    plan = planned(desk, made, ticket)
    assert plan.obstacle == "1 gap is not filled in: contact first name."
    assert plan.parts[0].text == "Hello [?contact first name?]."
    before, thread = row_of(desk, ticket), desk.ask(get_thread, ticket)
    with pytest.raises(UserError, match="1 gap is not filled in: contact first name"):
        apply(desk, made, ticket)
    assert (row_of(desk, ticket), desk.ask(get_thread, ticket)) == (before, thread)
    apply(desk, made, ticket, text="Hello there.")
    assert written(desk, ticket)[-1] == (MessageKind.PUBLIC_REPLY, "Hello there.")
    assert row_of(desk, ticket).state is TicketState.RESOLVED


def test_a_template_that_is_gone_holds_back_all_of_it(desk: Store, ticket: TicketId) -> None:
    greeting = template(desk)
    made = macro(desk, template_id=greeting, state=TicketState.RESOLVED)
    desk.do(delete_template, greeting)
    with pytest.raises(UserError, match="reply template is not there any more"):
        apply(desk, made, ticket)
    assert row_of(desk, ticket).state is TicketState.NEW
    assert desk.ask(list_macros)[0].template == ""


def test_a_reply_is_in_the_clients_language(desk: Store, client: ClientId) -> None:
    ticket = open_one(desk, client)
    greeting = template(desk, text_ru="Здравствуйте, {имя контакта}!")
    made = macro(desk, template_id=greeting)
    assert planned(desk, made, ticket).parts[0].text == "Hello Ann."
    desk.do(edit_template, greeting, text_en="")
    assert planned(desk, made, ticket).parts[0].text == "Здравствуйте, Ann!"


def test_the_rules_choose_by_the_kind_that_the_macro_gives(desk: Store, ticket: TicketId) -> None:
    ivan = desk.do(add_user, name="Ivan").value
    desk.do(create_rule, name="Complaints", way=Way.LEAST_BUSY, kinds=[TicketKind.COMPLAINT])
    plain = macro(desk, "Plain", handing=Handing.RULES)
    assert said(planned(desk, plain, ticket)) == [
        ("Assigned by the rules", "No rule of assignment matches.")
    ]
    made = macro(desk, handing=Handing.RULES, kind=TicketKind.COMPLAINT)
    assert said(planned(desk, made, ticket))[1] == ("Assigned by the rules, to Ivan", "")
    apply(desk, made, ticket)
    assert row_of(desk, ticket).owner_id == ivan


def test_nobody_who_is_away_or_gone_is_given_a_ticket(
    desk: Store, ticket: TicketId, watch: Watch
) -> None:
    ivan = desk.do(add_user, name="Ivan").value
    made = macro(desk, handing=Handing.PERSON, owner_id=ivan)
    day = watch.at.date()
    desk.do(plan_absence, ivan, first_day=day, last_day=day + timedelta(days=3))
    with pytest.raises(UserError, match="Ivan is away"):
        apply(desk, made, ticket)
    desk.undo()
    desk.do(deactivate_user, ivan)
    with pytest.raises(UserError, match="Ivan does not work here any more"):
        apply(desk, made, ticket)
    desk.undo()
    apply(desk, made, ticket)
    assert row_of(desk, ticket).owner_id == ivan
    apply(desk, macro(desk, "Let go", handing=Handing.NOBODY), ticket)
    assert row_of(desk, ticket).owner_id is None


def test_up_to_the_third_line_and_back_to_whoever_worked_on_the_second(
    desk: Store, ticket: TicketId
) -> None:
    up = macro(desk, "Up", line=SupportLine.THIRD, line_reason="Odd", line_tried="All")
    apply(desk, up, ticket)
    after = row_of(desk, ticket)
    assert (after.line, after.owner) == (SupportLine.THIRD, "Anna"), "who sends it up stays with it"
    back = macro(desk, "Back", line=SupportLine.FIRST, line_reason="It was the cable")
    apply(desk, back, ticket)
    moves = [one for one in desk.ask(get_thread, ticket) if isinstance(one, ThreadLine)]
    assert [(one.after, one.reason, one.tried) for one in moves] == [
        (SupportLine.THIRD, "Odd", "All"),
        (SupportLine.FIRST, "It was the cable", ""),
    ]


def test_several_tickets_each_get_what_fits_them_and_the_rest_is_said(
    desk: Store, client: ClientId
) -> None:
    known = open_one(desk, client)
    other = desk.do(create_company, name="Volga").value
    unknown, settled = open_one(desk, other, contact=""), open_one(desk, other, contact="Bo")
    desk.do(set_state, [settled], state=TicketState.RESOLVED)
    made = macro(desk, template_id=template(desk), state=TicketState.RESOLVED)
    outcome = apply(desk, made, known, unknown, settled)
    assert outcome.changed == (known, settled)
    assert outcome.refused == {unknown: "1 gap is not filled in: contact first name."}
    assert written(desk, known)[-1][1] == "Hello Ann."
    assert written(desk, settled)[-1][1] == "Hello Bo."
    desk.undo()
    assert [len(written(desk, one)) for one in (known, unknown, settled)] == [1, 1, 1]
    assert row_of(desk, known).state is TicketState.NEW


def test_what_cannot_be_applied_is_refused_in_words(desk: Store, ticket: TicketId) -> None:
    made = macro(desk, priority=Priority.LOW)
    with pytest.raises(UserError, match="No ticket is chosen"):
        apply(desk, made)
    with pytest.raises(UserError, match="This ticket is not there any more"):
        apply(desk, made, TicketId(desk.actor))
    with pytest.raises(UserError, match="One text cannot answer several clients"):
        apply(desk, made, ticket, TicketId(desk.actor), text="Hello")
    with pytest.raises(UserError, match="at most 500 tickets"):
        apply(desk, made, *(TicketId(UUID(int=n)) for n in range(MOST + 1)))
    desk.do(delete_macro, made)
    assert desk.ask(plan_macro, made, ticket_id=ticket) is None
    with pytest.raises(UserError, match="not there any more"):
        apply(desk, made, ticket)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({}, "The macro does nothing"),
        ({"name": " ", "priority": Priority.LOW}, "A macro needs a name"),
        ({"note": "Dear {nobody knows}"}, "There is no variable “nobody knows”"),
        ({"note": "x" * 20_001}, "This note is too long"),
        ({"state": TicketState.NEW}, "No ticket becomes new again"),
        ({"handing": Handing.PERSON}, "does not say whose"),
        ({"line": SupportLine.FIRST}, "Say why the ticket moves"),
        ({"line": SupportLine.SECOND, "line_reason": "Odd"}, "Say what was tried"),
    ],
)
def test_a_macro_that_makes_no_sense_is_refused(
    desk: Store, terms: dict[str, Any], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        desk.do(create_macro, **{"name": "Odd", **terms})
    assert desk.ask(list_macros) == []


def test_two_macros_of_one_name_are_refused_where_both_would_be_seen(desk: Store) -> None:
    macro(desk, "Close it", state=TicketState.CLOSED)
    with pytest.raises(UserError, match="There is a macro “close it” already"):
        macro(desk, "close it", state=TicketState.CLOSED)
    shared = macro(desk, "close it", state=TicketState.CLOSED, is_shared=True)
    with pytest.raises(UserError, match="already"):
        desk.do(edit_macro, shared, is_shared=False)


def test_a_shared_macro_has_no_reply_that_only_one_person_has(desk: Store) -> None:
    mine: ReplyTemplateId = template(desk)
    with pytest.raises(UserError, match="Only you have the reply template “Greeting”"):
        macro(desk, template_id=mine, is_shared=True)
    made = macro(desk, template_id=mine)
    with pytest.raises(UserError, match="Only you have"):
        desk.do(edit_macro, made, is_shared=True)
    desk.do(edit_template, mine, is_shared=True)
    desk.do(edit_macro, made, is_shared=True)
    assert desk.ask(list_macros)[0].is_shared


def test_ones_own_are_seen_by_nobody_else_and_the_shared_by_all(desk: Store) -> None:
    macro(desk, "Mine", priority=Priority.LOW)
    macro(desk, "Ours", priority=Priority.LOW, is_shared=True)
    anna: UserId = UserId(desk.actor)
    desk.sign_in(desk.do(add_user, name="Ivan").value)
    assert [one.name for one in desk.ask(list_macros)] == ["Ours"]
    desk.sign_in(anna)
    assert [one.name for one in desk.ask(list_macros)] == ["Mine", "Ours"]


def test_an_edit_changes_only_what_is_given_and_undo_puts_it_back(desk: Store) -> None:
    made = whole(desk)
    (before,) = desk.ask(list_macros)
    desk.do(edit_macro, made, handing=Handing.NOBODY, note="")
    (after,) = desk.ask(list_macros)
    assert (after.handing, after.note, after.kind) == (Handing.NOBODY, "", TicketKind.QUESTION)
    desk.undo()
    assert desk.ask(list_macros) == [before]
    desk.do(delete_macro, made)
    assert desk.ask(list_macros) == []
    desk.undo()
    assert desk.ask(list_macros) == [before]


def test_tags_that_are_worn_or_gone_are_left_out_and_the_rules_go_by_those_that_come(
    desk: Store, client: ClientId, ticket: TicketId
) -> None:
    desk.do(add_user, name="Boris")
    pilot, gone = (desk.do(create_tag, name=name).value for name in ("Pilot", "Gone"))
    desk.do(create_rule, name="Pilots", way=Way.LEAST_BUSY, tags=[pilot])
    made = macro(desk, tags=[pilot, gone], handing=Handing.RULES)
    desk.do(delete_tag, gone)
    assert said(planned(desk, made, ticket)) == [
        ("Adds the tags: Pilot", ""), ("Assigned by the rules, to Boris", ""),
    ]  # fmt: skip
    apply(desk, made, ticket)
    assert row_of(desk, ticket).owner == "Boris"
    assert said(planned(desk, made, ticket))[0] == ("Adds the tags: Pilot", "It is so already.")
    desk.do(delete_tag, pilot)
    assert said(planned(desk, made, ticket))[0] == ("Adds tags", "Its tags are not there any more.")
