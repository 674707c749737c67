"""A screen declares its actions when it is imported: else its keys and menu know them too late."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import deskcrm

ROOT = Path(deskcrm.__file__).parent.parent


def declaring() -> set[str]:
    """Name the modules beside a screen that declare actions."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for screen in (ROOT / "deskcrm" / "ui").glob("*/screen.py")
        for path in screen.parent.glob("*.py")
        if "\n@action(" in path.read_text(encoding="utf-8")
    }


def missing_after(imported: Iterable[str], wanted: set[str]) -> set[str]:
    """Import some modules in a fresh program, and give which of the wanted it has not read."""
    said = f"import sys, {', '.join(sorted(imported))}; print(*sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return wanted - set(found.stdout.split())


def test_every_screen_knows_all_of_its_actions_from_the_start() -> None:
    wanted = declaring()
    assert "deskcrm.ui.renewals.closing" in wanted
    assert missing_after({f"{name.rpartition('.')[0]}.screen" for name in wanted}, wanted) == set()


def test_an_action_that_is_declared_later_is_found() -> None:
    late = {"deskcrm.ui.renewals.closing"}
    assert missing_after({"deskcrm.ui.kit.actions"}, late) == late
