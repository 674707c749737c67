"""Views as files: what the list shows, typed, safe to open, and readable by an import."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from python_calamine import load_workbook

from deskcrm.base import words
from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company, create_person, edit_client
from deskcrm.domain.clients.custom_fields import add_custom_field, set_custom_value
from deskcrm.domain.clients.model import Lifecycle, Tier
from deskcrm.domain.clients.queries import page_clients
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contacts.model import PointKind
from deskcrm.domain.contacts.points import add_point
from deskcrm.domain.contracts.commands import add_contract
from deskcrm.domain.days import day_of
from deskcrm.domain.exports.views import ViewName
from deskcrm.domain.exports.writing import (
    OF_PEOPLE,
    VIEWS,
    FileForm,
    Wanted,
    columns_of,
    export_view,
)
from deskcrm.domain.imports.fields import Target
from deskcrm.domain.imports.importing import apply, preview, propose
from deskcrm.domain.imports.mapping import mapped
from deskcrm.domain.imports.names import is_known
from deskcrm.domain.imports.plan import Mode, Wish
from deskcrm.domain.imports.reading.files import read_file
from deskcrm.domain.opportunities.commands import add_opportunity
from deskcrm.domain.risk.commands import RiskEntry, enter_risk
from deskcrm.domain.risk.model import RiskCause
from deskcrm.domain.tags.commands import tag_clients_by_name
from deskcrm.domain.users.commands import create_first_user
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.store import Store
from tests.domain.exports.conftest import copied
from tests.fixtures_store import MakeStore

EVIL: Final = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture(scope="module")
def workspace(
    begun: tuple[Path, UUID], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    with copied(begun[0], tmp_path_factory.mktemp("views") / "deskcrm.db") as store:
        client = store.ask(page_clients)[0].id
        store.do(enter_risk, [RiskEntry(client, RiskCause.NOTICE)])
        soon = day_of(store.clock()) + timedelta(days=40)
        store.do(add_contract, client, title="Care", ends_on=soon)
        store.do(add_opportunity, client, title="More seats")
        yield store


def export(store: Store, path: Path, view: ViewName, **how: Any) -> list[list[str]]:
    """Write a view as CSV, and read it back as a table."""
    export_view(Job(), store, Wanted(view, **how), path)
    return list(csv.reader(path.read_text("utf-8-sig").splitlines(keepends=True)))


def read_book(path: Path) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(path.read_bytes()))
    return book.get_sheet_by_name(book.sheet_names[0]).to_python()


def test_every_view_is_written_in_every_form(workspace: Store, tmp_path: Path) -> None:
    for view in VIEWS:
        table = export(workspace, tmp_path / "a.csv", view)
        assert len(table) > 1, view
        assert len({len(row) for row in table}) == 1
        done = export_view(Job(), workspace, Wanted(view, FileForm.XLSX), tmp_path / "a.xlsx")
        sheet = read_book(tmp_path / "a.xlsx")
        assert sheet[0] == table[0]
        assert len(sheet) == len(table) == done.rows + 1
        export_view(Job(), workspace, Wanted(view, FileForm.JSON_LINES), tmp_path / "a.jsonl")
        lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
        assert [*lines[0]] == [key for key, _ in workspace.ask(columns_of, view)]
        assert len(lines) == done.rows
    assert [
        path.suffix for path in tmp_path.iterdir() if path.suffix not in (".csv", ".xlsx", ".jsonl")
    ] == []


def test_columns_are_called_in_both_languages(workspace: Store, tmp_path: Path) -> None:
    for view in VIEWS:
        names = export(workspace, tmp_path / "a.csv", view, language="ru")[0]
        own = ("Floor", "VIP")
        latin = [one for one in names if not re.search("[А-Яа-яё]", one) and one not in own]
        assert latin == [], view
        assert len(set(names)) == len(names), view
    assert words.language() == "en"


def test_a_file_shows_what_the_list_shows(desk: Store, tmp_path: Path) -> None:
    for name, city in (("Acme", "Tver"), ("Beta", "Omsk"), ("Coda", "Tver")):
        desk.do(edit_client, desk.do(create_company, name=name).value, city=city)
    asked = Filter().also("city", Comparison.IS, "Tver")
    table = export(
        desk, tmp_path / "a.csv", ViewName.CLIENTS, filters={"asked": asked}, sort="name",
        descending=True, columns=("city", "name"),
    )  # fmt: skip
    assert table == [["City", "Name"], ["Tver", "Coda"], ["Tver", "Acme"]]
    with pytest.raises(UserError, match="no column “colour”"):
        export(desk, tmp_path / "a.csv", ViewName.CLIENTS, columns=("colour",))


def test_text_is_no_formula_and_cells_have_types(desk: Store, tmp_path: Path) -> None:
    evil = desk.do(create_company, name=EVIL).value
    desk.do(edit_client, evil, customer_since=date(2024, 2, 29), about='a\nb; "c", d')
    table = export(desk, tmp_path / "a.csv", ViewName.CLIENTS)
    row = dict(zip(table[0], table[1], strict=True))
    assert row["Name"] == f"'{EVIL}"
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    export(desk, tmp_path / "b.csv", ViewName.CLIENTS, mark=False)
    assert not (tmp_path / "b.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    export_view(Job(), desk, Wanted(ViewName.CLIENTS, FileForm.XLSX), tmp_path / "a.xlsx")
    sheet = read_book(tmp_path / "a.xlsx")
    cells = dict(zip(sheet[0], sheet[1], strict=True))
    assert cells["Name"] == EVIL
    assert cells["Customer since"] == date(2024, 2, 29)
    assert cells["Open tickets"] == 0.0
    export_view(Job(), desk, Wanted(ViewName.CLIENTS, FileForm.JSON_LINES), tmp_path / "a.jsonl")
    said = json.loads((tmp_path / "a.jsonl").read_text())
    assert (said["customer_since"], said["open_tickets"]) == ("2024-02-29", 0)


def full_clients(store: Store) -> None:
    """Make clients with something in every column that an import can fill."""
    field = store.do(add_custom_field, name="Shoe size").value
    for number, name in enumerate(("ООО «Ромашка»", '=Acme, "Inc"', "Beta; GmbH")):
        client = store.do(create_company, name=name).value
        for text in (f"8 495 123-45-0{number}", f"+7 912 345-67-0{number}"):
            store.do(add_point, client, kind=PointKind.PHONE, text=text)
        store.do(
            edit_client, client, legal_name=f"{name} Ltd", tax_number=f"770000000{number}",
            tier=list(Tier)[number], lifecycle=list(Lifecycle)[number],
            website="https://example.org/x", industry="Shoes", street="Main st. 1", city="Тверь",
            province="Tver", postal_code="170000", country="Russia", source="Fair", goals="Grow",
            customer_since=date(2024, 2, 10 + number), about="Line 1\nLine 2",
            caution="-never before noon",
        )  # fmt: skip
        store.do(set_custom_value, client, field_id=field, text=f"4{number}")
        store.do(tag_clients_by_name, [client], name="Key")
    ivan = store.do(create_person, name="Иван Петров").value
    store.do(add_point, ivan, kind=PointKind.EMAIL, text="ivan@example.org")


def test_clients_go_out_and_come_in_by_the_import_dialog(
    desk: Store, make_store: MakeStore, tmp_path: Path
) -> None:
    full_clients(desk)
    other = make_store("other.db")
    other.do(create_first_user, name="Anna")
    other.do(add_custom_field, name="Shoe size")
    for language in words.LANGUAGES:
        words.set_language(language)
        before = export(desk, tmp_path / "clients.csv", ViewName.CLIENTS)
        sheet = read_file(tmp_path / "clients.csv", known=is_known, job=Job())
        columns = other.ask(propose, sheet, Target.CLIENTS)
        held = mapped(columns.suggestions)
        seen = preview(Job(), other, sheet, held, columns, Wish(Target.CLIENTS, Mode.CREATE, ""))
        step = apply(Job(), other, seen).step
        after = export(other, tmp_path / "again.csv", ViewName.CLIENTS)
        taken = [index for index in range(len(before[0])) if index in held]
        assert len(taken) > 20
        assert [[row[at] for at in taken] for row in after] == [
            [row[at] for at in taken] for row in before
        ]
        other.undo(step)


def test_people_are_written_as_cards_that_an_import_reads(desk: Store, tmp_path: Path) -> None:
    full_clients(desk)
    acme = desk.do(create_company, name="Acme").value
    desk.do(
        add_contact, acme, name="Ann; of, Acme", position="Главный бухгалтер отдела продаж " * 5,
        phones=["+7 912 345-67-89"], emails=["ann@example.org"],
    )  # fmt: skip
    path = tmp_path / "people.vcf"
    done = export_view(Job(), desk, Wanted(ViewName.CONTACTS, FileForm.VCARD), path)
    assert all(len(line) <= 75 for line in path.read_bytes().split(b"\r\n"))
    sheet = read_file(path, known=is_known, job=Job())
    rows = {
        line.cells[0]: dict(zip(sheet.headers, line.cells, strict=True)) for line in sheet.lines
    }
    assert len(rows) == done.rows == 5
    assert rows["Ann; of, Acme"]["Phone"] == "+79123456789"
    assert rows["Ann; of, Acme"]["Job title"].startswith("Главный бухгалтер")
    assert rows["Иван Петров"]["Email"] == "ivan@example.org"
    for view in set(VIEWS) - set(OF_PEOPLE):
        with pytest.raises(UserError, match="people only"):
            export_view(Job(), desk, Wanted(view, FileForm.VCARD), path)


def test_a_cancelled_export_leaves_what_was_there(desk: Store, tmp_path: Path) -> None:
    desk.do(create_company, name="Acme")
    for form in FileForm:
        path = tmp_path / f"a.{form}"
        path.write_text("before")
        job = Job()
        job.cancel()
        with pytest.raises(Cancelled):
            export_view(job, desk, Wanted(ViewName.CLIENTS, form), path)
        assert path.read_text() == "before"
    assert len(list(tmp_path.glob("a.*"))) == len(FileForm)
    assert list(tmp_path.glob(".deskcrm-*")) == []
