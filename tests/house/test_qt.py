"""The Qt binding that is locked can be called for as long as a working day lasts."""

import subprocess
import sys

# PySide6 6.12.0 drops a reference to None at every call on CPython 3.11 and aborts the process
# after some tens of thousands, so it runs in a process of its own.
PROGRAM = """
from PySide6.QtCore import QObject
thing = QObject()
for number in range(100_000):
    assert thing.property("missing") is None
    thing.setProperty("there", number)
    assert thing.property("there") == number
"""


def test_a_hundred_thousand_property_calls_do_not_abort() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
