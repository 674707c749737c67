"""The program's own source files, for the rules of the house to look at."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("deskcrm", "migrations", "tests", "bench", "tools")


def python_files(*rooms: str) -> list[Path]:
    """List the Python files of some rooms, or of all and the door."""
    found = [path for room in rooms or ROOMS for path in (ROOT / room).rglob("*.py")]
    return sorted(found if rooms else [*found, ROOT / "dev.py"])


@cache
def parsed(path: Path) -> ast.Module:
    """Parse one source file."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Name what a file imports, with the line."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def place(path: Path, line: int = 0) -> str:
    """Name a place as an editor understands it."""
    where = path.relative_to(ROOT).as_posix()
    return f"{where}:{line}" if line else where
