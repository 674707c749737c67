"""Everything goes out and comes in again: equal, or refused in words with nothing changed.

A few workspaces in every run; a thousand, and others each time, with DESKCRM_FULL=1:

    DESKCRM_FULL=1 nice .venv/bin/python -m pytest tests/domain/exports/test_round_trip.py -q \
        -o faulthandler_timeout=0 --basetemp /dev/shm/round
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import Phase, given, settings

from deskcrm.base.errors import UserError
from deskcrm.base.ids import new_id
from deskcrm.base.jobs import Job
from deskcrm.domain.attachments.commands import paste_attachment
from deskcrm.domain.attachments.queries import save_copy
from deskcrm.domain.clients.queries import page_clients
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.exports import packing
from deskcrm.domain.exports.bringing import bring_everything
from deskcrm.domain.exports.packing import export_everything
from deskcrm.domain.sample.commands import add_sample
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store import derived
from deskcrm.store.store import Store
from tests.domain.exports.conftest import copied
from tests.domain.exports.workspaces import Drawn, Rows, fill_workspace, read_all, workspaces
from tests.fixtures_store import MakeStore
from tests.watch import Watch

FULL: Final = bool(os.environ.get("DESKCRM_FULL"))
EXAMPLES: Final = 1_000 if FULL else 10


def new_workspace(store: Store) -> None:
    store.sign_in(new_id())
    store.do(create_first_user, name="Somebody new")


def round_trip(source: Store, blank: Path, folder: Path) -> Rows:
    """Take everything out and into a new workspace; gives what is there then."""
    path = folder / "all.zip"
    export_everything(Job(), source, path)
    with copied(blank, folder / "new.db") as target:
        new_workspace(target)
        founder = target.actor
        bring_everything(Job(), target, path)
        assert target.actor == source.actor
        found = target.ask(read_all)
    found["user"] = [row for row in found["user"] if row["id"] != founder or not row["is_deleted"]]
    return found


def test_any_workspace_comes_back_as_it_was(
    begun: tuple[Path, UUID], blank_profile: Path, tmp_path: Path
) -> None:
    path, me = begun
    with copied(path, tmp_path / "seen.db") as store:
        seen = store.ask(read_all)

    @settings(
        max_examples=EXAMPLES, derandomize=not FULL, database=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink) if FULL else (Phase.generate,),
    )  # fmt: skip
    @given(drawn=workspaces(seen, me))
    def check(drawn: Drawn) -> None:
        with copied(path, tmp_path / "old.db") as source:
            source.do(fill_workspace, rows=drawn.rows)
            assert round_trip(source, blank_profile, tmp_path) == source.ask(read_all)

    check()


def test_the_sample_comes_back_with_its_files_and_goes_on_from_there(
    make_store: MakeStore, blank_profile: Path, tmp_path: Path
) -> None:
    source = make_store("sample.db", clock=Watch())
    source.do(create_first_user, name="Anna")
    source.do(add_sample, clients=4, seed=7, language="both")
    client = source.ask(page_clients)[0].id
    file = source.do(
        paste_attachment, client_id=client, name="odd.txt", content=b"\x00odd" * 90_000
    ).value
    everything = source.ask(read_all)
    packed = export_everything(Job(), source, tmp_path / "all.zip")
    assert packed.rows == {name: len(rows) for name, rows in everything.items()}
    assert (packed.contents, packed.missing, packed.left_out) == (3, 0, 0)
    with copied(blank_profile, tmp_path / "new.db") as target:
        new_workspace(target)
        founder = target.actor
        brought = bring_everything(Job(), target, tmp_path / "all.zip")
        assert (brought.user, brought.user_id, brought.contents) == ("Anna", source.actor, 3)
        found = target.ask(read_all)
        found["user"] = [row for row in found["user"] if row["id"] != founder]
        assert found == everything
        with target.database.writer.connect() as connection:
            assert derived.disagreeing(connection) == []
        save = tmp_path / "odd.txt"
        target.ask(save_copy, file, path=save)
        assert save.read_bytes() == b"\x00odd" * 90_000
        with pytest.raises(UserError, match="nothing to undo"):
            target.undo()
        ticket = target.do(open_ticket, client, subject="After").value
        numbers = {row["id"]: row["number"] for row in target.ask(read_all)["ticket"]}
        assert numbers.pop(ticket) not in numbers.values()


def test_the_comparison_sees_one_field_that_was_lost(
    begun: tuple[Path, UUID], blank_profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = begun
    whole = packing._rows

    def losing(*arguments: Any) -> Iterator[dict[str, Any]]:
        for row in whole(*arguments):
            yield row | {"position": ""} if "greeting" in row else row

    with copied(path, tmp_path / "old.db") as source:
        source.do(add_contact, source.ask(page_clients)[0].id, name="Bo", position="Director")
        monkeypatch.setattr(packing, "_rows", losing)
        assert round_trip(source, blank_profile, tmp_path) != source.ask(read_all)


def test_what_others_keep_for_themselves_stays_where_it_is(
    begun: tuple[Path, UUID], tmp_path: Path
) -> None:
    with copied(begun[0], tmp_path / "old.db") as store:
        whole = export_everything(Job(), store, tmp_path / "all.zip")
        row = store.ask(read_all)["saved_view"][0] | {"id": new_id(), "scope": new_id()}
        store.do(fill_workspace, rows={"saved_view": [row]})
        packed = export_everything(Job(), store, tmp_path / "all.zip")
    assert (packed.rows, packed.left_out) == (whole.rows, whole.left_out + 1)
