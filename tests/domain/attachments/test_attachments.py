"""Attachments: copied into the store once, read back verified, opened safely, let go of late."""

import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from deskcrm.base.errors import UserError
from deskcrm.domain.attachments.commands import (
    add_attachment,
    collect_contents,
    delete_attachment,
    paste_attachment,
    rename_attachment,
)
from deskcrm.domain.attachments.queries import (
    get_attachment,
    list_client_attachments,
    list_interaction_attachments,
    list_ticket_attachments,
    open_copy,
    read_contents,
    save_copy,
)
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.interactions.correcting import delete_interaction
from deskcrm.domain.interactions.queries import get_interaction
from deskcrm.domain.tickets.commands import delete_tickets, open_ticket
from deskcrm.store import contents
from deskcrm.store.commands import Command
from deskcrm.store.contents import CHUNK, Blob, BlobChunk, DamagedContents, MissingContents
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.work import Work
from tests.watch import Watch

LARGE = os.urandom(CHUNK) * 2 + b"and a little more"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "screen.png"
    path.write_bytes(LARGE)
    return path


def held(db: Reader) -> tuple[int, int]:
    return (
        db.scalar(select(func.count()).select_from(Blob)) or 0,
        db.scalar(select(func.count()).select_from(BlobChunk)) or 0,
    )


def test_a_file_is_kept_in_pieces_and_read_back(desk: Store, client: ClientId, file: Path) -> None:
    attachment = desk.do(add_attachment, client, path=file).value
    (row,) = desk.ask(list_client_attachments, client)
    assert (row.id, row.name, row.media_type, row.size, row.by) == (
        attachment,
        "screen.png",
        "image/png",
        len(LARGE),
        "Anna",
    )
    assert row.is_here and row.can_open
    assert desk.ask(read_contents, attachment) == LARGE
    assert desk.ask(held) == (1, 3)
    desk.undo()
    assert desk.ask(list_client_attachments, client) == []
    desk.redo()
    assert desk.ask(read_contents, attachment) == LARGE


def test_the_same_contents_are_kept_once(desk: Store, client: ClientId, file: Path) -> None:
    desk.do(add_attachment, client, path=file)
    desk.do(paste_attachment, client, content=LARGE, name="other.png")
    assert desk.ask(held) == (1, 3)
    assert len(desk.ask(list_client_attachments, client)) == 2


def test_it_can_belong_to_an_interaction_or_a_ticket(
    desk: Store, client: ClientId, file: Path
) -> None:
    call = desk.do(log_call, client, text="x").value
    ticket = desk.do(open_ticket, client, subject="Dark").value
    of_call = desk.do(add_attachment, client, path=file, interaction_id=call).value
    of_ticket = desk.do(add_attachment, client, path=file, ticket_id=ticket).value
    assert [one.id for one in desk.ask(list_interaction_attachments, call)] == [of_call]
    assert [one.id for one in desk.ask(list_ticket_attachments, ticket)] == [of_ticket]
    detail = desk.ask(get_interaction, call)
    assert detail is not None and detail.entry.attachments == 1
    desk.do(delete_interaction, call)
    assert [one.id for one in desk.ask(list_client_attachments, client)] == [of_ticket]
    other = desk.do(create_company, name="Other").value
    with pytest.raises(UserError, match="another client"):
        desk.do(add_attachment, other, path=file, ticket_id=ticket)
    desk.do(delete_tickets, [ticket])
    assert desk.ask(list_client_attachments, client) == []


def test_what_cannot_be_attached_is_refused_in_words(
    desk: Store, client: ClientId, tmp_path: Path, file: Path
) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    with pytest.raises(UserError, match="is empty"):
        desk.do(add_attachment, client, path=empty)
    with pytest.raises(UserError, match="not a file"):
        desk.do(add_attachment, client, path=tmp_path)
    with pytest.raises(UserError, match="not a file"):
        desk.do(add_attachment, client, path=tmp_path / "gone.txt")
    with pytest.raises(UserError, match="larger than 0 MB"):
        desk.do(add_attachment, client, path=file, largest_mb=0)
    assert desk.ask(held) == (0, 0)


def test_a_file_that_changes_under_us_is_not_kept(desk: Store) -> None:
    sha256, size = contents.hash_of([b"before"])

    def keep(work: Work) -> None:
        contents.keep(work, sha256, size, [b"after"])

    with pytest.raises(UserError, match="changed while"):
        desk.do(Command("tests.keep_changed", "Keep", keep))
    assert desk.ask(held) == (0, 0)


