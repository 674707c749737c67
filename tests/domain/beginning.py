"""One or two of each thing: what commands of every feature find when they are called."""

from collections.abc import Callable
from typing import Any

from deskcrm.domain.absences.commands import plan_absence
from deskcrm.domain.assignment.commands import create_rule, create_skill, set_skilled
from deskcrm.domain.assignment.model import Way
from deskcrm.domain.attachments.commands import paste_attachment
from deskcrm.domain.calendars.commands import create_calendar, set_day, use_calendar
from deskcrm.domain.clients.commands import create_company, create_person, delete_clients
from deskcrm.domain.clients.custom_fields import (
    add_custom_field,
    delete_custom_field,
    set_custom_value,
)
from deskcrm.domain.contacts.commands import add_contact, delete_contact, mark_left
from deskcrm.domain.contracts.commands import add_contract, delete_contract, give_notice
from deskcrm.domain.contracts.model import ContractStatus
from deskcrm.domain.feedback.answers import Given
from deskcrm.domain.feedback.commands import record_answers, send_form
from deskcrm.domain.feedback.forms import add_shipped_forms, create_form
from deskcrm.domain.feedback.model import CaptureWay
from deskcrm.domain.feedback.questions import Question, QuestionKind
from deskcrm.domain.health import Signal
from deskcrm.domain.health.commands import keep_weights
from deskcrm.domain.interactions.commands import Person, add_participant, log_call
from deskcrm.domain.links.commands import link_tickets
from deskcrm.domain.macros.commands import create_macro
from deskcrm.domain.playbooks.commands import adopt_playbook, create_playbook
from deskcrm.domain.playbooks.model import TriggerKind
from deskcrm.domain.playbooks.plays import start_playbook
from deskcrm.domain.playbooks.steps import Doer, Step
from deskcrm.domain.promises.commands import keep_promise, make_promise
from deskcrm.domain.queue.commands import skip_ticket
from deskcrm.domain.sla.commands import create_policy
from deskcrm.domain.suggestions.commands import add_suggestion, merge_suggestions
from deskcrm.domain.tags.commands import create_tag, tag_clients_by_name
from deskcrm.domain.tags.on_tickets import tag_tickets_by_name
from deskcrm.domain.tasks.commands import complete_task, create_task
from deskcrm.domain.teams.commands import add_member, create_team
from deskcrm.domain.templates.commands import create_template
from deskcrm.domain.tickets.commands import open_ticket, set_state
from deskcrm.domain.tickets.lines import escalate
from deskcrm.domain.tickets.model import Priority, TicketKind
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.touch.commands import create_touch_policy, set_touch_rhythm
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.views.commands import save_view
from deskcrm.domain.views.filters import Filter
from deskcrm.domain.watchers.commands import add_watcher
from tests.watch import START


def begin(do: Callable[..., Any]) -> None:
    """Make one or two of each thing, some of them settled, left or deleted."""
    ivan = do(add_user, name="Ivan")
    acme, person = do(create_company, name="Acme"), do(create_person, name="Иван")
    do(delete_clients, [do(create_company, name="Gone")])
    ann = do(add_contact, acme, name="Ann", phones=["+7 912 345-67-89"])
    do(mark_left, do(add_contact, person, name="Ivan", emails=["ivan@example.org"]))
    do(delete_contact, do(add_contact, acme, name="Nobody"))
    do(tag_clients_by_name, [acme], name="vip")
    do(create_tag, name="Хлопоты")
    do(give_notice, do(add_contract, acme, title="Support"))
    do(add_contract, person, title="Licence", status=ContractStatus.DRAFT)
    do(delete_contract, do(add_contract, acme, title="Mistake"))
    do(plan_absence, ivan, first_day=START.date(), last_day=START.date())
    support_team = do(create_team, name="Support")
    do(add_member, support_team, user_id=ivan)
    office = do(create_calendar, name="Office", time_zone="Europe/Moscow")
    do(set_day, office, day=START.date(), name="Day off")
    do(use_calendar, office, team_id=support_team)
    do(keep_weights, {Signal.SILENCE: 0.6})
    do(set_custom_value, acme, field_id=do(add_custom_field, name="Floor"), text="12")
    do(delete_custom_field, do(add_custom_field, name="Old"))
    do(save_view, place="clients", name="Mine", asked=Filter())
    hello = do(create_template, name="Hello", text_en="Hello {contact first name|there}")
    do(create_macro, name="Answer", template_id=hello, priority=Priority.LOW)
    ticket = _begin_tickets(do, acme, ivan)
    said = do(log_call, acme, text="I will call back", contact_id=ann)
    do(add_participant, said, person=Person(user_id=ivan))
    do(paste_attachment, acme, content=b"one", name="one.txt", ticket_id=ticket)
    do(keep_promise, do(make_promise, acme, text="To call back", interaction_id=said))
    do(make_promise, acme, text="To send it")
    do(create_policy, name="Urgent", priorities=[Priority.URGENT], first_response_minutes=30)
    lamps = do(create_skill, name="Lamps", kinds=[TicketKind.INCIDENT])
    do(set_skilled, lamps, user_ids=[ivan])
    do(create_rule, name="Urgent", way=Way.BEST_SUITED, priorities=[Priority.URGENT])
    _begin_plays(do, acme, person, ivan)
    do(create_task, title="Call", client_id=acme, due=START.date(), recurrence="FREQ=WEEKLY")
    do(complete_task, do(create_task, title="Look into it", client_id=acme))
    _begin_feedback(do, acme, person)


def _begin_feedback(do: Callable[..., Any], client: Any, other: Any) -> None:
    do(add_shipped_forms)
    form = do(create_form, name="One", questions=[Question("nps", QuestionKind.NPS, "Recommend?")])
    do(
        record_answers,
        client,
        form_id=form,
        answers=[Given("nps", number=2)],
        way=CaptureWay.PAPER,
    )
    do(send_form, other, form_id=form, reason="They asked for it")
    wish = do(add_suggestion, title="A darker theme", client_id=client, words="My eyes hurt")
    do(merge_suggestions, [do(add_suggestion, title="Dark theme", client_id=other)], into_id=wish)
    do(add_suggestion, title="A lighter one", client_id=client)


def _begin_tickets(do: Callable[..., Any], client: Any, user: Any) -> Any:
    ticket = do(open_ticket, client, subject="It is broken", text="Help")
    do(skip_ticket, ticket, reason="Not mine")
    do(escalate, ticket, reason="Odd", tried="Turned it off", worker_id=None)
    do(add_watcher, ticket, user_id=user)
    do(link_tickets, ticket, other_id=do(open_ticket, client, subject="Broken again"))
    do(tag_tickets_by_name, [ticket], name="vip")
    do(set_state, [ticket], state=TicketState.RESOLVED)
    return ticket


def _begin_plays(do: Callable[..., Any], client: Any, other: Any, user: Any) -> None:
    do(set_touch_rhythm, other, ideal_days=5, max_days=9)
    do(create_touch_policy, name="All", ideal_days=10, max_days=30)
    do(start_playbook, do(adopt_playbook, "going_cold"), [client])
    call = Step("Call", doer=Doer.PERSON, person_id=user)
    do(create_playbook, name="Thank", trigger=TriggerKind.SILENCE, days=3, steps=[call])
