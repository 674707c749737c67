"""Programs of unequal age, with their real migrations, around one server over PostgreSQL."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from deskcrm.base import paths
from deskcrm.domain.clients.commands import create_company, rename_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.users.model import UserRole
from deskcrm.server.accounts import add_account
from deskcrm.server.place import keeping, place_of
from deskcrm.store.migrate import known_revisions
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station.status import explain
from tests.server.test_serving import served
from tests.sync.conftest import MakeDesk
from tests.sync.desks import Desk
from tests.sync.http_world import PASSWORD, rows_of

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(os.name == "nt", reason="there is no SIGTERM to send"),
]

MIGRATION = '''"""The mood of a client."""

import sqlalchemy as sa
from alembic import op

revision = "{mine}"
down_revision = "{former}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("client", sa.Column("mood", sa.Text(), nullable=False, server_default=""))
'''


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """Give the folder of a program that has one more column, and the migration that makes it."""
    folder = tmp_path / "next"
    for part in (paths.PACKAGE, paths.migrations(), paths.resources()):
        shutil.copytree(part, folder / part.name, ignore=shutil.ignore_patterns("__pycache__"))
    former = known_revisions()[-1]
    mine = f"{int(former) + 1:04}"
    file = folder / "migrations" / "versions" / f"{mine}_mood.py"
    file.write_text(MIGRATION.format(mine=mine, former=former), "utf-8")
    column = '    mood: Mapped[str] = mapped_column(default="", server_default="")\n'
    replace_once(folder / "deskcrm/domain/clients/model.py", r"(    website: Mapped.*\n)", column)
    return folder


def replace_once(file: Path, line: str, more: str) -> None:
    """Write something behind a line."""
    text, count = re.subn(line, rf"\g<1>{more}", file.read_text("utf-8"))
    assert count == 1
    file.write_text(text, "utf-8")


class Newer:
    """A workstation of the next version, in a process of its own."""

    def __init__(self, program: Path, folder: Path, url: str, name: str) -> None:
        command = [sys.executable, "-m", "tests.sync.newer", str(folder), url, name]
        self.process = subprocess.Popen(
            command, cwd=program, env={**os.environ, "PYTHONPATH": f"{program}:{ROOT}"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __call__(self, *order: str) -> Any:
        """Order something, and give the answer."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(order) + "\n")
        stdin.flush()
        line = stdout.readline()
        assert line, "it ended"
        return json.loads(line)

    def close(self) -> None:
        """Let it come to its end."""
        self.process.communicate(timeout=60)
        assert self.process.returncode == 0


@contextmanager
def newer(program: Path, desk: Desk) -> Iterator[Newer]:
    """Open a workstation's folder with the next version."""
    made = Newer(program, desk.folder, desk.site.url, desk.name)
    try:
        yield made
    finally:
        made.close()


class Address:
    """Where the server is, whichever program serves."""

    def __init__(self, database: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.place = place_of(None, database)

    def serving(self, program: Path) -> Any:
        """Serve with a program."""
        return served(
            "--port", self.port, program=program, DESKCRM_DATABASE_URL=str(self.place.url)
        )


GOOD = {"held_back": False, "waiting": 0, "agrees": True, "repaired": False, "refused": []}


def test_programs_of_unequal_age_share_a_server(
    postgres_url: str, make_desk: MakeDesk, next_version: Path
) -> None:
    address = Address(postgres_url)
    anna, ivan = (make_desk(name, address) for name in ("anna", "ivan"))
    ivan.store.close()
    with newer(next_version, ivan) as ivans:
        with address.serving(ROOT):
            with keeping(address.place) as store:
                for name in ("anna", "ivan"):
                    add_account(
                        store, name, role=UserRole.ADMINISTRATOR, teams=(), password=PASSWORD
                    )
            acme = behind(anna, ivans)
        with address.serving(next_version):
            ahead(anna, ivans, acme)
    anna.store.close()
    with address.serving(next_version), newer(next_version, anna) as annas:
        assert annas("rows") == dict.fromkeys(("Acme AG", "Born glad", "Other", "Third"), "")
        assert annas("sync") == GOOD
        # What the former program had left out came after the update.
        wanted = {"Acme AG": "calm", "Born glad": "glad", "Other": "", "Third": "sad"}
        assert annas("rows") == wanted


def behind(anna: Desk, ivans: Newer) -> ClientId:
    """The server and Anna are one version behind Ivan."""
    anna.connect()
    assert ivans("connect") == GOOD
    acme = anna.store.do(create_company, name="Acme").value
    anna.sync()
    assert ivans("sync") == GOOD
    ivans("rename", acme.hex, "Acme Ltd")
    ivans("mood", acme.hex, "calm")  # from here on it is parked
    ivans("add", "Born glad", "glad")
    assert ivans("sync") == {**GOOD, "held_back": True, "waiting": 2}
    anna.sync()
    (row,) = rows_of(anna.store, "client")
    assert row.name == "Acme Ltd"
    anna.store.do(rename_client, acme, name="Acme SA")
    anna.sync()
    assert ivans("sync") == {**GOOD, "held_back": True, "waiting": 2}
    assert ivans("rows") == {"Acme SA": "calm", "Born glad": "glad"}
    return acme


def ahead(anna: Desk, ivans: Newer, acme: ClientId) -> None:
    """The server was brought to Ivan's version; now Anna is one behind."""
    assert ivans("sync") == GOOD
    assert anna.sync().agrees
    anna.store.do(rename_client, acme, name="Acme AG")
    anna.store.do(create_company, name="Other")
    third = anna.store.do(create_company, name="Third").value
    assert anna.sync().refused == []
    assert ivans("sync") == GOOD
    ivans("mood", third.hex, "sad")
    assert ivans("sync") == GOOD
    receipt = anna.sync()
    assert (receipt.waiting, receipt.agrees, receipt.was_repaired) == (0, True, False)
    wanted = {"Acme AG": "calm", "Born glad": "glad", "Other": "", "Third": "sad"}
    assert ivans("rows") == wanted
    assert sorted(row.name for row in rows_of(anna.store, "client")) == sorted(wanted)


def test_a_workstation_that_is_too_old_is_told_and_works_on_alone(
    postgres_url: str, make_desk: MakeDesk, next_version: Path
) -> None:
    hub = next_version / "deskcrm" / "sync" / "hub" / "hub.py"
    replace_once(hub, r'(OLDEST_SCHEMA = )"\d+"\n', f'"{int(known_revisions()[-1]) + 1:04}"\n')
    address = Address(postgres_url)
    anna = make_desk("anna", address)
    with address.serving(ROOT), keeping(address.place) as store:
        add_account(store, "anna", role=UserRole.AGENT, teams=(), password=PASSWORD)
        anna.connect()
    anna.store.do(create_company, name="Acme")
    with address.serving(next_version):
        with pytest.raises(SyncError) as raised:
            anna.sync()
        assert raised.value.trouble is Trouble.OLD_WORKSTATION
        assert str(explain(raised.value)).startswith("This DeskCRM is too old for the server.")
        anna.store.do(create_company, name="Another")
        assert [row.name for row in rows_of(anna.store, "client")] == ["Acme", "Another"]
        anna.store.close()
        with newer(next_version, anna) as annas:  # she updates
            assert annas("sync") == GOOD
            assert annas("rows") == {"Acme": "", "Another": ""}
