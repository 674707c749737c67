"""Nothing in the interface can be made to show markup: a client's name is attacker input."""

import ast
from collections.abc import Iterator
from pathlib import Path

import deskcrm.ui

UI = Path(deskcrm.ui.__file__).parent
MAKERS = UI / "kit" / "parts.py"
RISKY_CALLS = {"QLabel", "QMessageBox", "QTextBrowser", "QErrorMessage"}
RISKY_METHODS = {"setToolTip", "setWhatsThis", "setHtml", "insertHtml", "appendHtml", "showText"}


def risky(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
        # A text that stands in the source is ours, not a record's.
        if node.args and all(isinstance(each, ast.Constant) for each in node.args):
            continue
        if (isinstance(called, ast.Name) and name in RISKY_CALLS) or name in RISKY_METHODS:
            yield f"{path.relative_to(UI)}:{node.lineno} {name}"


def test_labels_tooltips_and_boxes_are_made_by_the_factories_only() -> None:
    found = [each for path in UI.rglob("*.py") if path != MAKERS for each in risky(path)]
    assert found == [], "use label(), ElidedLabel, Picture, set_tooltip(), message_box()"


def test_the_search_for_risky_calls_finds_them(tmp_path: Path) -> None:
    path = UI / "kit" / "parts.py"
    assert any("setToolTip" in each for each in risky(path))
