"""Files that are not here yet: fetched when they are opened, or it is said why not."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from sqlalchemy import delete

from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.domain.attachments.commands import paste_attachment
from deskcrm.domain.attachments.queries import AttachmentRow, list_client_attachments
from deskcrm.domain.clients.model import ClientId
from deskcrm.store.commands import Command
from deskcrm.store.contents import Blob, BlobChunk, keep
from deskcrm.store.work import Work
from deskcrm.ui.interactions.files import Files, what_happens
from deskcrm.ui.kit.desk import Desk, Told
from tests.ui.interactions.test_timeline_items import client as client
from tests.ui.settle import settle

CONTENT = b"a picture"


@pytest.fixture
def file(desk: Desk, client: ClientId) -> AttachmentRow:
    """Give a file whose contents are on another workstation."""
    desk.store.do(paste_attachment, client, content=CONTENT, name="plan.png")

    def lose(work: Work) -> None:
        work.execute(delete(BlobChunk))
        work.execute(delete(Blob))

    desk.store.do(Command("test.lose", "Lose", lose))
    (row,) = desk.store.ask(list_client_attachments, client)
    return row


@pytest.fixture
def files(desk: Desk, file: AttachmentRow) -> Files:
    made = Files(desk)
    made.show_files([file])
    return made


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    paths: list[str] = []
    monkeypatch.setattr(
        "deskcrm.ui.interactions.files.QDesktopServices.openUrl",
        lambda url: paths.append(url.toLocalFile()),
    )
    return paths


def come(desk: Desk, sha256: str, size: int) -> None:
    def take(work: Work) -> None:
        keep(work, sha256, size, [CONTENT])

    desk.store.do(Command("test.come", "Come", take))


def texts(files: Files) -> str:
    return " ".join(label.text() for label in files.findChildren(QLabel))


def test_it_is_fetched_and_then_opened(
    desk: Desk, file: AttachmentRow, files: Files, opened: list[str]
) -> None:
    told: list[tuple[int, int]] = []

    def elsewhere(job: Job, sha256: str, size: int) -> None:
        assert "Fetching" in texts(files)
        job.progress(4, size, "Fetching")
        come(desk, sha256, size)

    assert what_happens(file) and "not on this device" in texts(files)
    desk.progressed.connect(lambda _errand, done, total, _text: told.append((done, total)))
    desk.store.elsewhere = elsewhere
    files._open(file)
    settle(desk)
    assert Path(opened[0]).read_bytes() == CONTENT
    assert told == [(4, len(CONTENT))]


@pytest.mark.parametrize("is_connected", [True, False])
def test_without_a_server_to_ask_that_is_said(
    desk: Desk, file: AttachmentRow, files: Files, opened: list[str], is_connected: bool
) -> None:
    def offline(job: Job, sha256: str, size: int) -> None:
        raise UserError("The file is not on this device: offline.", "Later.")

    said: list[Told] = []
    desk.told.connect(said.append)
    desk.store.elsewhere = offline if is_connected else None
    files._open(file)
    settle(desk)
    assert "not on this device" in said[0].text
    assert opened == []
    assert "not on this device yet" in texts(files)


def test_it_is_saved_once_it_is_here(
    desk: Desk,
    file: AttachmentRow,
    files: Files,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = tmp_path / "copy.png"
    monkeypatch.setattr("deskcrm.ui.interactions.files.choose_where", lambda *_: target)

    def arrive(_job: Job, sha256: str, size: int) -> None:
        come(desk, sha256, size)

    desk.store.elsewhere = arrive
    files._save(file)
    settle(desk)
    assert target.read_bytes() == CONTENT
