"""A form that a client opens by a link: what it shows, what it takes, and what opens nothing."""

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
import requests
from sqlalchemy import select

from deskcrm.base.ids import new_id
from deskcrm.domain.client_merges.commands import follow_merges, merge_clients
from deskcrm.domain.clients.commands import create_company, delete_clients
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.erasures.commands import erase_person
from deskcrm.domain.erasures.model import PersonKind
from deskcrm.domain.feedback.commands import delete_response, send_form
from deskcrm.domain.feedback.forms import create_form, publish_form
from deskcrm.domain.feedback.guard import Hindrance, list_hindrances
from deskcrm.domain.feedback.linking import new_token
from deskcrm.domain.feedback.model import (
    CaptureWay,
    ResponseState,
    SurveyAnswer,
    SurveyFormId,
    SurveyResponse,
    SurveyResponseId,
)
from deskcrm.domain.feedback.questions import Option, Question, QuestionKind
from deskcrm.domain.tasks.model import Task
from deskcrm.domain.users.model import UserId, UserRole
from deskcrm.server import attempts
from deskcrm.server.form_fields import LONGEST_TEXT, read_form
from deskcrm.store.store import Store
from deskcrm.store.tables import shape_of
from deskcrm.sync.protocol import Op
from tests.server.site import Site, Speaker

SIZES = (Option("s", "Small", "Малый"), Option("l", "<b>Large</b>", "Большой"))
QUESTIONS = (
    Question("nps", QuestionKind.NPS, "Recommend us?", "Посоветуете нас?", is_required=True),
    Question("why", QuestionKind.TEXT, "Why?", "Почему?"),
    Question("parts", QuestionKind.MATRIX, "How are", "Как вам", options=SIZES),
    Question("size", QuestionKind.CHOICE, "Which?", "Какой?", options=SIZES),
    Question("sizes", QuestionKind.CHOICES, "Which ones?", "Какие?", options=SIZES),
    Question(
        "large", QuestionKind.CSAT, "And the large one?", "А большой?", is_required=True,
        after="size", chosen=("l",),
    ),
)  # fmt: skip
NPS, WHY, SIZE, LARGE = "q0-0", "q1-0", "q3-0", "q5-0"


class Page(HTMLParser):
    """What a page says, and what would be sent from it as it stands."""

    def __init__(self, answer: requests.Response) -> None:
        super().__init__()
        self.status = answer.status_code
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.fields: dict[str, list[str]] = {}
        self._inside = ""
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Note a tag, and what is chosen."""
        given = dict(attrs)
        self.tags.append((tag, given))
        self._inside = str(given.get("name")) if tag == "textarea" else ""
        if tag == "input" and "checked" in given:
            self.fields.setdefault(str(given["name"]), []).append(str(given["value"]))

    def handle_endtag(self, tag: str) -> None:
        """Leave a field."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Gather words."""
        if self._inside and data.strip():
            self.fields.setdefault(self._inside, []).append(data.strip())
        self.words += f" {data.strip()}"

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Give the attributes of each such tag."""
        return [given for name, given in self.tags if name == tag]


@dataclass
class Desk:
    """A site with a client who was sent a form."""

    site: Site
    store: Store
    anna: Speaker = field(init=False)
    client: ClientId = field(init=False)
    form: SurveyFormId = field(init=False)
    response: SurveyResponseId = field(init=False)
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.anna = self.site.person("Anna", UserRole.ADMINISTRATOR)
        self.form = self.do(
            create_form, name="Ours", questions=QUESTIONS, opening_en="Tell us, <please>",
            opening_ru="Расскажите",
        )  # fmt: skip
        self.client = self.add("Volga")
        self.token = self.send()

    def do(self, command: Any, *args: Any, **kwargs: Any) -> Any:
        """Run a command beside the server."""
        return self.store.do(command, *args, **kwargs).value

    def add(self, name: str) -> ClientId:
        """Add a client of Anna's."""
        made: ClientId = self.do(create_company, name=name, owner_id=UserId(self.anna.user))
        return made

    def send(self, **more: Any) -> str:
        """Send the form, and give its token."""
        given = {"form_id": self.form, "way": CaptureWay.EMAIL, "spoken": "en", **more}
        client = given.pop("client", self.client)
        self.response = self.do(send_form, client, reason="wanted", **given)
        (row,) = [one for one in self.rows(SurveyResponse) if one.id == self.response]
        return str(row.token)

    def send_unknowing(self) -> str:
        """Send the form to the client from a workstation that does not know what became of it."""
        shape, token = shape_of(SurveyResponse), new_token()
        (row,) = [one for one in self.rows(SurveyResponse) if one.id == self.response]
        values = shape.to_json({key: getattr(row, key) for key in shape.columns})
        values |= {"client_id": self.client.hex, "token": token, "asked_by": self.anna.user.hex}
        made = Op("survey_response", new_id().bytes, "create", 0, None, json.dumps(values))
        (result,) = self.anna.push_steps([made]).results
        assert result.status == "applied"
        return token

    def rows(self, model: Any) -> list[Any]:
        """Give the rows that are there."""
        there = select(model.__table__).where(~model.is_deleted)
        return self.store.ask(lambda db: list(db.all(there)))

    def open(self, token: str = "") -> Page:
        """Open a link."""
        return Page(self.site.ask("GET", f"/f/{token or self.token}"))

    def post(self, fields: Any, token: str = "", **more: Any) -> Page:
        """Send what was filled in."""
        return Page(self.site.ask("POST", f"/f/{token or self.token}", data=fields, **more))


