"""Starts a process and kills it while it is at work."""

import os
import select
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def kill_while_writing(command: list[str], seconds: float, *, after: int = 1) -> list[str]:
    """Start a process, kill it that long after its first lines, and give its whole lines."""
    started = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert started.stdout is not None
    assert started.stderr is not None
    output = b""
    deadline: float | None = None
    while True:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        readable, _, _ = select.select([started.stdout], [], [], left)
        if not readable:
            break
        some = os.read(started.stdout.fileno(), 65536)
        assert some, started.stderr.read().decode()
        output += some
        if output.count(b"\n") >= after:
            deadline = deadline or time.monotonic() + seconds
    started.kill()
    rest, said = started.communicate()
    assert started.returncode == -signal.SIGKILL, said.decode()
    # What lies in the pipe was said; a line that was cut was not said to its end.
    return (output + rest).decode().split("\n")[:-1]
