"""Whom to ask and whom not, and what is sent to be answered later."""

from datetime import timedelta
from typing import Any

import pytest

from deskcrm.base.days import said_day
from deskcrm.base.errors import UserError
from deskcrm.base.words import speaking
from deskcrm.domain.clients.commands import edit_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.days import day_of
from deskcrm.domain.feedback.answers import Given
from deskcrm.domain.feedback.commands import (
    answer_by_link,
    answer_sent,
    decline_survey,
    let_be_asked,
    never_ask,
    send_form,
)
from deskcrm.domain.feedback.forms import (
    shipped_form_id,
)
from deskcrm.domain.feedback.guard import Hindrance, list_hindrances
from deskcrm.domain.feedback.inviting import code_of, find_sent, get_invitation
from deskcrm.domain.feedback.linking import LETTERS, LinkClosed, new_token
from deskcrm.domain.feedback.model import (
    CaptureWay,
    ResponseState,
    SurveyAnswer,
    SurveyResponse,
)
from deskcrm.domain.feedback.queries import (
    list_ratings,
)
from deskcrm.domain.feedback.settings import ASK_AGAIN_AFTER
from deskcrm.domain.settings.commands import set_setting
from deskcrm.domain.tickets.commands import open_ticket, set_state
from deskcrm.domain.tickets.lines import escalate
from deskcrm.domain.tickets.model import TicketKind
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.store import Store
from tests.domain.feedback.conftest import LOW, STANDARD, answer, rows, tasks
from tests.watch import Watch


