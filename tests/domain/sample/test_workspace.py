"""The small sample is believable: it hangs together, leads up to today, and is the same again."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from deskcrm.base.errors import UserError
from deskcrm.domain.assignment.model import AssignmentRule, Skill, UserSkill
from deskcrm.domain.attachments.model import Attachment
from deskcrm.domain.clients.model import Client, Lifecycle
from deskcrm.domain.contacts.model import Contact, ContactPoint, ContactStatus
from deskcrm.domain.contracts.model import Contract
from deskcrm.domain.contracts.steps import ContractStep, ContractStepKind
from deskcrm.domain.departures.model import Departure
from deskcrm.domain.duplicates.reading import telling_words
from deskcrm.domain.feedback.follow_up import task_id_of
from deskcrm.domain.feedback.model import SurveyAnswer
from deskcrm.domain.feedback.questions import QuestionKind
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.invoices.model import Invoice, InvoiceState
from deskcrm.domain.opportunities.model import Opportunity
from deskcrm.domain.promises.model import Promise, PromiseState
from deskcrm.domain.renewals.model import RenewalForecast
from deskcrm.domain.risk.signals import list_customers, read_signals
from deskcrm.domain.sample.commands import add_sample
from deskcrm.domain.sample.twins import LEAST
from deskcrm.domain.sample.workspace import Sample, make_sample
from deskcrm.domain.suggestions.model import Suggestion, SuggestionVote
from deskcrm.domain.tasks.model import Task, TaskState
from deskcrm.domain.templates.model import ReplyTemplate
from deskcrm.domain.templates.variables import Hole, parse
from deskcrm.domain.tickets.model import Ticket, TicketMessage, TicketTransition
from deskcrm.domain.usage.model import UsageWeek
from deskcrm.domain.users.commands import create_first_user
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.contents import BlobChunk
from deskcrm.store.store import Store
from deskcrm.store.tables import Record, shape_of

NOW = datetime(2026, 3, 11, 12, 30, tzinfo=UTC)
ME = UserId(UUID(int=1))


def make(seed: int = 1, language: str = "both", clients: int = 30) -> Sample:
    return make_sample(
        me=ME, my_name="Мария Орлова", now=NOW, clients=clients, seed=seed, language=language
    )


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make()


def of(sample: Sample, model: type[Any]) -> list[Any]:
    return [record for record in sample.records if isinstance(record, model)]


def contents(sample: Sample) -> list[tuple[str, dict[str, Any]]]:
    """Give what is in a sample but for ids, which are another's each time."""

    def plain(record: Record) -> dict[str, Any]:
        columns = shape_of(type(record)).columns
        values = {key: getattr(record, key) for key in columns if key != "created_at"}
        return {key: value for key, value in values.items() if not isinstance(value, UUID)}

    return [(str(record.__tablename__), plain(record)) for record in sample.records]


def test_the_same_seed_makes_the_same_sample(sample: Sample) -> None:
    again = make()
    assert contents(again) == contents(sample)
    assert [p.content for p in again.pictures] == [p.content for p in sample.pictures]


def test_another_seed_makes_another(sample: Sample) -> None:
    theirs = {client.name for client in of(make(seed=2), Client)}
    assert len(theirs & {client.name for client in of(sample, Client)}) < 5


@pytest.mark.parametrize(("language", "has_russian"), [("ru", True), ("en", False)])
def test_a_sample_in_one_language_has_only_that(language: str, has_russian: bool) -> None:
    texts = [talk.text for talk in of(make(language=language, clients=14), Interaction)]
    cyrillic = [any("а" <= letter <= "я" for letter in text.lower()) for text in texts]
    assert len(texts) > 100
    assert set(cyrillic) == {has_russian}


def test_nothing_has_happened_yet_that_is_to_come(sample: Sample) -> None:
    moments = [talk.started_at for talk in of(sample, Interaction)]
    moments += [message.sent_at for message in of(sample, TicketMessage)]
    moments += [change.happened_at for change in of(sample, TicketTransition)]
    moments += [promise.made_at for promise in of(sample, Promise)]
    moments += [task.done_at for task in of(sample, Task) if task.done_at]
    assert max(moments) <= NOW


def test_people_work_in_working_hours(sample: Sample) -> None:
    there = [talk.started_at.astimezone() for talk in of(sample, Interaction)]
    odd = [at for at in there if at.weekday() >= 5 or not 7 <= at.hour < 21]
    assert len(odd) < len(there) / 50