@pytest.fixture
def desk(site: Site) -> Iterator[Desk]:
    with site.keeping() as store:
        yield Desk(site, store)


def closed(page: Page) -> bool:
    return (
        page.status == 404
        and "opens no form" in page.words
        and "не открывает" in page.words
        and not page.all("form")
    )


def test_a_form_is_shown_as_it_was_sent_and_nothing_else_comes_with_it(desk: Desk) -> None:
    questions = [*QUESTIONS[1:], Question("new", QuestionKind.STARS, "A new one", "Новый")]
    desk.do(publish_form, desk.form, name="Ours", questions=questions)
    page = desk.open()
    assert page.status == 200 and page.all("html") == [{"lang": "en"}]
    assert "Tell us, <please>" in page.words and "<b>Large</b>" in page.words
    assert "A new one" not in page.words and "Volga" not in page.words and "Anna" not in page.words
    names = [one["name"] for one in page.all("input") + page.all("textarea")]
    assert {str(name)[:2] for name in names} == {"ne", *(f"q{n}" for n in range(6))}
    assert len([one for one in page.all("input") if one["name"] == NPS]) == 11  # it must be said
    assert len([one for one in page.all("input") if one["name"] == LARGE]) == 5
    # Nothing runs, and nothing is loaded from anywhere.
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object"}
    assert not [key for _, given in page.tags for key in given if key in ("src", "style")]
    assert not [key for _, given in page.tags for key in given if key.startswith("on")]
    # Every field is in a label, or has one.
    labelled = {one.get("for") for one in page.all("label")}
    assert {one["id"] for one in page.all("textarea")} <= labelled
    assert len(page.all("fieldset")) == 5 + len(SIZES)
    answer = desk.site.ask("GET", f"/f/{desk.token}")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "'sha256-" in policy
    assert "Set-Cookie" not in answer.headers and answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    russian = desk.open(desk.send(spoken="ru"))
    assert russian.all("html") == [{"lang": "ru"}] and "Посоветуете нас?" in russian.words
    assert "Расскажите" in russian.words


def test_answers_become_a_response_that_comes_to_the_workstations_once(desk: Desk) -> None:
    before = desk.anna.welcome().head
    fields = {NPS: "3", WHY: "<script>alert(1)</script>\r\nЛёд\0", "q2-1": "5", "q4-0": ["s", "l"]}
    page = desk.post(fields | {LARGE: "1", "unknown": "x"})
    assert page.status == 200 and "Thank you" in page.words
    (response,) = desk.rows(SurveyResponse)
    assert response.state is ResponseState.ANSWERED and response.way is CaptureWay.LINK
    assert response.answered_at == desk.site.watch()
    answers = {(one.question_key, one.row_key): one for one in desk.rows(SurveyAnswer)}
    # The large one was not to be asked: what they chose says so.
    assert set(answers) == {("nps", ""), ("why", ""), ("parts", "l"), ("sizes", "")}
    assert answers["why", ""].text == "<script>alert(1)</script>\nЛёд"
    assert answers["sizes", ""].choices == ["s", "l"]
    (task,) = desk.rows(Task)
    assert task.assignee_id == desk.anna.user and "3" in task.title
    # It arrives like anybody's.
    ops = [op for step in desk.anna.pull().steps for op in step.ops]
    assert desk.anna.welcome().head > before
    assert {op.table for op in ops} >= {"survey_response", "survey_answer", "task"}
    # Once more, with other answers: thanks, and nothing else.
    dump = desk.site.dump(apart=set())
    for again in (desk.post(fields | {NPS: "10"}), desk.post(b"\xff"), desk.open()):
        assert again.status == 200 and "already" in again.words and not again.all("form")
    assert desk.site.dump(apart=set()) == dump


