"""An import from the file to the receipt: what it tells is there, and undo takes it back."""

from typing import Any

import pytest
from sqlalchemy import func, select

from deskcrm.base import words
from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company, create_person
from deskcrm.domain.clients.custom_fields import add_custom_field, set_custom_value
from deskcrm.domain.clients.detail import get_client
from deskcrm.domain.clients.model import Client, ClientId, ClientKind, Tier
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contacts.model import Contact, ContactPoint, PointKind
from deskcrm.domain.contacts.points import add_point
from deskcrm.domain.contracts.model import Contract
from deskcrm.domain.imports import importing, writing
from deskcrm.domain.imports.fields import CUSTOM, Target
from deskcrm.domain.imports.plan import Fate, Mode, Wish, summary
from deskcrm.domain.imports.reading.sheet import Reading
from deskcrm.domain.imports.receipts import write_rejects
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.tickets.model import Ticket, TicketMessage, TicketTransition
from deskcrm.store import undo
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.tables import change_table, step_table
from tests.domain.behind import behind
from tests.domain.imports.cases import all_cases
from tests.domain.imports.conftest import Look, fates, living


def only(desk: Store, model: Any) -> Any:
    def one(db: Reader) -> Any:
        [row] = db.all(select(model.__table__).where(~model.is_deleted))
        return row

    return desk.ask(one)


def log_of(desk: Store) -> tuple[int, int]:
    def count(db: Reader) -> tuple[int, int]:
        steps = db.scalar(select(func.count()).select_from(step_table)) or 0
        return steps, db.scalar(select(func.count()).select_from(change_table)) or 0

    return desk.ask(count)


def test_rows_become_clients_with_contacts_and_numbers(desk: Store, look: Look) -> None:
    seen = look(
        "Company;Contact person;Phone;E-mail;City;VIP\n"
        "Acme;Ann Shaw;8 (916) 123-45-67 доб. 12;ANN@acme.org;Boston;gold\n"
        "Acme;Bob Lee;+7 916 765-43-21;;Boston;\n"
        "Beta;;495 123-45-67;;Austin;\n"
    )
    assert summary(seen.plan) == {
        "read": 3, "new": 3, "changed": 0, "duplicate": 0, "rejected": 0,
    }  # fmt: skip
    receipt = importing.apply(Job(), desk, seen)
    assert receipt.added == {"client": 2, "contact": 2, "contact_point": 4}
    assert receipt.changed == {}

    def acme(db: Reader) -> Any:
        return get_client(db, ClientId(db.scalar(select(Client.id).where(Client.name == "Acme"))))  # type: ignore[arg-type]  # it is there

    found = desk.ask(acme)
    assert found.profile.tier is Tier.GOLD
    assert [contact.name for contact in found.contacts] == ["Ann Shaw", "Bob Lee"]
    assert [point.normal for point in found.contacts[0].points] == [
        "+79161234567",
        "ann@acme.org",
    ]
    desk.undo(receipt.step)
    assert (living(desk, Client), living(desk, Contact), living(desk, ContactPoint)) == (0, 0, 0)


