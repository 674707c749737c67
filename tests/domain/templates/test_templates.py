"""Reply templates: they greet by name, know the last problem, and never leave an empty hole."""

from datetime import timedelta

import pytest

from deskcrm.base.errors import UserError
from deskcrm.base.words import LANGUAGES
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact, edit_contact
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.templates.commands import create_template, delete_template, edit_template
from deskcrm.domain.templates.model import ReplyTemplateId
from deskcrm.domain.templates.queries import FilledTemplate, fill_template, list_templates
from deskcrm.domain.templates.variables import (
    Filled,
    Variable,
    fill,
    gaps_in,
    parse,
    variable_name,
)
from deskcrm.domain.tickets.commands import add_note, client_wrote, open_ticket, reply, set_state
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.tickets.thread import get_thread
from deskcrm.store.store import Store
from tests.watch import Watch

GREETING = "Hello {contact first name|there}, it is about #{ticket number}."


def make(desk: Store, text_en: str = GREETING, **more: str | bool) -> ReplyTemplateId:
    return desk.do(create_template, name="Greeting", text_en=text_en, **more).value  # type: ignore[arg-type]  # text or bool by its name


def filled(
    desk: Store, template: ReplyTemplateId, ticket: TicketId, code: str = ""
) -> FilledTemplate:
    found = desk.ask(fill_template, template, ticket_id=ticket, language=code)
    assert found is not None
    return found


def open_one(desk: Store, client: ClientId, name: str = "Ann Lee", **more: str) -> TicketId:
    contact = desk.do(add_contact, client, name=name).value if name else None
    for key, value in more.items():
        assert contact is not None
        desk.do(edit_contact, contact, **{key: value})  # type: ignore[arg-type]  # each a text
    return desk.do(
        open_ticket, client, subject="No light", text="Help!", channel=Channel.EMAIL,
        contact_id=contact,
    ).value  # fmt: skip


def test_a_template_greets_by_name(desk: Store, client: ClientId) -> None:
    found = filled(desk, make(desk), open_one(desk, client))
    assert found.text == "Hello Ann, it is about #1000."
    assert found.gaps == ()


def test_a_greeting_that_the_contact_has_goes_before_the_first_name(
    desk: Store, client: ClientId
) -> None:
    ticket = open_one(desk, client, "Петров Иван", greeting="Иван Сергеевич")
    assert filled(desk, make(desk), ticket).text.startswith("Hello Иван Сергеевич,")


def test_what_is_not_known_becomes_the_fallback(desk: Store, client: ClientId) -> None:
    assert filled(desk, make(desk), open_one(desk, client, "")).text.startswith("Hello there,")


def test_without_a_fallback_it_becomes_a_gap_that_is_named(desk: Store, client: ClientId) -> None:
    found = filled(desk, make(desk, "Dear {contact name},"), open_one(desk, client, ""))
    assert found.text == "Dear [?contact name?],"
    assert found.gaps == ("contact name",)
    assert gaps_in(found.text) == ["contact name"]


def test_a_reply_with_a_gap_is_not_sent(desk: Store, client: ClientId) -> None:
    ticket = open_one(desk, client)
    before = desk.ask(get_thread, ticket)
    with pytest.raises(UserError, match="1 gap is not filled in: contact name"):
        desk.do(reply, ticket, text="Dear [?contact name?], it works.")
    assert desk.ask(get_thread, ticket) == before
    # The client may write so, and colleagues too: nobody is sent it.
    desk.do(client_wrote, ticket, text="What is [?contact name?] in your mail?")
    desk.do(add_note, ticket, text="[?contact name?] went out once")


