"""``deskcrm import`` as scripts run it: a preview, counts that are true, a file of rejects."""

import json
from pathlib import Path

import pytest

from deskcrm.store.profile import Profile
from tests.cli.conftest import Run, complaint, deskcrm

TEXT = (
    "Название;Телефон;Клиент с;Важность\nООО «Лютик»;8 (916) 000-00-11;15.01.2024;gold\n"
    "Пион;не знаю;;\nПион;8 916 000-00-12;20.02.2024;\n"
)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "clients.csv"
    path.write_bytes(TEXT.encode("cp1251"))
    return str(path)


def test_a_preview_writes_nothing_and_an_import_what_it_told(
    run: Run, file: str, tmp_path: Path
) -> None:
    seen = json.loads(run("import", file, "--preview", "--json").stdout)
    counts = {name: seen[name] for name in ("read", "new", "changed", "duplicate", "rejected")}
    assert counts == {"read": 3, "new": 2, "changed": 0, "duplicate": 0, "rejected": 1}
    assert seen["found"]["encoding"]["value"] == "cp1251"
    assert seen["step"] is None
    rejects = tmp_path / "rejects.csv"
    done = json.loads(run("import", file, "--json", "--rejects", str(rejects)).stdout)
    assert [row["outcome"] for row in done["rows"]] == ["new", "rejected", "new"]
    assert "не знаю" in rejects.read_text("utf-8-sig")
    assert json.loads(run("lookup", "Лютик", "--json").stdout)
    again = json.loads(run("import", file, "--json", "--update-by", "phone").stdout)
    assert (again["duplicate"], again["step"]) == (2, None)
    run("undo", str(done["step"]))
    assert json.loads(run("lookup", "Лютик", "--json").stdout) == []


def test_columns_are_said_by_hand(run: Run, file: str) -> None:
    seen = run("import", file, "--preview", "--as", "clients", "--map", "Важность=-").stdout
    assert "Важность" not in seen
    assert "3 rows: 2 new, 0 changed, 0 there already, 1 rejected." in seen


def test_what_cannot_be_done_is_refused_in_one_line(sample: Profile, tmp_path: Path) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("Name,Customer since\nAcme,01/02/2024\n", "utf-8")
    at = ("--profile", str(sample.folder), "import", str(path))
    assert "--dates" in complaint(deskcrm(*at))
    assert "no column" in complaint(deskcrm(*at, "--map", "Colour=name"))
    assert "no field" in complaint(deskcrm(*at, "--map", "Name=colour"))
    missing = complaint(deskcrm(*at[:-1], str(tmp_path / "missing.csv")))
    assert "cannot be read" in missing
