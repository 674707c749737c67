"""The line at the foot of the window: long work is seen while it lasts, and no longer."""

from threading import Event

from pytestqt.qtbot import QtBot

from deskcrm.base.jobs import Job
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.shell.status import WorkLine
from tests.ui.settle import settle


def test_the_line_goes_with_the_work(desk: Desk, qtbot: QtBot) -> None:
    line, gate = WorkLine(), Event()
    qtbot.addWidget(line)
    desk.progressed.connect(line.show_progress)

    def compare(job: Job) -> None:
        job.progress(1, 2, "Comparing")
        gate.wait(10)

    desk.start(compare)
    qtbot.waitUntil(lambda: not line.isHidden())
    assert (line.text.text(), line.bar.value()) == ("Comparing", 1)
    gate.set()
    settle(desk)
    assert line.isHidden()
