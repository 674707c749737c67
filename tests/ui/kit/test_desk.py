"""The desk: commands, questions, what is said, and who hears of it."""

import threading
from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from deskcrm.base import settings
from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.jobs import Job
from deskcrm.base.settings import Setting
from deskcrm.store.reader import Reader
from deskcrm.ui.kit import crash
from deskcrm.ui.kit import desk as desks
from deskcrm.ui.kit.desk import Desk, Told
from tests import toys


def list_boxes(db: Reader, *, search: str = "") -> list[str]:
    rows = db.all(select(toys.ToyBox.name).where(~toys.ToyBox.is_deleted))
    return [row.name for row in rows if search in row.name]


def slow(db: Reader, gate: Any, value: str) -> str:
    gate.wait(10)
    return value


@pytest.fixture
def told(desk: Desk) -> list[Told]:
    heard: list[Told] = []
    desk.told.connect(heard.append)
    return heard


def test_a_command_is_done_and_its_answer_comes_home(desk: Desk) -> None:
    names: list[list[str]] = []
    desk.do(toys.add_box, name="A").then(lambda done: desk.ask(desk, list_boxes).then(names.append))
    assert desk.tasks.wait_idle()
    assert names == [["A"]]


def test_a_done_command_is_told_with_undo_when_asked(desk: Desk, told: list[Told]) -> None:
    steps: list[int | None] = []
    desk.do(toys.add_box, name="A").tell().then(lambda done: steps.append(done.step))
    desk.tasks.wait_idle()
    assert [(t.text, t.undo_step) for t in told] == [("Added box", steps[0])]
    desks.undo(desk, steps[0])
    desk.tasks.wait_idle()
    assert told[-1].text == "Undone: Add box"
    assert desk.store.ask(list_boxes) == []
    desks.redo(desk)
    desk.tasks.wait_idle()
    assert desk.store.ask(list_boxes) == ["A"]


def test_a_refusal_is_told_in_words(desk: Desk, told: list[Told]) -> None:
    desk.do(toys.add_box, name=" ").tell()
    desk.tasks.wait_idle()
    assert [(t.text, t.detail) for t in told] == [("A box needs a name.", "Type one.")]


def test_a_refusal_that_somebody_takes_is_not_told(desk: Desk, told: list[Told]) -> None:
    taken: list[UserError] = []
    desk.do(toys.add_box, name=" ").failed(taken.append)
    desk.tasks.wait_idle()
    assert [error.title for error in taken] == ["A box needs a name."]
    assert told == []


def test_screens_hear_which_tables_a_command_touched(desk: Desk) -> None:
    heard: list[frozenset[str]] = []
    desk.touched.connect(heard.append)
    desk.do(toys.add_box, name="A")
    desk.tasks.wait_idle()
    assert heard == [frozenset({"toy_box"})]


def test_a_newer_question_supersedes_an_older_one(desk: Desk) -> None:
    gate = threading.Event()
    got: list[str] = []
    desk.ask(desk, slow, gate, "old").then(got.append)
    desk.ask(desk, slow, gate, "new").then(got.append)
    desk.ask((desk, "other"), slow, gate, "apart").then(got.append)
    gate.set()
    desk.tasks.wait_idle()
    assert sorted(got) == ["apart", "new"]


def test_an_answer_for_a_widget_that_is_gone_is_dropped(desk: Desk, qtbot: QtBot) -> None:
    got: list[list[str]] = []
    widget = QWidget()
    desk.ask(widget, list_boxes).then(got.append)
    shiboken6.delete(widget)
    desk.tasks.wait_idle()
    assert got == []


def test_a_bug_is_reported_without_anybodys_words(qapp: object, store: Any) -> None:
    def broken(db: Reader) -> None:
        raise RuntimeError("Ivanov +7 912")

    made = Desk(store)
    reports: list[str] = []
    made.crashed.connect(reports.append)
    made.ask(made, broken)
    made.tasks.wait_idle()
    made.tasks.shutdown()
    assert "RuntimeError" in reports[0]
    assert "in broken" in reports[0]
    assert "Ivanov" not in reports[0]


def test_a_report_names_code_but_not_values() -> None:
    with pytest.raises(KeyError) as caught:
        raise KeyError("secret")
    assert "secret" not in crash.report(caught.value)
    with pytest.raises(AttributeError) as misnamed:
        object().colour  # type: ignore[attr-defined]  # noqa: B018 - the misnaming is the point
    assert "colour" in crash.report(misnamed.value)


def test_a_job_tells_how_far_it_is_and_can_be_cancelled(desk: Desk) -> None:
    gate = threading.Event()

    def count(job: Job) -> int:
        job.progress(1, 2, "one")
        gate.wait(10)
        job.progress(2, 2, "two")
        return 2

    seen: list[tuple[int, int, str]] = []
    ends: list[BaseException] = []
    desk.progressed.connect(lambda _, done, total, text: seen.append((done, total, text)))
    errand = desk.start(count).failed(ends.append)
    errand.cancel()
    gate.set()
    desk.tasks.wait_idle()
    assert isinstance(ends[0], Cancelled)
    gate.set()
    desk.start(count)
    desk.tasks.wait_idle()
    assert seen[-1] == (2, 2, "two")


def test_going_and_setting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "_all", {})
    been: list[tuple[str, dict[str, object]]] = []
    desk.went.connect(lambda place, where: been.append((place, where)))
    desk.go("boxes", box=1)
    assert been == [("boxes", {"box": 1})]
    lines = Setting("test.lines", 3, "Lines")
    assert desk.setting(lines) == 3
    desk.setting(lines, 5)
    assert desk.setting(lines) == 5


def test_ending_stops_a_job_that_nobody_watches(desk: Desk) -> None:
    begun, ended = threading.Event(), threading.Event()

    def wait(job: Job) -> None:
        begun.set()
        while not job.is_cancelled:
            ended.wait(0.001)
        ended.set()

    desk.start(wait)
    assert begun.wait(10)
    desk.end()
    assert ended.is_set()
