"""What is no whole archive of ours, or has no place to go, is refused and changes nothing."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.jobs import Job
from deskcrm.domain.attachments.commands import paste_attachment
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.exports.archive import MANIFEST, line_type, models
from deskcrm.domain.exports.bringing import bring_everything
from deskcrm.domain.exports.opening import BadArchive, open_archive, read_line
from deskcrm.domain.exports.packing import export_everything
from deskcrm.domain.imports.names import is_known
from deskcrm.domain.imports.reading.files import read_file
from deskcrm.store.contents import hash_of
from deskcrm.store.older import at_revision
from deskcrm.store.store import Store
from tests.domain.exports.workspaces import read_all
from tests.fixtures_store import MakeStore

Entries = dict[str, bytes]
CLIENTS: Final = "records/client.jsonl"
FLIPS: Final = 300


@pytest.fixture
def archive(desk: Store, tmp_path: Path) -> Path:
    """Give a good archive, of a workspace with a client and a file."""
    client = desk.do(create_company, name="Acme").value
    desk.do(paste_attachment, client, name="a.txt", content=b"hello" * 100)
    path = tmp_path / "all.zip"
    export_everything(Job(), desk, path)
    return path


@pytest.fixture
def empty(make_store: MakeStore) -> Iterator[Store]:
    """Give an empty workspace, and see to it that it is empty afterwards."""
    store = make_store("empty.db")
    before = store.ask(read_all)
    yield store
    assert store.ask(read_all) == before


def entries_of(path: Path) -> Entries:
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def write(path: Path, entries: Entries, packed: bool = False) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in entries.items():
            is_kept = name.startswith("contents/") and not packed
            kind = zipfile.ZIP_STORED if is_kept else zipfile.ZIP_DEFLATED
            zipped.writestr(name, content, kind)


def told(entries: Entries, **changes: Any) -> None:
    """Make the manifest say something else."""
    entries[MANIFEST] = json.dumps(json.loads(entries[MANIFEST]) | changes).encode()


def rewrite(entries: Entries, lines: list[dict[str, Any] | bytes]) -> None:
    """Put other clients in, with a manifest that says so."""
    text = b"".join(
        (line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines
    )
    entries[CLIENTS] = text
    tables = json.loads(entries[MANIFEST])["tables"]
    for table in tables:
        if table["name"] == "client":
            table |= {
                "rows": len(lines), "bytes": len(text),
                "sha256": hashlib.sha256(text).hexdigest(),
            }  # fmt: skip
    told(entries, tables=tables)


def client_of(entries: Entries) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(entries[CLIENTS].splitlines()[0])
    return found


def _traversal(entries: Entries) -> None:
    entries["../../etc/passwd"] = b"x"


def _foreign_file(entries: Entries) -> None:
    entries["records/client.sql"] = b"x"


def _unknown_table(entries: Entries) -> None:
    entries["records/sqlite_schema.jsonl"] = b""
    tables = json.loads(entries[MANIFEST])["tables"]
    empty = {"rows": 0, "bytes": 0, "sha256": hashlib.sha256().hexdigest()}
    told(entries, tables=[*tables, {"name": "sqlite_schema", **empty}])


def _missing_file(entries: Entries) -> None:
    del entries[CLIENTS]


def _missing_contents(entries: Entries) -> None:
    del entries[next(name for name in entries if name.startswith("contents/"))]


def _other_contents(entries: Entries) -> None:
    entries[next(name for name in entries if name.startswith("contents/"))] = b"something else"


def _no_manifest(entries: Entries) -> None:
    del entries[MANIFEST]


def _odd_manifest(entries: Entries) -> None:
    entries[MANIFEST] = b"[" * 100_000


def _other_format(entries: Entries) -> None:
    told(entries, format="something")


def _newer_form(entries: Entries) -> None:
    told(entries, version=2)


def _newer_schema(entries: Entries) -> None:
    told(entries, schema="9999")


def _one_row_less(entries: Entries) -> None:
    entries[CLIENTS] = b""


def _twice(entries: Entries) -> None:
    rewrite(entries, [client_of(entries)] * 2)


def _no_object(entries: Entries) -> None:
    rewrite(entries, [b"[]"])


def _deep(entries: Entries) -> None:
    rewrite(entries, [b'{"id":' * 100_000])


def _wrong_type(entries: Entries) -> None:
    rewrite(entries, [client_of(entries) | {"tier": "platinum"}])


def _nothing_for_something(entries: Entries) -> None:
    rewrite(entries, [client_of(entries) | {"name": None}])


def _too_large_number(entries: Entries) -> None:
    rewrite(entries, [client_of(entries) | {"created_at": 10**30}])


def _other_column(entries: Entries) -> None:
    rewrite(entries, [client_of(entries) | {"seq": 7}])


def _column_less(entries: Entries) -> None:
    row = client_of(entries)
    del row["city"]
    rewrite(entries, [row])


HOSTILE: Final[dict[Callable[[Entries], None], str]] = {
    _traversal: "not an export of everything",
    _foreign_file: "not an export of everything",
    _unknown_table: "is damaged",
    _missing_file: "is damaged",
    _missing_contents: "is damaged",
    _other_contents: "is damaged",
    _no_manifest: "not an export of everything",
    _odd_manifest: "is damaged",
    _other_format: "not an export of everything",
    _newer_form: "newer DeskCRM",
    _newer_schema: "newer DeskCRM",
    _one_row_less: "is damaged",
    _twice: "is damaged",
    _no_object: "is damaged",
    _deep: "is damaged",
    _wrong_type: "is damaged",
    _nothing_for_something: "is damaged",
    _too_large_number: "is damaged",
    _other_column: "is damaged",
    _column_less: "is damaged",
}


def test_a_hostile_archive_is_refused_in_words(archive: Path, empty: Store) -> None:
    good = entries_of(archive)
    for harm, words in HOSTILE.items():
        entries = dict(good)
        harm(entries)
        write(archive, entries)
        with pytest.raises(BadArchive, match=words):
            bring_everything(Job(), empty, archive)


def test_a_bomb_is_refused_before_it_is_unpacked(archive: Path, empty: Store) -> None:
    entries = entries_of(archive)
    entries[CLIENTS] = b"\n" * 40_000_000
    write(archive, entries)
    with pytest.raises(BadArchive, match="unpack to far more"):
        bring_everything(Job(), empty, archive)
    write(archive, entries_of(archive) | {CLIENTS: b""}, packed=True)
    with pytest.raises(BadArchive, match="not an export of everything"):
        bring_everything(Job(), empty, archive)


def test_a_name_twice_and_what_is_no_archive_are_refused(archive: Path, empty: Store) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(archive, "a") as zipped:
        zipped.writestr(CLIENTS, b"")
    with pytest.raises(BadArchive, match="not an export of everything"):
        bring_everything(Job(), empty, archive)
    archive.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(BadArchive, match="is damaged"):
        bring_everything(Job(), empty, archive)
    with pytest.raises(BadArchive, match="cannot be read"):
        bring_everything(Job(), empty, archive.parent / "nowhere.zip")


def read_whole(path: Path) -> Any:
    """Read all of an archive as bringing it in does, without a workspace."""
    by_name = {str(model.__tablename__): model for model in models()}
    with open_archive(path) as opened:
        rows = {
            table.name: [
                read_line(opened, msgspec.json.Decoder(line_type(by_name[table.name])), line)
                for line in opened.lines(table)
            ]
            for table in opened.manifest.tables
        }
        held = {sha256: hash_of(opened.pieces(sha256)) for sha256, _ in opened.contents()}
        assert opened.manifest.format
        for sha256, found in held.items():
            if found[0] != sha256:
                raise BadArchive("damaged")
        return opened.manifest, rows, held


def test_one_flipped_byte_is_noticed_or_changes_nothing(archive: Path) -> None:
    whole, content = read_whole(archive), archive.read_bytes()
    refused = 0
    for number in range(FLIPS):
        at = number * len(content) // FLIPS
        archive.write_bytes(content[:at] + bytes([content[at] ^ 0x41]) + content[at + 1 :])
        try:
            assert read_whole(archive) == whole
        except (BadArchive, KeyError):
            refused += 1
    assert refused > FLIPS * 2 // 3  # the rest are dates and the like, of which nothing is made


def test_a_workspace_with_something_in_it_is_left_alone(desk: Store, archive: Path) -> None:
    before = desk.ask(read_all)
    with pytest.raises(UserError, match="not empty"):
        bring_everything(Job(), desk, archive)
    assert desk.ask(read_all) == before


def test_an_import_of_a_table_says_what_an_archive_is(archive: Path) -> None:
    with pytest.raises(UserError, match="export of everything, not one table"):
        read_file(archive, known=is_known, job=Job())


def test_a_cancelled_export_or_import_leaves_nothing(
    archive: Path, desk: Store, empty: Store, tmp_path: Path
) -> None:
    job = Job()
    job.on_progress = lambda done, total, text: job.cancel()
    with pytest.raises(Cancelled):
        export_everything(job, desk, tmp_path / "other.zip")
    with pytest.raises(Cancelled):
        bring_everything(job, empty, archive)
    assert sorted(path.name for path in tmp_path.glob("*.zip*")) == ["all.zip"]


class _Full(io.BytesIO):
    def write(self, content: Any) -> int:
        raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_what_was_there(
    archive: Path, desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = archive.read_bytes()
    monkeypatch.setattr("os.fdopen", lambda *_args, **_kwargs: _Full())
    with pytest.raises(UserError, match="No space left on device"):
        export_everything(Job(), desk, archive)
    monkeypatch.undo()
    assert archive.read_bytes() == before
    assert [path.name for path in archive.parent.glob("*.part")] == []


def made_older(entries: Entries, revision: str) -> None:
    """Make an archive of today one of a revision of then: without what there was not yet."""
    manifest, tables = json.loads(entries[MANIFEST]), []
    with at_revision(revision) as older:
        for table in manifest["tables"]:
            name = f"records/{table['name']}.jsonl"
            known = older.columns(table["name"])
            if not known:
                del entries[name]
                continue
            rows = [json.loads(line) for line in entries[name].splitlines()]
            kept = [{k: v for k, v in row.items() if k in known} for row in rows]
            text = b"".join(json.dumps(row).encode() + b"\n" for row in kept)
            entries[name] = text
            size, digest = len(text), hashlib.sha256(text).hexdigest()
            tables.append(table | {"bytes": size, "sha256": digest})
    told(entries, schema=revision, tables=tables)


def test_an_older_archive_is_brought_up_to_date(
    archive: Path, desk: Store, make_store: MakeStore
) -> None:
    entries = entries_of(archive)
    made_older(entries, "0036")
    write(archive, entries)
    target = make_store("older.db")
    bring_everything(Job(), target, archive)
    found, before = target.ask(read_all), desk.ask(read_all)
    for name in ("client", "attachment", "preference"):
        assert found[name] == before[name]
    row = json.loads(entries[CLIENTS].splitlines()[0])
    for wrong in (row | {"tier": 7}, row | {"created_at": "yesterday"}, {"id": row["id"]}):
        rewrite(entries, [wrong])
        write(archive, entries)
        with pytest.raises(BadArchive, match="is damaged"):
            bring_everything(Job(), make_store(f"{len(wrong)}{wrong.get('tier')}.db"), archive)
