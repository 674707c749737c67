"""What is known of a client, its contacts and contracts: edited, refused, printed."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import edit_client
from deskcrm.domain.clients.custom_fields import add_custom_field
from deskcrm.domain.clients.detail import ClientDetail, get_client
from deskcrm.domain.clients.model import FieldKind
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contracts.commands import add_contract
from deskcrm.domain.contracts.model import BillingPeriod, ContractStatus
from deskcrm.domain.contracts.queries import ContractRow, list_contracts
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.promises.commands import make_promise
from deskcrm.domain.promises.queries import list_open_promises
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.tasks.queries import list_client_tasks
from deskcrm.ui.clients.custom import CustomFieldsCard
from deskcrm.ui.clients.identity import facts_of
from deskcrm.ui.clients.paper import get_paper, make_document, save_pdf, write_pdf
from deskcrm.ui.clients.putting_off import open_renegotiation, open_rescheduling, open_snooze
from deskcrm.ui.clients.screen import ClientsScreen
from deskcrm.ui.contacts.form import open_contact
from deskcrm.ui.contracts.deeds import a_term_later, deeds_of, value_words
from deskcrm.ui.contracts.form import open_contract
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk, undo
from deskcrm.ui.kit.fields import Choice
from deskcrm.ui.kit.fields_parsed import Money
from tests.ui.clients.conftest import AddClient
from tests.ui.settle import settle

Card = Callable[[], FormCard]


@pytest.fixture
def acme(screen: ClientsScreen, desk: Desk, add: AddClient) -> Any:
    """Give a client that the page shows."""
    client = add("Acme")
    screen.table.go_to(0)
    settle(desk)
    return client


def detail(desk: Desk, client: Any) -> ClientDetail:
    return desk.store.ask(get_client, client)


def contracts(desk: Desk, client: Any) -> list[ContractRow]:
    return desk.store.ask(list_contracts, client)


def fill(card: FormCard, desk: Desk, **typed: Any) -> None:
    for name, value in typed.items():
        card.form.fields[name].set_draft(value)
    card.form.save()
    settle(desk)


def is_refused(card: FormCard, name: str) -> bool:
    return card.isVisible() and bool(card.form.fields[name].stop().property("wrong"))


def test_only_what_was_changed_is_written(
    screen: ClientsScreen, desk: Desk, acme: Any, card: Card
) -> None:
    run_action("clients.edit", screen)
    settle(desk)
    fill(card(), desk, city="Riga", tags=["pilot"])
    found = detail(desk, acme)
    assert (found.profile.city, [tag.name for tag in found.tags]) == ("Riga", ["pilot"])
    undo(desk)
    settle(desk)
    assert detail(desk, acme).profile.city == ""
    assert detail(desk, acme).tags == ()


@pytest.mark.parametrize(("field", "typed"), [("name", " "), ("website", "not an address")])
def test_what_cannot_be_is_refused_under_its_field(
    screen: ClientsScreen, desk: Desk, acme: Any, card: Card, field: str, typed: str
) -> None:
    run_action("clients.edit", screen)
    settle(desk)
    fill(card(), desk, **{field: typed})
    assert is_refused(card(), field)
    card().close_card()


def test_what_became_unknown_is_left_empty(
    screen: ClientsScreen, desk: Desk, acme: Any, card: Card
) -> None:
    run_action("clients.edit", screen)
    settle(desk)
    zone = card().form.fields["time_zone"]
    assert isinstance(zone, Choice)
    assert zone.box.findText("Moscow, UTC+3") >= 0
    fill(card(), desk, time_zone="Europe/Moscow", language="ru", country="DE")
    found = detail(desk, acme).profile
    assert (found.time_zone, found.language, found.country) == ("Europe/Moscow", "ru", "DE")
    assert ("Address", "Germany") in facts_of(found)
    run_action("clients.edit", screen)
    settle(desk)
    fill(card(), desk, time_zone=None, language=None, country=None)
    found = detail(desk, acme).profile
    assert (found.time_zone, found.language, found.country) == ("", "", "")


def test_a_country_that_was_written_in_words_stays(
    screen: ClientsScreen, desk: Desk, acme: Any, card: Card
) -> None:
    desk.store.do(edit_client, acme, country="Deutschland")
    settle(desk)
    run_action("clients.edit", screen)
    settle(desk)
    country = card().form.fields["country"]
    assert country.value() == "Deutschland"
    fill(card(), desk, city="Riga")
    assert detail(desk, acme).profile.country == "Deutschland"


def test_custom_fields_are_defined_and_filled_in_with_the_client(
    screen: ClientsScreen, desk: Desk, acme: Any, card: Card
) -> None:
    run_action("clients.custom_fields", screen)
    settle(desk)
    fields = screen.window().findChild(CustomFieldsCard)
    assert isinstance(fields, CustomFieldsCard)
    fields.open_field(None)
    settle(desk)
    fill(card(), desk, name="Size", kind="choice", choices="small\nlarge")
    fields.close_card()
    desk.store.do(add_custom_field, name="Seats", kind=FieldKind.NUMBER)
    desk.store.do(add_custom_field, name="Signed", kind=FieldKind.DATE)
    desk.store.do(add_custom_field, name="Partner", kind=FieldKind.CHECK)
    settle(desk)
    names = {v.name: f"custom:{v.field_id.hex}" for v in detail(desk, acme).custom_values}
    run_action("clients.edit", screen)
    settle(desk)
    fill(card(), desk, **{names["Seats"]: "many"})
    assert is_refused(card(), names["Seats"])
    typed = {"Seats": "12", "Size": "large", "Signed": "2026-03-01", "Partner": True}
    fill(card(), desk, **{names[name]: value for name, value in typed.items()})
    values = {v.name: v.text for v in detail(desk, acme).custom_values}
    assert values == {"Seats": "12", "Size": "large", "Signed": "2026-03-01", "Partner": "yes"}


def test_the_page_shows_what_a_colleague_added_meanwhile(
    screen: ClientsScreen, desk: Desk, acme: Any
) -> None:
    desk.store.do(add_contact, acme, name="Eva")
    settle(desk)
    shown = screen.view.detail
    assert shown is not None
    assert [one.name for one in shown.contacts] == ["Eva"]


def test_a_contact_is_added_edited_and_refused(
    screen: ClientsScreen, desk: Desk, acme: Any, card: Card
) -> None:
    run_action("clients.contact", screen)
    settle(desk)
    fill(card(), desk, name="Eva", phones="12")
    assert is_refused(card(), "phones")
    fill(card(), desk, phones="+7 916 123-45-67", emails="eva@acme")
    assert is_refused(card(), "emails")
    fill(card(), desk, emails="eva@acme.example")
    (contact,) = detail(desk, acme).contacts
    assert {point.normal for point in contact.points} == {"+79161234567", "eva@acme.example"}
    open_contact(screen.view, contact)
    settle(desk)
    fill(card(), desk, position="Chief engineer", phones="")
    (contact,) = detail(desk, acme).contacts
    assert contact.position == "Chief engineer"
    assert [point.normal for point in contact.points] == ["eva@acme.example"]


def test_a_contract_is_added_and_its_figure_says_how_it_comes_about(
    screen: ClientsScreen, desk: Desk, acme: Any, card: Card
) -> None:
    run_action("clients.contract", screen)
    settle(desk)
    fill(card(), desk, title="Support", notice_days="soon")
    assert is_refused(card(), "notice_days")
    fill(card(), desk, notice_days="60")
    (contract,) = contracts(desk, acme)
    assert (contract.title, contract.notice_days) == ("Support", 60)
    open_contract(screen.view, contract)
    settle(desk)
    fill(card(), desk, title="Support and training")
    assert contracts(desk, acme)[0].title == "Support and training"


def test_a_new_contract_is_offered_in_what_the_client_has_paid_in(
    screen: ClientsScreen, desk: Desk, acme: Any, card: Card
) -> None:
    def offered() -> str:
        run_action("clients.contract", screen)
        settle(desk)
        field = card().form.fields["value"]
        assert isinstance(field, Money)
        card().close_card()
        settle(desk)
        return field.box.currentText()

    assert offered() == dates.currencies()[0]
    desk.store.do(add_contract, acme, title="Support", value_minor=10_000, currency="CHF")
    settle(desk)
    assert offered() == "CHF"


def test_a_contract_goes_through_notice_renewal_and_end(
    screen: ClientsScreen, desk: Desk, acme: Any, card: Card
) -> None:
    ends = dates.today() + timedelta(days=100)
    desk.store.do(
        add_contract,
        acme,
        title="Support",
        value_minor=10_000,
        currency="EUR",
        billing_period=BillingPeriod.MONTHLY,
        ends_on=ends,
    )
    settle(desk)
    (contract,) = contracts(desk, acme)
    assert value_words(contract).replace("\u00a0", " ") == "€100 × 12 = €1,200 a year"

    def choose(words: str) -> None:
        deeds = deeds_of(desk, screen, contracts(desk, acme)[0])
        next(run for said, _icon, run in deeds if said == words)()
        settle(desk)

    choose("Notice given…")
    fill(card(), desk)
    assert contracts(desk, acme)[0].status is ContractStatus.NOTICE_GIVEN
    choose("Notice withdrawn")
    assert contracts(desk, acme)[0].status is ContractStatus.ACTIVE
    choose("Renew…")
    fill(card(), desk)
    assert contracts(desk, acme)[0].ends_on == a_term_later(contract)
    choose("End…")
    fill(card(), desk)
    assert contracts(desk, acme)[0].status is ContractStatus.ENDED
    choose("Delete")
    assert contracts(desk, acme) == []


def test_a_promise_is_renegotiated_from_the_page(
    screen: ClientsScreen, desk: Desk, acme: Any, card: Card
) -> None:
    today = dates.today()
    desk.store.do(make_promise, acme, text="Send the price", due_on=today)
    (promise,) = desk.store.ask(list_open_promises, acme)
    open_renegotiation(desk, screen, promise)
    settle(desk)
    fill(card(), desk)
    assert card().form.banner.isVisible()  # the same day is no other day
    card().form.fields["due_on"].set_value(today + timedelta(days=3))
    fill(card(), desk)
    (promise,) = desk.store.ask(list_open_promises, acme)
    assert promise.due_on == today + timedelta(days=3)


def test_a_task_is_snoozed_and_moved_from_the_page(
    screen: ClientsScreen, desk: Desk, acme: Any, card: Card
) -> None:
    today = dates.today()
    desk.store.do(create_task, title="Call back", client_id=acme, due=today)
    (task,) = desk.store.ask(list_client_tasks, acme)
    open_rescheduling(desk, screen, task)
    settle(desk)
    card().form.fields["due"].set_value(today + timedelta(days=3))
    fill(card(), desk, reason="She is away")
    (task,) = desk.store.ask(list_client_tasks, acme)
    assert task.due_on == today + timedelta(days=3)
    open_snooze(desk, screen, task)
    settle(desk)
    fill(card(), desk)
    (task,) = desk.store.ask(list_client_tasks, acme)
    assert task.snoozed_until is not None


def test_the_page_on_paper_takes_a_name_as_plain_text(
    screen: ClientsScreen, desk: Desk, add: AddClient, tmp_path: Path
) -> None:
    client = add("<b>Acme</b>", caution="Write first")
    desk.store.do(add_contact, client, name="Eva <i>")
    desk.store.do(make_promise, client, text="Send the price")
    desk.store.do(log_call, client, text="Спросили цену")
    paper = desk.store.ask(get_paper, client)
    text = make_document(paper).toPlainText()
    for said in ("<b>Acme</b>", "Write first", "Eva <i>", "Send the price", "Спросили цену"):
        assert said in text
    write_pdf(paper, tmp_path / "acme.pdf")
    assert (tmp_path / "acme.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(UserError):
        write_pdf(paper, tmp_path / "nowhere" / "acme.pdf")


def test_saving_as_pdf_writes_where_the_person_chose(
    screen: ClientsScreen, desk: Desk, acme: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.pdf"
    monkeypatch.setattr("deskcrm.ui.clients.paper.choose_where", lambda *_: path)
    save_pdf(desk, screen, acme, "Acme")
    settle(desk)
    assert path.stat().st_size > 0