def test_today_is_full_of_meaning(sample: Sample) -> None:
    today, mine = NOW.date(), [one for one in of(sample, Task) if one.assignee_id == ME]
    still = [task.due_on for task in of(sample, Task) if task.state is TaskState.OPEN]
    assert mine
    assert sum(due < today for due in still) >= 1
    assert sum(due == today for due in still) >= 3
    assert sum(due > today for due in still) >= 5
    owed = [one for one in of(sample, Promise) if one.state is PromiseState.OPEN]
    assert any(one.due_on <= today for one in owed)
    assert any(ticket.is_open for ticket in of(sample, Ticket))
    near = [one for one in of(sample, Contract) if one.decision_on is not None]
    assert any(timedelta(0) <= one.decision_on - today < timedelta(days=45) for one in near)
    assert any(one.status is ContactStatus.LEFT for one in of(sample, Contact))
    assert len({client.lifecycle for client in of(sample, Client)}) >= 5
    assert any(client.lifecycle is Lifecycle.CHURNED for client in of(sample, Client))


def test_usage_and_invoices_tell_the_same_story_as_the_words(sample: Sample) -> None:
    today, weeks = NOW.date(), of(sample, UsageWeek)
    assert max(week.week_on for week in weeks) <= today
    assert len({week.metric for week in weeks}) == 2
    seats = [week for week in weeks if week.ceiling is not None]
    assert all((week.monday or 0) <= week.ceiling for week in seats)
    invoices = of(sample, Invoice)
    late = [one for one in invoices if one.state is InvoiceState.OPEN and one.due_on < today]
    assert 0 < len(late) < len(invoices) / 4
    assert all(one.paid_on <= today for one in invoices if one.paid_on is not None)
    left = {one.client_id for one in of(sample, Departure)}
    gone = {one.id for one in of(sample, Client) if one.lifecycle is Lifecycle.CHURNED}
    steps = of(sample, ContractStep)
    assert left == gone == {one.client_id for one in steps if one.kind is ContractStepKind.ENDED}
    assert any(one.kind is ContractStepKind.RENEWED for one in steps)
    assert of(sample, Opportunity) and of(sample, RenewalForecast)


def test_a_task_that_names_somebody_is_with_that_contact() -> None:
    made = make(language="en")
    names = {contact.id: contact.name for contact in of(made, Contact)}
    begins = ("Arrange a meeting with ", "Regular call with ")
    named = [
        (task.title.removeprefix(begin), names[task.contact_id])
        for task in of(made, Task)
        for begin in begins
        if task.title.startswith(begin)
    ]
    assert named and all(title == contact for title, contact in named)
    assert any(task.title.startswith(begins[0]) for task in of(made, Task))


def test_promises_of_the_past_were_mostly_kept(sample: Sample) -> None:
    states = Counter(promise.state for promise in of(sample, Promise))
    assert states[PromiseState.KEPT] > 4 * states[PromiseState.BROKEN] > 0


def test_threads_run_forward_and_states_agree_with_them(sample: Sample) -> None:
    changes: dict[UUID, list[TicketTransition]] = {}
    for change in of(sample, TicketTransition):
        changes.setdefault(change.ticket_id, []).append(change)
    for ticket in of(sample, Ticket):
        steps = changes[ticket.id]
        assert steps[0].from_state is None
        assert [one.to_state for one in steps[:-1]] == [one.from_state for one in steps[1:]]
        assert [one.happened_at for one in steps] == sorted(one.happened_at for one in steps)
        assert steps[-1].to_state is ticket.state
        assert (ticket.closed_at is None) == (ticket.state != "closed")


SHARED = (
    "client", "team", "tag", "custom_field", "article", "article_edition", "calendar", "skill",
    "playbook", "playbook_edition", "reply_template", "suggestion",
)  # fmt: skip


def test_every_link_leads_to_a_record_of_the_same_client(sample: Sample) -> None:
    clients = {record.id: getattr(record, "client_id", record.id) for record in sample.records}
    for record in sample.records:
        for key, column in shape_of(type(record)).columns.items():
            target = getattr(record, key)
            if column.info.get("refers") in (None, "user", "survey_form") or target is None:
                continue
            assert target in clients, (record, key)
            theirs, ours = clients[target], getattr(record, "client_id", None)
            is_shared = column.info["refers"] in SHARED
            assert is_shared or theirs == ours, (record, key)


def test_texts_are_varied(sample: Sample) -> None:
    texts = Counter(talk.text for talk in of(sample, Interaction))
    assert texts.most_common(1)[0][1] < sum(texts.values()) / 20
    assert len(texts) > sum(texts.values()) / 2


@pytest.fixture
def filled(store: Store) -> Store:
    store.do(create_first_user, name="Мария Орлова")
    store.do(add_sample, clients=15, seed=1, language="both")
    return store


def count(store: Store, model: Any) -> int:
    def ask(db: Any) -> int:
        found: int = db.scalar(select(func.count()).select_from(model).where(~model.is_deleted))
        return found

    return store.ask(ask)


