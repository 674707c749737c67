"""``deskcrm export`` as scripts run it, and ``import`` of what it wrote."""

import json
from pathlib import Path

from deskcrm.store.profile import Profile
from tests.cli.conftest import Run, complaint, deskcrm


def test_everything_goes_out_and_into_a_new_workspace(run: Run, tmp_path: Path) -> None:
    path, new = tmp_path / "all.zip", ("--profile", str(tmp_path / "new"))
    receipt = json.loads(run("export", "--all", str(path), "--json").stdout)
    assert receipt["rows"]["client"] > 0
    assert receipt["size"] == path.stat().st_size
    assert deskcrm("new", "--name", "Bo", *new).returncode == 0
    assert "not encrypted" in deskcrm("export", "--all", str(path) + "2", *new).stdout
    brought = json.loads(deskcrm("import", str(path), "--json", *new).stdout)
    assert brought["rows"] == receipt["rows"]
    assert "not empty" in complaint(deskcrm("import", str(path), *new))


def test_a_view_goes_out_as_it_is_asked_for(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    receipt = json.loads(run("export", "--view", "clients", str(path), "--json").stdout)
    assert len(path.read_text("utf-8-sig").splitlines()) > receipt["rows"] > 0
    run("export", "--view", "clients", str(path), "--columns", "city,name", "--language", "ru")
    assert path.read_text("utf-8-sig").splitlines()[0] == "Город,Клиент"
    run("export", "--view", "tickets", str(path), "--format", "jsonl", "--no-mark")
    assert json.loads(path.read_text().splitlines()[0])["number"]
    assert "rows are in" in run("export", "--view", "contacts", str(tmp_path / "all.vcf")).stdout


def test_what_cannot_be_exported_is_said_in_one_line(sample: Profile, tmp_path: Path) -> None:
    at = ("--profile", str(sample.folder), "export", "--view", "tickets", str(tmp_path / "a.txt"))
    assert "--format" in complaint(deskcrm(*at))
    assert "people only" in complaint(deskcrm(*at, "--format", "vcf"))
    assert "no saved view" in complaint(deskcrm(*at, "--format", "csv", "--saved", "Nothing"))
    assert "no column" in complaint(deskcrm(*at, "--format", "csv", "--columns", "colour"))


def test_a_place_that_cannot_be_written_is_said(sample: Profile, tmp_path: Path) -> None:
    at = ("--profile", str(sample.folder), "export", "--all", str(tmp_path / "no" / "a.zip"))
    assert "cannot be written" in complaint(deskcrm(*at))