def test_a_template_knows_the_last_problem_and_how_it_ended(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    old = open_one(desk, client)
    desk.do(set_state, [old], state=TicketState.RESOLVED)
    day = watch.at.astimezone().strftime("%Y-%m-%d")
    watch.move(hours=48)
    ticket = open_one(desk, client)
    text = "Last time: {last problem|nothing}; {how it ended|-}"
    assert filled(desk, make(desk, text), ticket).text == (
        f"Last time: No light; it was resolved on {day}"
    )


def test_another_clients_problem_is_not_told(desk: Store, client: ClientId) -> None:
    open_one(desk, desk.do(create_company, name="Other").value)
    ticket = open_one(desk, client)
    assert filled(desk, make(desk, "{last problem|nothing}"), ticket).text == "nothing"


def test_a_template_knows_the_promise_and_its_deadline(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ticket = open_one(desk, client)
    template = make(desk, "{service level} · {deadline}")
    said, _, deadline = filled(desk, template, ticket).text.partition(" · ")
    assert said.startswith("an answer within ")
    assert deadline[:4] == f"{(watch.at + timedelta(days=1)).astimezone():%Y}"
    desk.do(set_state, [ticket], state=TicketState.RESOLVED)
    assert filled(desk, template, ticket).gaps == ("service level", "deadline")


def test_a_deadline_that_has_passed_is_not_promised_again(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ticket = open_one(desk, client)
    template = make(desk, "{deadline|soon}")
    assert filled(desk, template, ticket).text != "soon"
    watch.move(hours=24 * 40)
    assert filled(desk, template, ticket).text == "soon"


def test_the_language_is_the_contacts_and_its_words_are_too(desk: Store, client: ClientId) -> None:
    template = make(desk, text_ru="Здравствуйте, {имя контакта|коллеги}! {обещание}")
    found = filled(desk, template, open_one(desk, client, "Иван Петров", language="ru"))
    assert found.language == "ru"
    assert found.text.startswith("Здравствуйте, Иван! ответ в течение ")
    assert found.languages == ("en", "ru")
    english = filled(desk, template, open_one(desk, client), "en")
    assert english.text.startswith("Hello Ann")


def test_a_language_that_was_not_written_is_the_other_one(desk: Store, client: ClientId) -> None:
    found = filled(desk, make(desk), open_one(desk, client, "Иван", language="ru"))
    assert (found.language, found.languages) == ("en", ("en",))


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_variable_has_a_name_of_its_own(code: str) -> None:
    names = [variable_name(one, code) for one in Variable]
    assert len(set(names)) == len(Variable)
    text = "".join(f"{{{name}}}" for name in names)
    assert len([one for one in parse(text) if not isinstance(one, str)]) == len(Variable)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Hi {contact frist name}", "no variable “contact frist name”"),
        ("Hi {zzz}", "no variable “zzz”"),
        ("Hi {contact name", "stands alone"),
        ("Hi contact name}", "stands alone"),
        ("Hi {contact name|  }", "fallback of “contact name” is empty"),
        ("", "says nothing"),
    ],
)
def test_what_cannot_be_filled_in_is_refused_when_it_is_saved(
    desk: Store, text: str, why: str
) -> None:
    with pytest.raises(UserError, match=why):
        make(desk, text)
    assert desk.ask(list_templates) == []


def test_a_slip_of_the_finger_is_answered_with_the_name_that_is_meant() -> None:
    with pytest.raises(UserError) as refused:
        parse("{contact frist name}")
    assert refused.value.detail == "Do you mean “contact first name”?"


def test_what_a_client_is_called_is_text_and_no_variable() -> None:
    assert fill("{client name}", {Variable.CLIENT_NAME: "{agent name}"}) == Filled(
        "{agent name}", ()
    )


def test_a_template_is_changed_shared_and_taken_away_and_all_of_it_undone(desk: Store) -> None:
    template = make(desk)
    made = desk.ask(list_templates)
    desk.do(edit_template, template, name="Hello", text_ru="Привет", is_shared=True)
    (row,) = desk.ask(list_templates)
    assert (row.name, row.text_ru, row.is_shared, row.text_en) == (
        "Hello", "Привет", True, GREETING,
    )  # fmt: skip
    desk.undo()
    assert desk.ask(list_templates) == made
    desk.do(delete_template, template)
    assert desk.ask(list_templates) == []
    desk.undo()
    desk.undo()
    assert desk.ask(list_templates) == []


def test_two_of_one_name_stand_in_no_list(desk: Store) -> None:
    make(desk)
    with pytest.raises(UserError, match="a template “greeting” already"):
        desk.do(create_template, name="greeting", text_en="Hi")
    desk.do(create_template, name="Greeting", text_en="Hi", is_shared=True)
    with pytest.raises(UserError, match="needs a name"):
        desk.do(create_template, name=" ", text_en="Hi")
    other = desk.do(create_template, name="Other", text_en="Hi").value
    with pytest.raises(UserError, match="already"):
        desk.do(edit_template, other, name="GREETING")
    with pytest.raises(UserError, match="needs a name"):
        desk.do(edit_template, other, name=" ")
    with pytest.raises(UserError, match="no variable"):
        desk.do(edit_template, other, text_en="Hi {nobody}")
    assert desk.ask(list_templates)[-1].name == "Other"