def test_what_is_missing_or_wrong_is_said_and_what_was_filled_in_stays(desk: Desk) -> None:
    fine = {NPS: ["7"], WHY: ['"><script>alert(1)</script>'], "q2-0": ["2"], SIZE: ["s"]}
    dump = desk.site.dump(apart=set())
    for fields, wrong in (
        ({name: value for name, value in fine.items() if name != NPS}, {NPS}),
        (fine | {NPS: ["11"]}, {NPS}),
        (fine | {NPS: ["٣"]}, {NPS}),  # a digit, of another script
        (fine | {NPS: ["7", "8"]}, {NPS}),
        (fine | {NPS: ["9" * 5_000]}, {NPS}),
        (fine | {SIZE: ["xl"], "q4-0": ["s", "xl"]}, {SIZE, "q4-0"}),
        (fine | {SIZE: ["l"]}, {LARGE}),
        (fine | {WHY: ["ж" * (LONGEST_TEXT + 1)]}, {WHY}),
    ):
        page = desk.post(fields)
        assert page.status == 422
        amiss = {one["name"] for one in page.all("input") + page.all("textarea")
                 if one.get("aria-invalid")}  # fmt: skip
        assert amiss == wrong
        assert {str(one["href"]) for one in page.all("a")} == {f"#{name}" for name in wrong}
        kept = {name: values for name, values in fields.items() if name not in wrong}
        assert kept.items() <= page.fields.items()
        assert not page.all("script")
    empty: Any = {}
    for nothing in (empty, b"\xff\xfe", b"{}", "&".join(f"a{n}=1" for n in range(3_000))):
        assert desk.post(nothing).status == 422
    for body in (b"a" * (257 << 10), iter([b"a=", b"a" * (257 << 10)])):
        page = desk.post(body)
        assert page.status == 413 and "больше" in page.words
    assert desk.site.dump(apart=set()) == dump
    assert desk.post(fine | {WHY: ["ж" * LONGEST_TEXT]}).status == 200  # the control


def test_what_is_no_answer_to_what_is_asked_is_nothing() -> None:
    for body in (b"", b"unknown=1", b"q99-0=1", b"q4-0=3", b"never=1&unknown=1"):
        assert set(read_form(QUESTIONS[1:], body).wrong) == {""}
    assert not read_form(QUESTIONS[1:], b"never=1").wrong
    (given,) = read_form(QUESTIONS[1:], b"q0-0=Late&unknown=1").answers  # the control
    assert given.text == "Late"


def test_whoever_asks_not_to_be_asked_again_is_heard(desk: Desk) -> None:
    ann = desk.do(add_contact, desk.client, name="Ann")
    only, both = desk.send(contact_id=ann), desk.token
    for _ in range(2):
        page = desk.post({"never": "1"}, only)
        assert page.status == 200 and "not ask you again" in page.words
        assert "answers" not in page.words
    page = desk.post({"never": "1", WHY: "Enough"}, both)
    assert page.status == 422 and page.fields["never"] == ["1"]  # then all that is needed is
    page = desk.post({"never": "1", NPS: "6"}, both)
    assert page.status == 200 and "arrived" in page.words and "not ask you again" in page.words
    found = {one.token: (one.state, one.never_again) for one in desk.rows(SurveyResponse)}
    assert found == {only: (ResponseState.DECLINED, True), both: (ResponseState.ANSWERED, True)}
    said = desk.store.ask(list_hindrances, desk.client, ann)
    assert said[0].hindrance is Hindrance.OPTED_OUT
    assert desk.post({NPS: "9"}, only).status == 200  # they may still change their mind


