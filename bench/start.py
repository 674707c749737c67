"""Start to a usable window: a new process each time, warm, beside an empty Qt window."""

import os
import subprocess
import sys
import time

from bench.lines import Line, line
from bench.workspace import PASSPHRASE, profile_of

TIMES = 7
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"

_PROGRAM = """
import sys, time
from pathlib import Path
from deskcrm import app
from deskcrm.store.profile import Profile

load = app.load

# The moment at which the window was painted and can be used; then the program ends. Nothing is
# imported before the program itself would import it.
def load_and_listen():
    load()
    from deskcrm.ui.shell import entrance
    enter = entrance.enter

    def enter_and_listen(*given):
        opened = enter(*given)
        from deskcrm.ui.shell.program import Program
        begin = Program.begin

        def begin_and_tell(self, call=None):
            from PySide6.QtCore import QTimer
            def tell():
                print(time.time(), flush=True)
                QTimer.singleShot(0, self.window.close)
            self.window.painted.connect(tell)
            begin(self, call)

        Program.begin = begin_and_tell
        return opened

    entrance.enter = enter_and_listen

app.load = load_and_listen
sys.exit(app.main(Profile(Path(sys.argv[1]))))
"""
_EMPTY = """
import time
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.show()
app.processEvents()
print(time.time(), flush=True)
"""


def run(clients: int) -> list[Line]:
    """Measure a warm start; the floor is a Python that shows an empty Qt window."""
    profile = profile_of(clients)
    took = [_start(_PROGRAM, str(profile.folder)) for _ in range(TIMES + 1)][1:]
    floor = [_start(_EMPTY) for _ in range(TIMES + 1)][1:]
    version = [_start_verb("--version") for _ in range(TIMES)]
    return [
        line("start to a painted window", clients, took, budget=1_000, at="median", floor=floor),
        line("deskcrm --version", clients, version),
    ]


def _environment() -> dict[str, str]:
    # An installed program has its bytecode; so has one that was started before, unless forbidden.
    allowed = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    return allowed | {"QT_QPA_PLATFORM": "offscreen", "DESKCRM_PASSPHRASE": PASSPHRASE}


def _start(code: str, *arguments: str) -> float:
    begun = time.time()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=_environment(),
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
    )
    return (float(done.stdout.split()[0]) - begun) * 1_000


def _start_verb(*arguments: str) -> float:
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "deskcrm", *arguments],
        env=_environment(),
        stdout=subprocess.DEVNULL,
        timeout=120,
        check=True,
    )
    return (time.perf_counter() - begun) * 1_000
