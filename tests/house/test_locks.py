"""The lock files are for every machine: exact, hashed, and without the name of any index."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tools import lock

LOCKS = [lock.RUN, lock.DEV]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_index_and_no_path(path: Path) -> None:
    assert lock.foreign_lines(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        "--find-links /opt/wheels",
        "-i https://example.org/simple",
        "somepackage @ file:///tmp/somepackage",
        "    # via /home/anna/deskcrm/pyproject.toml",
    ],
)
def test_a_host_or_a_path_would_be_noticed(line: str) -> None:
    assert lock.foreign_lines(f"alembic==1.20.1 \\\n    --hash=sha256:00\n{line}\n") == [line]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_package_is_exact_and_hashed(path: Path) -> None:
    text = re.sub(r"^#.*\n", "", path.read_text("utf-8"), flags=re.M)
    packages = re.split(r"\n(?=\w)", text.strip())
    assert len(packages) > 20
    for package in packages:
        assert re.match(r"[a-z0-9.-]+(\[[a-z]+\])?==[\w.]+ ", package), package
        assert "--hash=sha256:" in package


def test_the_locks_are_in_step_with_the_project() -> None:
    assert lock.check() == 0


def test_development_uses_the_versions_that_people_run() -> None:
    run, dev = ({*re.findall(r"^\S+==\S+", path.read_text("utf-8"), re.M)} for path in LOCKS)
    assert run <= dev


def test_every_dependency_has_its_reason_in_the_decisions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *(name for extra in project["project"]["optional-dependencies"].values() for name in extra),
        *project["dependency-groups"]["build"],
    ]
    reasons = (ROOT / "docs/decisions/0001-dependencies.md").read_text("utf-8").lower()
    names = [re.split(r"[\[<>=~ ]", name)[0].lower() for name in wanted]
    assert [name for name in names if f"**{name}**" not in reasons] == []