def test_a_form_that_was_sent_waits_and_its_answer_is_taken_in_once(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    with pytest.raises(UserError, match="on the telephone"):
        desk.do(send_form, client, form_id=STANDARD, way=CaptureWay.PHONE)
    response = desk.do(send_form, client, form_id=STANDARD).value
    (sent,) = desk.ask(rows, SurveyResponse)
    assert sent.state is ResponseState.SENT and sent.answered_at is None
    assert len(set(LETTERS)) ** len(sent.token) > 2**128
    assert desk.ask(list_ratings) == []
    for token in ("", new_token(), sent.token[:-1]):
        with pytest.raises(LinkClosed, match="No form was sent"):
            desk.do(answer_by_link, token, answers=LOW)
    watch.move(days=1)
    done = desk.do(answer_by_link, sent.token, answers=LOW)
    assert done.value and done.step is not None
    assert desk.ask(list_ratings)[0].answered_at == watch.at
    assert desk.do(answer_by_link, sent.token, answers=LOW).step is None
    assert len(tasks(desk)) == 1
    desk.undo(done.step)  # nobody here did it, so it has to be named
    assert desk.ask(rows, SurveyResponse) == [sent]
    watch.move(days=30)
    with pytest.raises(LinkClosed):
        desk.do(answer_by_link, sent.token, answers=LOW)
    desk.do(answer_sent, response, answers=LOW, way=CaptureWay.PHONE)
    assert desk.ask(list_ratings)[0].way is CaptureWay.PHONE
    with pytest.raises(UserError, match="answered already"):
        desk.do(answer_sent, response, answers=LOW, way=CaptureWay.PHONE)


def test_what_is_sent_spells_the_questions_out_and_its_code_finds_the_response(
    desk: Store, client: ClientId
) -> None:
    ann = desk.do(add_contact, client, name="Ann").value
    index = shipped_form_id("csi")
    response = desk.do(send_form, client, form_id=index, contact_id=ann, spoken="ru").value
    (sent,) = desk.ask(rows, SurveyResponse)
    letter = desk.ask(get_invitation, response)
    assert letter is not None and not letter.link
    said = letter.text
    assert "Здравствуйте, Ann!" in said and "1. Насколько вы в целом довольны" in said
    assert "от 1 (совсем не доволен) до 10 (полностью доволен)" in said
    code = code_of(sent.token)
    assert code in said and len(code) == 9
    for typed in (code, f" {code.lower()} ", code[:7]):
        assert desk.ask(find_sent, typed).id == response
    for typed, words in (
        ("abc", "not a code"),
        ("%%%%%%%%", "not a code"),
        ("ZZZZ-ZZZZ", "No form"),
    ):
        with pytest.raises(UserError, match=words):
            desk.ask(find_sent, typed)
    three = [Given(key, number=8) for key in ("satisfaction", "expectation", "ideal")]
    desk.do(answer_sent, response, answers=three, way=CaptureWay.EMAIL)
    with pytest.raises(UserError, match="answered already"):
        desk.ask(find_sent, code)


def test_with_an_address_what_is_sent_is_a_link_unless_they_are_to_reply_by_letter(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    response = desk.do(send_form, client, form_id=STANDARD, spoken="ru").value
    (sent,) = desk.ask(rows, SurveyResponse)
    found = desk.ask(get_invitation, response, address="https://desk.example.com/")
    assert found is not None and found.link == f"https://desk.example.com/f/{sent.token}"
    assert found.text.startswith("Здравствуйте!") and found.link in found.text
    until = said_day(day_of(watch.at + timedelta(days=30)))
    with speaking("ru"):
        assert said_day(day_of(watch.at + timedelta(days=30))) in found.text
    assert until not in found.text and code_of(sent.token) not in found.text
    without = desk.ask(get_invitation, response)
    assert without is not None and code_of(sent.token) in without.text
    by_letter = desk.do(
        send_form, client, form_id=STANDARD, way=CaptureWay.EMAIL, reason="again"
    ).value
    letter = desk.ask(get_invitation, by_letter, address="https://desk.example.com")
    assert letter is not None and not letter.link and "https" not in letter.text
    answered = desk.do(decline_survey, client, form_id=STANDARD).value
    assert desk.ask(get_invitation, answered, address="https://desk.example.com") is None


def hindrances(desk: Store, *args: Any) -> list[Hindrance]:
    return [one.hindrance for one in desk.ask(list_hindrances, *args)]


def test_nobody_is_asked_again_so_soon_unless_somebody_says_why(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ann, bob = (desk.do(add_contact, client, name=one).value for one in ("Ann", "Bob"))
    assert hindrances(desk, client, ann) == []
    answer(desk, client, contact_id=ann)
    assert hindrances(desk, client, ann) == [Hindrance.ASKED_LATELY]
    assert hindrances(desk, client, bob) == []
    assert hindrances(desk, client) == [Hindrance.ASKED_LATELY]
    with pytest.raises(UserError, match="asked already"):
        answer(desk, client, contact_id=ann)
    answer(desk, client, contact_id=ann, way=CaptureWay.PAPER)
    answer(desk, client, contact_id=ann, reason=" They\nrang ")
    assert {one.override_reason for one in desk.ask(rows, SurveyResponse)} == {"", "They rang"}
    desk.do(set_setting, ASK_AGAIN_AFTER, value=5)
    watch.move(days=6)
    assert hindrances(desk, client, ann) == []


def test_an_open_complaint_and_an_escalation_speak_against_asking(
    desk: Store, client: ClientId
) -> None:
    ticket = desk.do(open_ticket, client, subject="Rude", kind=TicketKind.COMPLAINT).value
    assert hindrances(desk, client) == [Hindrance.OPEN_COMPLAINT]
    desk.do(set_state, [ticket], state=TicketState.RESOLVED)
    other = desk.do(open_ticket, client, subject="Dark").value
    assert hindrances(desk, client) == []
    desk.do(escalate, other, reason="Odd", tried="Lamps", worker_id=None)
    assert hindrances(desk, client) == [Hindrance.ESCALATED]
    with pytest.raises(UserError, match="escalated"):
        desk.do(send_form, client, form_id=STANDARD)


def test_who_does_not_want_to_be_asked_is_not_until_they_do(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    response = desk.do(decline_survey, client, form_id=STANDARD, never_again=True).value
    watch.move(days=400)
    assert hindrances(desk, client) == [Hindrance.OPTED_OUT]
    assert desk.ask(rows, SurveyAnswer) == [] and desk.ask(list_ratings) == []
    desk.do(let_be_asked, response)
    assert hindrances(desk, client) == []
    with pytest.raises(UserError, match="may be asked already"):
        desk.do(let_be_asked, response)
    desk.undo()
    assert hindrances(desk, client) == [Hindrance.OPTED_OUT]
    # The client spoke for everybody there.
    bob = desk.do(add_contact, client, name="Bob").value
    assert hindrances(desk, client, bob) == [Hindrance.OPTED_OUT]


def test_one_who_is_not_to_be_asked_does_not_speak_for_the_others(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ann, bob = (desk.do(add_contact, client, name=one).value for one in ("Ann", "Bob"))
    response = answer(desk, client, contact_id=ann)
    desk.do(never_ask, response)
    with pytest.raises(UserError, match="not asked any more already"):
        desk.do(never_ask, response)
    watch.move(days=400)
    assert hindrances(desk, client, ann) == [Hindrance.OPTED_OUT]
    assert hindrances(desk, client, bob) == hindrances(desk, client) == []
    with pytest.raises(UserError, match=r"They asked on .* never to be asked again"):
        desk.do(send_form, client, form_id=STANDARD, contact_id=ann)
    desk.undo()
    assert hindrances(desk, client, ann) == []


def test_a_client_of_nobody_is_not_asked_and_what_they_say_goes_to_whoever_asked(
    desk: Store, client: ClientId
) -> None:
    desk.do(edit_client, client, owner_id=None)
    assert hindrances(desk, client) == [Hindrance.NOBODY_ACTS]
    answer(desk, client, reason="Paying a visit")
    assert [one.assignee_id for one in tasks(desk)] == [desk.actor]