def test_what_is_derived_follows_while_many_rows_are_written_and_taken_back(
    desk: Store, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_AT_ONCE", 2)
    monkeypatch.setattr(undo, "_SETTLED", 1)
    rows = "".join(f"Client {n},Ann {n},+1 650 253 00{n:02}\n" for n in range(7))
    receipt = importing.apply(Job(), desk, look(f"Company,Contact person,Phone\n{rows}"))
    assert receipt.added == {"client": 7, "contact": 7, "contact_point": 7}
    assert behind(desk) == []
    desk.undo(receipt.step)
    assert behind(desk) == []
    desk.redo()
    assert behind(desk) == []
    assert living(desk, Contact) == 7


def test_a_person_without_a_company_is_the_client(desk: Store, look: Look) -> None:
    importing.apply(Job(), desk, look("Фамилия;Имя;Телефон\nПетров;Иван;+7 916 123-45-67\n"))
    client = only(desk, Client)
    assert (client.name, client.kind) == ("Иван Петров", ClientKind.PERSON)
    assert only(desk, ContactPoint).contact_id is None


def test_who_is_there_already_is_told_and_not_written(desk: Store, look: Look) -> None:
    acme = desk.do(create_company, name="ООО «Ромашка»").value
    desk.do(add_point, acme, kind=PointKind.PHONE, text="+7 916 123-45-67")
    seen = look(
        "Name;Phone\nООО Ромашка;\nОдуванчик;8 916 123-45-67\nЛютик;8 916 000-00-01\nлютик;\n"
        "Пион;8 916 000-00-01\n"
    )
    assert fates(seen) == ["duplicate", "duplicate", "new", "duplicate", "duplicate"]
    assert [row.of for row in seen.plan.rows[:2]] == [acme, acme]
    assert "Phone" in seen.plan.rows[1].why
    assert "line 4" in seen.plan.rows[3].why


def test_an_update_says_from_what_to_what_and_does_it(desk: Store, look: Look) -> None:
    field = desk.do(add_custom_field, name="Code").value
    acme = desk.do(create_company, name="Acme", city="Boston", tax_number="7701234567").value
    desk.do(set_custom_value, acme, field_id=field, text="A-1")
    text = (
        "Code,Name,City,Tier,Contact person,Phone,Tags\n"
        "A-1,Acme Inc,Austin,gold,Ann,+1 650 253 0000,big;old\nA-2,Beta,,,,,\n"
    )
    seen = look(text, key=f"{CUSTOM}{field}")
    assert fates(seen) == ["changed", "new"]
    changes = {change.key: (change.before, change.after) for change in seen.plan.rows[0].changes}
    assert changes["city"] == ("Boston", "Austin")
    assert changes["name"] == ("Acme", "Acme Inc")
    assert changes["tier"] == (words.of(Tier.STANDARD), words.of(Tier.GOLD))
    assert changes["phone"] == ("", "+1 650 253 0000")
    receipt = importing.apply(Job(), desk, seen)
    detail = desk.ask(get_client, acme)
    assert (detail.profile.name, detail.profile.city) == ("Acme Inc", "Austin")
    assert {tag.name for tag in detail.tags} == {"big", "old"}
    assert [contact.name for contact in detail.contacts] == ["Ann"]
    assert receipt.changed == {"client": 1}
    again = look(text, key=f"{CUSTOM}{field}")
    assert fates(again) == ["duplicate", "duplicate"]
    with pytest.raises(UserError, match="nothing to write"):
        importing.apply(Job(), desk, again)
    desk.undo(receipt.step)
    detail = desk.ask(get_client, acme)
    assert (detail.profile.name, detail.profile.city, detail.contacts) == ("Acme", "Boston", ())


def test_only_update_adds_nothing(desk: Store, look: Look) -> None:
    desk.do(create_company, name="Acme")
    seen = look("Name,City\nAcme,Rome\nBeta,Rome\n", key="name", mode=Mode.UPDATE)
    assert fates(seen) == ["changed", "rejected"]


def test_what_is_not_one_thing_is_a_conflict(desk: Store, look: Look) -> None:
    for name in ("Acme", "acme"):
        desk.do(create_company, name=name)
    desk.do(create_company, name="Beta", city="Oslo")
    seen = look("Name,City\nAcme,Rome\nBeta,Rome\nBeta,Paris\n", key="name")
    assert fates(seen) == ["conflict", "changed", "conflict"]
    assert "2 clients" in seen.plan.rows[0].why
    assert "line 3" in seen.plan.rows[2].why


def test_what_cannot_be_read_is_rejected_with_its_reason(desk: Store, look: Look) -> None:
    seen = look(
        "Name,Phone,E-mail,Owner,Customer since,Site\nA,call me,,,,\nB,,nobody at home,,,\n"
        "C,,,Nobody,,\nD,,,,soon,\nE,,,,,javascript:1\nF,,,,,\n,+1 650 253 0000,,,,\n"
    )
    assert fates(seen) == [*["rejected"] * 5, "new", "rejected"]
    reasons = [row.why for row in seen.plan.rows]
    for reason, word in zip(reasons, ("Phone", "Email", "Nobody", "date", "Website"), strict=False):
        assert word in reason


def test_rejects_are_mended_and_fed_in_again(desk: Store, look: Look) -> None:
    seen = look("Name,Phone,Notes\nAcme,call me,=1+1\nBeta,+1 650 253 0000,x\n")
    importing.apply(Job(), desk, seen)
    rejects = write_rejects(seen.sheet, seen.plan)
    assert "'=1+1" in rejects
    assert "Beta" not in rejects
    mended = look(rejects.replace("call me", "'+1 650 253 0001"))
    assert fates(mended) == ["new"]
    importing.apply(Job(), desk, mended)

    def about(db: Reader) -> str:
        return db.scalar(select(Client.about).where(Client.name == "Acme")) or ""

    assert desk.ask(about) == "=1+1"
    assert living(desk, ContactPoint) == 2


def test_contacts_join_the_client_that_is_there(desk: Store, look: Look) -> None:
    acme = desk.do(create_company, name="Acme").value
    desk.do(add_contact, acme, name="Ann")
    seen = look("Company,Name,Title\nAcme,Ann,\nAcme,Bob,CTO\nBeta,Cid,\n", Target.CONTACTS)
    assert fates(seen) == ["duplicate", "new", "new"]
    receipt = importing.apply(Job(), desk, seen)
    assert receipt.added == {"client": 1, "contact": 2}
    assert [one.position for one in desk.ask(get_client, acme).contacts if one.name == "Bob"] == [
        "CTO"
    ]


def test_cards_of_a_phone_become_people(desk: Store, look: Look) -> None:
    card = (
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ann Shaw\nORG:Acme;Sales\nTITLE:CEO\nTEL:+1 650 253 0000\n"
        "EMAIL:ann@acme.org\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nN:Lee;Bob;;;\nTEL:+1 650 253 0001\nEND:VCARD\n"
    )
    receipt = importing.apply(Job(), desk, look(card, Target.CONTACTS, suffix=".vcf"))
    assert receipt.added == {"client": 2, "contact": 1, "contact_point": 3}


def test_interactions_find_their_client_and_come_once(desk: Store, look: Look) -> None:
    acme = desk.do(create_company, name="Acme").value
    desk.do(add_point, acme, kind=PointKind.PHONE, text="+1 650 253 0000")
    text = (
        "Phone,Date,Channel,Direction,Minutes,Text\n"
        "+1 650 253 0000,2026-01-15 10:30,call,in,12,asked for a price\n"
        "+1 650 253 0000,2026-01-15 10:30,call,in,12,asked for a price\n"
        "+1 650 253 0009,2026-01-15 10:30,call,in,1,who is it\n"
        "+1 650 253 0000,2126-01-15,call,in,1,not yet\n+1 650 253 0000,,call,in,1,when\n"
    )
    seen = look(text, Target.INTERACTIONS)
    assert fates(seen) == ["new", "duplicate", "rejected", "rejected", "rejected"]
    importing.apply(Job(), desk, seen)
    said = only(desk, Interaction)
    assert (said.client_id, said.duration_seconds, said.text) == (acme, 720, "asked for a price")
    assert fates(look(text, Target.INTERACTIONS))[0] == "duplicate"


def test_tickets_get_numbers_and_their_history(desk: Store, look: Look) -> None:
    desk.do(create_company, name="Acme")
    text = (
        "Client,Subject,Priority,Status,Date,Message\n"
        "Acme,No signal,high,closed,2026-01-15,it is off\n"
        "Acme,Question,,,2026-01-16,\nAcme,Bad,sky-high,,2026-01-16,\n"
    )
    seen = look(text, Target.TICKETS)
    assert fates(seen) == ["new", "new", "rejected"]
    receipt = importing.apply(Job(), desk, seen)
    assert receipt.added == {"ticket": 2, "ticket_transition": 3, "ticket_message": 1}
    assert fates(look(text, Target.TICKETS)) == ["duplicate", "duplicate", "rejected"]
    desk.undo(receipt.step)
    assert [living(desk, one) for one in (Ticket, TicketMessage, TicketTransition)] == [0, 0, 0]


def test_contracts_are_added_and_changed(desk: Store, look: Look) -> None:
    desk.do(create_company, name="Acme")
    head = "Client;Contract;Value;Start;End;Billing period\n"
    first = look(f"{head}Acme;No 1;1 200,50 €;01.01.2026;31.12.2026;yearly\n", Target.CONTRACTS)
    importing.apply(Job(), desk, first)
    contract = only(desk, Contract)
    assert (contract.value_minor, contract.currency) == (120_050, "EUR")
    assert contract.decision_on == contract.ends_on
    longer = f"{head}Acme;No 1;1 300,00 €;;31.12.2027;\nAcme;No 2;-5;;;\n"
    seen = look(longer, Target.CONTRACTS, key="name")
    assert fates(seen) == ["changed", "rejected"]
    receipt = importing.apply(Job(), desk, seen)
    assert only(desk, Contract).value_minor == 130_000
    desk.undo(receipt.step)
    assert only(desk, Contract).value_minor == 120_050
    early = look(f"{head}Acme;No 1;;;31.12.2020;\n", Target.CONTRACTS, key="name")
    assert fates(early) == ["rejected"]


def test_what_is_not_certain_must_be_answered_first(desk: Store, look: Look) -> None:
    text = "Name,Customer since\nAcme,01/02/2020\nBeta,03/04/2020\n"
    seen = look(text)
    assert [one.about for one in seen.questions] == ["dates"]
    with pytest.raises(UserError, match="dates"):
        importing.apply(Job(), desk, seen)
    answered = look(text, how=Reading(dates="mdy"))
    assert answered.questions == []
    importing.apply(Job(), desk, answered)
    assert living(desk, Client) == 2


def test_what_was_chosen_for_columns_is_kept_for_the_next_file(desk: Store, look: Look) -> None:
    seen = look("Name,Foo\nAcme,Boston\nBeta,Austin\n")
    assert seen.mapped == {0: "name"}
    seen.mapped[1] = "city"
    again = importing.preview(
        Job(), desk, seen.sheet, seen.mapped, seen.columns, Wish(Target.CLIENTS)
    )
    importing.apply(Job(), desk, again)
    assert look("Name,Foo\nGamma,Oslo\nDelta,Rome\n").mapped == {0: "name", 1: "city"}


def test_a_workspace_that_changed_since_the_preview_is_not_written_to(
    desk: Store, look: Look
) -> None:
    seen = look("Name\nAcme\nBeta\n")
    desk.do(create_company, name="Acme")
    before = log_of(desk)
    with pytest.raises(UserError, match="changed since the preview"):
        importing.apply(Job(), desk, seen)
    assert log_of(desk) == before


def cancelled_after(moments: int) -> Job:
    """Give a job that is cancelled once it has told so often how far it is."""
    told = iter(range(moments))

    def tell(*_: object) -> None:
        if next(told, None) is None:
            job.cancel()

    job = Job(on_progress=tell)
    return job


def test_cancelled_at_any_moment_an_import_and_its_undo_leave_nothing_behind(
    desk: Store, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_AT_ONCE", 10)
    seen = look("Name,Tags\n" + "".join(f"Client {n},new\n" for n in range(1_010)))
    before, moments = log_of(desk), 0
    while True:
        try:
            step = importing.apply(cancelled_after(moments), desk, seen).step
            break
        except Cancelled:
            assert (log_of(desk), living(desk, Client)) == (before, 0)
            moments += 37  # far enough that each kind of moment is met in seconds
    assert moments > 2 * 37
    written, moments = log_of(desk), 0
    while True:
        try:
            desk.undo(step, job=cancelled_after(moments))
            break
        except Cancelled:
            assert (log_of(desk), living(desk, Client)) == (written, 1_010)
            moments += 1
    assert moments > 1
    assert (living(desk, Client), behind(desk)) == (0, [])


def test_a_mapping_that_names_nobody_is_refused(desk: Store, look: Look) -> None:
    with pytest.raises(UserError, match="who the clients are"):
        look("City,Country\nBoston,USA\nRome,Italy\n")
    with pytest.raises(UserError, match="found by"):
        look("Name,City\nAcme,Rome\n", key="email")


def test_undo_leaves_alone_what_somebody_changed_since(desk: Store, look: Look) -> None:
    person = desk.do(create_person, name="Ann", city="Oslo").value
    receipt = importing.apply(Job(), desk, look("Name,City\nAnn,Rome\n", key="name"))
    importing.apply(Job(), desk, look("Name,City\nAnn,Paris\n", key="name"))
    undone = desk.undo(receipt.step)
    assert [one.columns for one in undone.left_alone] == [("city",)]
    assert desk.ask(get_client, ClientId(person)).profile.city == "Paris"


def test_no_file_is_written_by_half(desk: Store, look: Look) -> None:
    """Every odd and hostile file goes all the way: what the preview tells is there, then gone."""
    for case in all_cases():
        if case.is_fatal or case.rows > 1_000:
            continue
        before = living(desk, Client), living(desk, Contact), living(desk, ContactPoint)
        try:
            seen = look(case.bytes(), suffix=case.suffix)
        except UserError:
            continue  # not read, or no column names anybody
        steps = log_of(desk)
        try:
            receipt = importing.apply(Job(), desk, seen)
        except UserError:
            assert log_of(desk) == steps
            continue
        made = sum(row.makes_client for row in seen.plan.rows if row.fate is Fate.NEW)
        assert receipt.added.get("client", 0) == made, case.name
        assert living(desk, Client) == before[0] + made, case.name
        desk.undo(receipt.step)
        after = living(desk, Client), living(desk, Contact), living(desk, ContactPoint)
        assert after == before, case.name