def test_the_sample_is_one_step_that_undo_takes_back(filled: Store) -> None:
    assert count(filled, Client) == 15
    undone = filled.undo()
    assert undone.label == "Add sample workspace"
    assert [count(filled, one) for one in (Client, Contact, Interaction, Ticket)] == [0, 0, 0, 0]
    assert count(filled, User) == 1
    filled.redo()
    assert count(filled, Client) == 15


def test_signals_of_all_are_those_of_each(filled: Store) -> None:
    now = filled.clock()
    filled.clock = lambda: now  # what happened fades from one question to the next
    together = filled.ask(read_signals, filled.ask(list_customers))
    assert sum(len(facts.traces) for facts in together.values()) > 10
    for client, facts in together.items():
        assert filled.ask(read_signals, [client]) == {client: facts}


def test_tickets_are_numbered_as_they_came(filled: Store) -> None:
    rows = filled.ask(lambda db: db.all(select(Ticket.opened_at, Ticket.number)))
    assert [number for _, number in sorted(map(tuple, rows))] == sorted(n for _, n in rows)
    assert len({number for _, number in rows}) == len(rows)


def test_records_are_as_old_as_what_they_tell(filled: Store) -> None:
    ages = filled.ask(lambda db: db.all(select(Interaction.created_at, Interaction.started_at)))
    assert all(created == started for created, started in ages)


def test_numbers_of_the_sample_can_be_called(filled: Store) -> None:
    normals = filled.ask(
        lambda db: db.scalars(select(ContactPoint.normal).where(ContactPoint.kind == "phone"))
    )
    assert len(normals) > 30
    assert all(normal.startswith("+") for normal in normals)


@pytest.mark.parametrize(("clients", "times"), [(LEAST, 2), (LEAST - 1, 1)])
def test_one_company_stands_twice_in_a_sample_that_is_not_small(clients: int, times: int) -> None:
    companies = of(make(clients=clients), Client)
    same = Counter(" ".join(telling_words(one.name)) for one in companies)
    assert max(same.values()) == times
    assert len(companies) == clients + times - 1


def test_screenshots_are_kept_in_the_store(make_filled: Callable[[int], Store]) -> None:
    store = make_filled(60)
    attached = store.ask(lambda db: db.all(select(Attachment.sha256, Attachment.size)))
    kept = store.ask(lambda db: db.all(select(BlobChunk.sha256, BlobChunk.content)))
    sizes = {row.sha256: len(row.content) for row in kept}
    assert attached
    assert all(sizes[row.sha256] == row.size for row in attached)
    assert all(row.content.startswith(b"\x89PNG") for row in kept)


@pytest.fixture
def make_filled(store: Store) -> Callable[[int], Store]:
    def fill(clients: int) -> Store:
        store.do(add_sample, clients=clients, seed=1, language="en")
        return store

    return fill


def test_a_sample_of_nothing_or_in_no_language_is_refused(store: Store) -> None:
    with pytest.raises(UserError, match="needs clients"):
        store.do(add_sample, clients=0)
    with pytest.raises(UserError, match="no sample in “fr”"):
        store.do(add_sample, language="fr")
    assert count(store, Client) == 0


def test_the_desk_has_rules_skills_and_templates_that_can_be_filled(sample: Sample) -> None:
    assert [rule.position for rule in of(sample, AssignmentRule)] == [1, 2]
    good_at = Counter(one.skill_id for one in of(sample, UserSkill))
    assert set(good_at) == {skill.id for skill in of(sample, Skill)}
    for template in of(sample, ReplyTemplate):
        texts = [text for text in (template.text_en, template.text_ru) if text]
        assert texts
        assert all(any(isinstance(one, Hole) for one in parse(text)) for text in texts)


def test_clients_have_answered_what_was_low_is_followed_up_and_wishes_have_votes(
    sample: Sample,
) -> None:
    answers, tasks = of(sample, SurveyAnswer), {one.id: one for one in of(sample, Task)}
    low = [one for one in answers if one.is_low]
    assert {one.kind for one in answers} >= {QuestionKind.NPS, QuestionKind.CSAT, QuestionKind.CES}
    assert any(one.closed_at for one in low) and any(one.closed_at is None for one in low)
    for one in low:
        task = tasks[task_id_of(one.response_id, one.question_key)]
        assert (task.state is TaskState.DONE) == (one.closed_at is not None)
        assert one.closed_at is None or (one.outcome and one.created_at <= one.closed_at <= NOW)
    votes = Counter(one.suggestion_id for one in of(sample, SuggestionVote))
    assert max(votes.values()) > 1 and len({one.state for one in of(sample, Suggestion)}) > 2
