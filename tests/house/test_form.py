"""Form: small files, small functions, names that say something, a sentence on every module."""

import ast
import re
from pathlib import Path

from tests.house.sources import ROOT, imports_of, parsed, place, python_files

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
EMPTY_NAMES = {
    "utils", "util", "misc", "helpers", "helper", "common", "manager", "managers", "handler",
    "handlers", "service", "services", "data", "tools_misc", "stuff", "core",
}  # fmt: skip


def test_files_are_short() -> None:
    lengths = {place(path): len(path.read_text("utf-8").splitlines()) for path in python_files()}
    assert {where: n for where, n in lengths.items() if n > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    long = {}
    for path in python_files():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION and not is_one_list_of_tables(path):
                    long[f"{place(path, node.lineno)} {node.name}"] = length
    assert long == {}


def is_one_list_of_tables(path: Path) -> bool:
    """Tell whether a file is a migration: its upgrade lists tables, and that is all it does."""
    return path.parent == ROOT / "migrations" / "versions"


def test_modules_are_named_for_what_they_are() -> None:
    named = {place(path) for path in python_files() if path.stem in EMPTY_NAMES}
    folders = {
        place(path.parent)
        for path in python_files()
        if path.parent != ROOT and path.parent.name in EMPTY_NAMES
    }
    assert named | folders == set()


def test_every_module_says_what_it_is_for() -> None:
    silent = []
    for path in python_files():
        text = path.read_text("utf-8")
        if text.strip() and not ast.get_docstring(parsed(path)):
            silent.append(place(path))
    assert silent == []


def test_resources_hold_nothing_that_runs() -> None:
    runs = {".py", ".js", ".sh", ".exe", ".dll", ".so", ".pyc"}
    found = [place(path) for path in (ROOT / "resources").rglob("*") if path.suffix in runs]
    assert found == []


def test_types_are_ignored_only_with_a_code_and_a_reason() -> None:
    bare = []
    for path in python_files():
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            mark = re.search(r"#\s*type:\s*ignore(\[[^\]]+\])?(.*)", line)
            if mark and not (mark[1] and mark[2].strip(" #-")) and path != Path(__file__):
                bare.append(place(path, number))
    assert bare == []


def test_the_kit_knows_no_feature() -> None:
    allowed = ("deskcrm.__version__", "deskcrm.base", "deskcrm.store", "deskcrm.ui.kit")
    strangers = [
        f"{place(path, line)} {name}"
        for path in python_files("deskcrm/ui/kit")
        for line, name in imports_of(path)
        if name.startswith("deskcrm") and not name.startswith(allowed)
    ]
    assert strangers == []


def test_features_have_the_same_name_in_every_room() -> None:
    domain = feature_folders("deskcrm/domain")
    kit_and_shell = {"kit", "shell"}
    assert feature_folders("tests/domain") <= domain
    assert feature_folders("tests/ui") - kit_and_shell <= feature_folders("deskcrm/ui") | domain


def feature_folders(room: str) -> set[str]:
    """Name the folders of a room that hold Python files."""
    inside = (ROOT / room).glob("*/*.py")
    return {path.parent.name for path in inside}
