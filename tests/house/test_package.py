"""The program builds from build.spec, and what was built works on its own."""

from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tools import package

BIGGEST = 200_000_000


@pytest.mark.package
@pytest.mark.skipif(
    not (ROOT / "deskcrm" / "cli.py").exists() and not (ROOT / "deskcrm" / "cli").is_dir(),
    reason="there is no command line yet",
)
def test_the_built_program_opens_the_sample_workspace_and_quits(tmp_path: Path) -> None:
    program = package.build(tmp_path)
    assert package.size(program) < BIGGEST
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    steps = [name for name, _seconds in package.try_out(program, folder)]
    assert len(steps) == 5
