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
    assert "not encrypted" in run("export", "--all", str(path)).stdout
    assert deskcrm("new", "--name", "Bo", *new).returncode == 0
    brought = json.loads(deskcrm("import", str(path), "--json", *new).stdout)
    assert brought["rows"] == receipt["rows"]
    again = json.loads(deskcrm("export", "--all", str(tmp_path / "2.zip"), "--json", *new).stdout)
    assert again["rows"]["client"] == receipt["rows"]["client"]
    assert "not empty" in complaint(deskcrm("import", str(path), *new))


def test_a_place_that_cannot_be_written_is_said(sample: Profile, tmp_path: Path) -> None:
    at = ("--profile", str(sample.folder), "export", "--all", str(tmp_path / "no" / "all.zip"))
    assert "cannot be written" in complaint(deskcrm(*at))
