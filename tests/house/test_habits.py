"""Habits: one file of the window starts threads, and no test waits for time to pass."""

import ast

from tests.house.sources import ROOT, imports_of, parsed, place, python_files

THREADS = {
    "threading.Thread", "concurrent.futures.ThreadPoolExecutor", "PySide6.QtCore.QThread",
    "PySide6.QtCore.QThreadPool", "PySide6.QtCore.QRunnable",
}  # fmt: skip
STARTS_THREADS = ROOT / "deskcrm" / "ui" / "kit" / "tasks.py"
SLEEPS = {("time", "sleep"), ("qtbot", "wait"), ("QTest", "qWait"), ("QTest", "qSleep")}


def test_one_file_of_the_window_starts_threads() -> None:
    others = [
        f"{place(path, line)} {name}"
        for path in python_files("deskcrm/ui")
        if path != STARTS_THREADS
        for line, name in imports_of(path)
        if name in THREADS
    ]
    assert others == []


def test_no_test_waits_for_time_to_pass() -> None:
    sleepers = [
        place(path, node.lineno)
        for path in python_files("tests")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in SLEEPS
    ]
    assert sleepers == []


def test_only_the_store_opens_a_database() -> None:
    openers = {"sqlite3", "sqlcipher3", "psycopg", "sqlalchemy.create_engine"}
    others = [
        f"{place(path, line)} {name}"
        for path in python_files("deskcrm")
        if not path.is_relative_to(ROOT / "deskcrm" / "store")
        for line, name in imports_of(path)
        if name in openers or name.split(".")[0] in openers
    ]
    assert others == []


def test_every_combo_box_is_the_one_that_ends_in_an_ellipsis() -> None:
    makers = [
        place(path, node.lineno)
        for path in python_files("deskcrm")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "QComboBox"
    ]
    assert makers == []
