"""erase shows what would go, asks for the name, and leaves a certificate and nothing else."""

import json
import shutil
from pathlib import Path
from typing import Any

from deskcrm.store.profile import Profile
from tests.cli.conftest import Run, complaint, deskcrm, process


def test_a_contact_is_previewed_erased_and_certified(
    sample: Profile, run: Run, client: dict[str, Any], tmp_path: Path
) -> None:
    folder = shutil.copytree(sample.folder, tmp_path / "profile")
    name = json.loads(run("client", client["client"], "--json").stdout)["contacts"][0]["name"]
    erase = ("--profile", str(folder), "erase", "contact")
    # It reads every table there is: only a process of its own does not know other tests' toys.
    seen = json.loads(process(*erase, name, "--preview", "--json").stdout)
    assert (seen["name"], seen["counts"]["contact"]) == (name, 1)
    assert seen["mentions"]
    paper = tmp_path / "certificate.txt"
    made = process(*erase, seen["id"], "--name", name, "--mentions", "--certificate", str(paper))
    assert (made.returncode, made.stderr) == (0, "")
    assert "Certificate of erasure E-" in made.stdout
    assert "Mentions left in texts: 0" in made.stdout
    assert paper.read_text("utf-8").strip() == made.stdout.strip()
    assert name not in made.stdout
    assert (folder / "backups" / "erased.json").exists()
    assert "Nobody is known" in complaint(deskcrm(*erase, name, "--preview"))
