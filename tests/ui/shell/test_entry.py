"""Quick entry, the sample, upkeep."""

import pytest

from deskcrm.base import clock
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.queries import count_clients
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.drafts.queries import get_draft
from deskcrm.domain.lookup.caller import list_last_contacts
from deskcrm.domain.promises.queries import list_open_promises
from deskcrm.domain.sample.commands import add_sample
from deskcrm.domain.tasks.queries import count_tasks
from deskcrm.domain.tickets.queries import count_tickets
from deskcrm.store import backup
from deskcrm.store.verify import Report
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.pick import Pick
from deskcrm.ui.shell import entry, sample, upkeep
from deskcrm.ui.shell.entry import EntryCard
from deskcrm.ui.shell.window import Window
from tests.ui.settle import settle
from tests.ui.walk import unnamed


def pick(card: EntryCard, desk: Desk, typed: str) -> None:
    """Type into the client's field and take the first that is offered."""
    field = card.form.fields["client"]
    assert isinstance(field, Pick)
    field.line.setText(typed)
    field.line.textEdited.emit(typed)
    settle(desk)
    field.choose(field.offered()[0])


def test_a_call_is_logged_with_the_promise_in_it(window: Window, desk: Desk) -> None:
    client = desk.store.do(create_company, name="Acme").value
    contact = desk.store.do(add_contact, client, name="John Smith").value
    card = entry.begin(window, "call")
    settle(desk)
    pick(card, desk, "smith")
    card.form.fields["said"].set_value("The export fails. I'll call back tomorrow.")
    card.form.fields["lasted"].set_draft("10")
    card.form.save()
    settle(desk)
    (logged,) = desk.store.ask(list_last_contacts, client)
    assert logged.said.startswith("The export fails")
    (promise,) = desk.store.ask(list_open_promises, client)
    assert promise.contact_id == contact
    assert promise.due_on is not None


def test_a_task_needs_only_its_title(window: Window, desk: Desk) -> None:
    card = entry.begin(window, "task")
    card.form.fields["title"].set_value("Water the plants")
    card.form.save()
    settle(desk)
    assert desk.store.ask(count_tasks) == 1


def test_a_ticket_needs_a_client_and_a_subject(window: Window, desk: Desk) -> None:
    desk.store.do(create_company, name="Acme")
    card = entry.begin(window, "ticket")
    settle(desk)
    card.form.save()
    assert desk.store.ask(count_tickets) == 0
    pick(card, desk, "acme")
    card.form.fields["subject"].set_value("Printer on fire")
    card.form.save()
    settle(desk)
    assert desk.store.ask(count_tickets) == 1


def test_a_client_is_added_in_one_step(window: Window, desk: Desk) -> None:
    card = entry.begin(window, "client")
    card.form.fields["company"].set_value("Acme")
    card.form.fields["name"].set_value("John Smith")
    card.form.fields["number"].set_value("+44 20 7946 0958")
    card.form.save()
    settle(desk)
    assert desk.store.ask(count_clients) == 1
    desk.store.undo()
    assert desk.store.ask(count_clients) == 0


def test_changing_what_it_is_keeps_what_was_typed(window: Window, desk: Desk) -> None:
    card = entry.begin(window, "note")
    card.form.fields["said"].set_value("Half a thought")
    card.tabs.setCurrentIndex(2)
    settle(desk)
    draft = desk.store.ask(get_draft, place="entry", subject="note")
    assert draft is not None
    assert draft.content["said"] == "Half a thought"


@pytest.mark.parametrize("kind", ["call", "note", "task", "ticket", "client"])
def test_every_kind_of_entry_names_its_fields(window: Window, desk: Desk, kind: str) -> None:
    card = entry.begin(window, kind)
    settle(desk)
    assert unnamed(card) == []
    assert sum(field.required for field in card.form.fields.values()) <= 2


def test_the_sample_goes_with_one_click_and_comes_back_with_undo(
    window: Window, desk: Desk
) -> None:
    desk.store.do(create_company, name="My own client")
    desk.store.do(add_sample, clients=3, seed=7, language="en")
    sample.say_if_sample(window)
    settle(desk)
    assert window.banner.isVisible()
    window.banner.button.click()
    settle(desk)
    assert desk.store.ask(count_clients) == 1
    assert not window.banner.isVisible()
    desk.store.undo()
    assert desk.store.ask(count_clients) == 4


def test_without_a_sample_nothing_is_said(window: Window, desk: Desk) -> None:
    sample.say_if_sample(window)
    settle(desk)
    assert not window.banner.isVisible()


def test_the_first_start_of_the_day_makes_a_backup(window: Window, desk: Desk) -> None:
    profile = window.opened.profile
    assert backup.due(profile, clock.now())
    upkeep.begin(desk, window.opened)
    settle(desk)
    assert len(backup.list_backups(profile)) == 1
    upkeep.begin(desk, window.opened)
    settle(desk)
    assert len(backup.list_backups(profile)) == 1


def test_a_crash_is_followed_by_a_check(
    window: Window, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.opened.hold, "ended_cleanly", False)
    upkeep.begin(desk, window.opened)
    settle(desk)
    assert "it is whole" in window.covers.toasts.shown[0].accessibleName()
    upkeep._checked(desk, window.opened, Report(problems=("One page is damaged.",)))
    assert "damaged" in window.covers.toasts.shown[-1].accessibleName()