def test_of_two_at_once_one_is_kept(desk: Desk) -> None:
    start, pages = threading.Barrier(2), list[Page]()

    def send(number: int) -> None:
        with requests.Session() as session:
            session.trust_env = False
            start.wait(10)
            address = f"{desk.site.url}/f/{desk.token}"
            pages.append(Page(session.post(address, data={NPS: str(number)}, timeout=60)))

    threads = [threading.Thread(target=send, args=(number,)) for number in (4, 9)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert [page.status for page in pages] == [200, 200]
    assert sorted("already" in page.words for page in pages) == [False, True]
    assert len(desk.rows(SurveyAnswer)) == 1


def test_a_link_that_opens_nothing_says_nothing_of_why(desk: Desk) -> None:
    ann = desk.do(add_contact, desk.client, name="Ann Lee")
    gone, erased = desk.send(), desk.send(contact_id=ann)
    other = desk.add("Don")
    of_deleted = desk.send(client=other)
    old = desk.token
    desk.site.watch.move(days=30)
    fresh = desk.send()
    assert desk.open(old).status == 200  # the last day counts whole
    for token in (gone, erased, of_deleted):
        assert desk.open(token).all("form")  # the control
    (response,) = [one.id for one in desk.rows(SurveyResponse) if one.token == gone]
    desk.do(delete_response, response)
    desk.store.actor = desk.anna.user  # who may
    desk.do(erase_person, PersonKind.CONTACT, ann, typed_name="Ann Lee")
    desk.do(delete_clients, [other])
    desk.site.watch.move(days=1)
    before = desk.site.dump()
    seen = set()
    unknown = (new_token(), fresh[:-1], fresh.upper(), f"{fresh}/", "%00", "a" * 9_000, "%25")
    for token in (old, gone, erased, of_deleted, *unknown):
        for answer in (
            desk.site.ask("GET", f"/f/{token}"),
            desk.site.ask("POST", f"/f/{token}", data={NPS: "1"}),
        ):
            assert closed(Page(answer)), token
            seen.add(answer.text)
    assert len(seen) == 1  # whatever it was, the page is the same
    assert desk.site.dump() == before
    assert desk.post({NPS: "9"}, fresh).status == 200


def test_whoever_guesses_is_stopped_and_nobody_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "OF_LINKS", 3)
    for _ in range(5):
        assert desk.open().status == 200  # those that open something are not counted
    for _ in range(3):
        assert closed(desk.open(new_token()))
    page = desk.open(new_token())
    assert page.status == 429 and "позже" in page.words
    answer = desk.site.ask("GET", f"/f/{desk.token}")
    assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 900
    behind = {"X-Forwarded-For": "2001:db8::1"}
    assert desk.site.ask("GET", f"/f/{desk.token}", headers=behind).status_code == 200
    for n in range(3):
        near = {"X-Forwarded-For": f"2001:db8::{n}"}  # all of them are one person's
        assert desk.site.ask("GET", f"/f/{new_token()}", headers=near).status_code == 404
    assert desk.site.ask("GET", f"/f/{desk.token}", headers=behind).status_code == 429
    assert desk.site.sign_in("Anna").status_code == 200  # who works is not kept out by it
    desk.site.watch.move(minutes=15)
    assert desk.open().status == 200


def test_answers_at_a_merged_client_come_to_the_one_that_goes_on(desk: Desk) -> None:
    other, late = desk.add("Volga again"), desk.token
    early = desk.send(client=other)
    desk.store.actor = desk.anna.user  # who may
    desk.do(merge_clients, desk.client, into_id=other)
    ignorant = desk.send_unknowing()
    for token, number in ((late, "2"), (early, "9"), (ignorant, "3")):
        assert desk.post({NPS: number}, token).status == 200
    desk.do(follow_merges)
    assert [one.id for one in desk.rows(Client)] == [other]
    answers = desk.rows(SurveyAnswer)
    assert len(answers) == 3 and {one.client_id for one in answers} == {other}
    assert {one.client_id for one in desk.rows(Task)} == {other}