def test_damage_is_noticed(desk: Store, client: ClientId, file: Path, tmp_path: Path) -> None:
    attachment = desk.do(add_attachment, client, path=file).value

    def damage(work: Work) -> None:
        work.execute(update(BlobChunk).where(BlobChunk.position == 1).values(content=b"x"))

    desk.do(Command("tests.damage_chunk", "Damage", damage))
    with pytest.raises(DamagedContents):
        desk.ask(read_contents, attachment)
    private = tmp_path / "private"
    private.mkdir()
    with pytest.raises(DamagedContents):
        desk.ask(open_copy, attachment, directory=private)
    assert list(private.iterdir()) == []
    target = tmp_path / "kept.png"
    target.write_bytes(b"was here")
    with pytest.raises(DamagedContents):
        desk.ask(save_copy, attachment, path=target)
    assert target.read_bytes() == b"was here"
    assert sorted(one.name for one in tmp_path.glob(".*")) == []


def test_contents_that_are_elsewhere_are_said_to_be(
    desk: Store, client: ClientId, file: Path
) -> None:
    attachment = desk.do(add_attachment, client, path=file).value

    def lose(work: Work) -> None:
        for blob in work.records(select(Blob)):
            work.delete(blob)

    desk.do(Command("tests.lose_blob", "Lose", lose))
    assert not desk.ask(get_attachment, attachment).is_here
    with pytest.raises(MissingContents):
        desk.ask(read_contents, attachment)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no execute bit")
def test_a_copy_to_open_is_private_and_cannot_run(
    desk: Store, client: ClientId, file: Path
) -> None:
    file.chmod(0o777)
    attachment = desk.do(add_attachment, client, path=file).value
    copy = desk.ask(open_copy, attachment)
    assert copy.read_bytes() == LARGE and copy.name == "screen.png"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    copy.unlink()
    copy.parent.rmdir()


def test_what_could_run_is_saved_but_not_opened(
    desk: Store, client: ClientId, tmp_path: Path
) -> None:
    attachment = desk.do(paste_attachment, client, content=b"MZ", name="photo\u202egpj.exe").value
    row = desk.ask(get_attachment, attachment)
    assert row.name == "photogpj.exe" and not row.can_open
    with pytest.raises(UserError, match="could run"):
        desk.ask(open_copy, attachment)
    desk.ask(save_copy, attachment, path=tmp_path / "photo.exe")
    assert (tmp_path / "photo.exe").read_bytes() == b"MZ"
    with pytest.raises(UserError, match="cannot be written"):
        desk.ask(save_copy, attachment, path=tmp_path / "nowhere" / "photo.exe")


def test_renaming_keeps_the_ending(desk: Store, client: ClientId, file: Path) -> None:
    attachment = desk.do(add_attachment, client, path=file).value
    desk.do(rename_attachment, attachment, name="../the screen")
    assert desk.ask(get_attachment, attachment).name == "the screen.png"
    desk.do(rename_attachment, attachment, name="screen.exe")
    assert desk.ask(get_attachment, attachment).name == "screen.exe.png"
    with pytest.raises(UserError, match="needs a name"):
        desk.do(rename_attachment, attachment, name=" ")
    desk.undo()
    assert desk.ask(get_attachment, attachment).name == "the screen.png"


def test_contents_are_let_go_of_a_month_after_their_last_attachment(
    desk: Store, client: ClientId, file: Path, watch: Watch
) -> None:
    attachment = desk.do(add_attachment, client, path=file).value
    desk.do(delete_attachment, attachment)
    assert desk.do(collect_contents).value == 0
    watch.move(days=29)
    assert desk.do(collect_contents).value == 0
    watch.move(days=2)
    assert desk.do(collect_contents).value == 1
    assert desk.ask(held) == (0, 0)


def test_contents_that_are_wanted_again_stay(
    desk: Store, client: ClientId, file: Path, watch: Watch
) -> None:
    attachment = desk.do(add_attachment, client, path=file).value
    desk.do(delete_attachment, attachment)
    desk.do(collect_contents)
    desk.undo()
    watch.move(days=40)
    assert desk.do(collect_contents).value == 0
    assert desk.ask(read_contents, attachment) == LARGE
