"""Reads a file in a process of its own, so that what a file does to its reader stays there.

The child is told on its standard input what to read and answers on its standard output, a line of
JSON for each message. It limits its own memory and work; the parent limits its time.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from deskcrm.base import words
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.imports.reading.limits import USUAL, Limits, Unreadable
from deskcrm.domain.imports.reading.sheet import FIND_OUT, Line, Reading, Sheet

ARGUMENT: Final = "--read-a-file"
"""What the packaged program, which has no Python of its own, is started with to be the child."""
_LINES_AT_ONCE: Final = 2_000
_INHERITED: Final = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "HOME")
_LOOK_EVERY: Final = 0.1
_SHORT: Final = 12


class Request(msgspec.Struct):
    """What the child is to read, and how."""

    path: str
    how: Reading
    limits: dict[str, int]
    language: str


class Told(msgspec.Struct, omit_defaults=True):
    """A message of the child: how far it is, a piece of the sheet, or why there is none."""

    done: int = 0
    total: int = 0
    sheet: Sheet | None = None
    lines: list[Line] = []
    error: tuple[str, str] | None = None
    is_end: bool = False


_decode: Final = msgspec.json.Decoder(Told).decode
_encode: Final = msgspec.json.Encoder().encode


def read_apart(path: Path, *, how: Reading = FIND_OUT, limits: Limits = USUAL, job: Job) -> Sheet:
    """Read a file in a child process; Unreadable in words, or Cancelled if asked to stop."""
    request = Request(str(path.absolute()), how, asdict(limits), words.language())
    with subprocess.Popen(
        _program(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as child:  # fmt: skip
        watch = _Watch(child, job, limits.seconds)
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            sheet = _collect(child.stdin, child.stdout, request, job)
        finally:
            child.kill()
            watch.stop()
    job.check_cancelled()
    if sheet is None:
        raise _took_too_long(limits) if watch.is_late else _broke_down()
    return sheet


def environment() -> dict[str, str]:
    """Give what the child sees of the environment: no passphrase that may stand in it."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


def _program() -> Sequence[str]:
    if not getattr(sys, "frozen", False):
        return (sys.executable, "-m", __name__)
    # On Windows the program with a window has no standard output; the one beside it has.
    with_console = Path(sys.executable).with_name("deskcrm-cli.exe")
    return (str(with_console if with_console.exists() else sys.executable), ARGUMENT)


def _collect(told: IO[bytes], answers: IO[bytes], request: Request, job: Job) -> Sheet | None:
    """Gather the child's messages; None when they end before the end."""
    try:
        told.write(_encode(request))
        told.close()
    except OSError:
        return None
    sheet: Sheet | None = None
    often: dict[str, str] = {}
    for message in answers:
        try:
            said = _decode(message)
        except msgspec.DecodeError:
            return None  # killed in the middle of a word
        if said.error is not None:
            raise Unreadable(*said.error)
        if said.sheet is not None:
            sheet = said.sheet
        elif said.is_end:
            return sheet
        elif said.lines and sheet is not None:
            for line in said.lines:
                # Towns, days, states: what stands in many rows is kept once.
                line.cells = [
                    often.setdefault(cell, cell) if len(cell) <= _SHORT else cell
                    for cell in line.cells
                ]
            sheet.lines += said.lines
        else:
            job.progress(said.done, said.total, tr("Reading the file"))
    return None


class _Watch:
    """Ends the child when its time is up or the person cancels, also while it says nothing."""

    def __init__(self, child: "subprocess.Popen[bytes]", job: Job, seconds: int) -> None:
        self.is_late = False
        self._child, self._job = child, job
        self._until = time.monotonic() + seconds
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End with the child."""
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            self.is_late = time.monotonic() > self._until
            if self.is_late or self._job.is_cancelled:
                self._child.kill()
                return
            if self._done.wait(_LOOK_EVERY):
                return


def main() -> int:
    """Be the child."""
    from deskcrm.domain.imports.names import is_known
    from deskcrm.domain.imports.reading.files import read_file

    with os.fdopen(0, "rb") as asked, os.fdopen(os.dup(1), "wb") as answers:
        request = msgspec.json.decode(asked.read(), type=Request)
        words.set_language(request.language)
        limits = Limits(**request.limits)
        _limit_itself(limits)

        def tell(**message: Any) -> None:
            answers.write(_encode(Told(**message)) + b"\n")
            answers.flush()

        try:
            job = Job(on_progress=lambda done, total, _: tell(done=done, total=total))
            sheet = read_file(
                Path(request.path), known=is_known, how=request.how, limits=limits, job=job
            )
        except Unreadable as error:
            tell(error=(error.title, error.detail))
            return 0
        lines, sheet.lines = sheet.lines, []
        tell(sheet=sheet)
        for start in range(0, len(lines), _LINES_AT_ONCE):
            tell(lines=lines[start : start + _LINES_AT_ONCE])
        tell(is_end=True)
    return 0


def _limit_itself(limits: Limits) -> None:
    """Bound memory and work also where nobody watches: whoever started it may be gone."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
        seconds = limits.seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _took_too_long(limits: Limits) -> Unreadable:
    return Unreadable(
        tr("The file could not be read within {n} seconds.", n=limits.seconds),
        tr("Open it in a spreadsheet and save it as CSV, then choose that file."),
    )


def _broke_down() -> Unreadable:
    return Unreadable(
        tr("The file could not be read: its reader broke down over it."),
        tr("Open it in a spreadsheet, save it anew, and choose that file."),
    )


if __name__ == "__main__":
    sys.exit(main())
