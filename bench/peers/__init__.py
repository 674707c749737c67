"""Other programs that sync, measured in the same run with the same rows, where they install.

They are installed into a temporary folder by npm and by pip, and speak over loopback only.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from bench.lines import Line, line, rate
from bench.rows import ROWS, as_json

_HERE: Final = Path(__file__).parent
_POUCHDB: Final = (
    "express@4", "express-pouchdb", "pouchdb-core", "pouchdb-adapter-leveldb",
    "pouchdb-adapter-memory", "pouchdb-adapter-http", "pouchdb-replication", "pouchdb-mapreduce",
)  # fmt: skip
_INSTALLING: Final = 600
_RUNNING: Final = 600
_FAULTS: Final = (OSError, subprocess.SubprocessError, ValueError)


def run() -> list[Line]:
    """Measure each peer; of one that does not install or run here a line says so."""
    lines: list[Line] = []
    for name, measure in (("PouchDB", _pouchdb), ("Anki", _anki)):
        with tempfile.TemporaryDirectory(prefix="deskcrm-peer-") as folder:
            rows = Path(folder) / "rows"
            rows.write_text("".join(f"{json.dumps(as_json(n))}\n" for n in range(ROWS)), "utf-8")
            try:
                figures = measure(Path(folder), rows)
            except _FAULTS as fault:
                why = type(fault).__name__
                lines.append(line(f"{name}: not measured, it does not install ({why})", 0, [0.0]))
            else:
                lines += _lines(name, figures)
    return lines


def _lines(name: str, figures: dict[str, Any]) -> list[Line]:
    bulk = {"push": "push", "pull": "pull", "fresh": "fresh replica, whole"}
    single = {"nothing": "nothing to do, whole exchange", "one": "one row up, whole exchange"}
    return [
        *(rate(f"{name}: {said}", ROWS, figures[k]) for k, said in bulk.items() if k in figures),
        *(line(f"{name}: {said}", 0, figures[k]) for k, said in single.items()),
    ]


def _pouchdb(folder: Path, rows: Path) -> dict[str, Any]:
    npm = shutil.which("npm") or "npm"
    quiet = ("--no-audit", "--no-fund", "--loglevel=error")
    _install([npm, "install", *quiet, *_POUCHDB], folder)
    script = shutil.copy(_HERE / "pouchdb.js", folder)
    command = ["node", str(script)]
    with _server([*command, "serve", str(folder)], folder, {}) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        return _figures([*command, "run", str(folder), port, str(rows)], folder)


def _anki(folder: Path, rows: Path) -> dict[str, Any]:
    _install([sys.executable, "-m", "venv", str(folder / "env")], folder)
    python = str(folder / "env" / ("Scripts" if os.name == "nt" else "bin") / "python")
    _install([python, "-m", "pip", "install", "--quiet", "anki"], folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    where = {"SYNC_HOST": "127.0.0.1", "SYNC_PORT": port, "SYNC_BASE": str(folder / "server")}
    # What a large first exchange needs is more than the server takes by default.
    where |= {"SYNC_USER1": "bench:bench", "MAX_SYNC_PAYLOAD_MEGS": "500", "RUST_LOG": "error"}
    with _server([python, "-m", "anki.syncserver"], folder, where) as process:
        _await(process, int(port))
        script = shutil.copy(_HERE / "anki_client.py", folder)
        return _figures([python, str(script), str(folder), port, str(rows)], folder)


def _install(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=_INSTALLING)


def _figures(command: list[str], folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True, timeout=_RUNNING
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _await(process: "subprocess.Popen[str]", port: int) -> None:
    """Wait until the server listens; OSError when it ends, or does not for a minute."""
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            try:
                process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        return
    raise OSError("it does not listen")


@contextmanager
def _server(
    command: list[str], folder: Path, variables: dict[str, str]
) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()
