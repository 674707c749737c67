"""Builds the program that needs no Python, then tries what was built as its user would."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from deskcrm import __version__

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = 40


def build(folder: Path) -> Path:
    """Build into ``folder/dist`` and give the path of the program."""
    pyinstaller = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    places = ["--distpath", str(folder / "dist"), "--workpath", str(folder / "build")]
    done = subprocess.run(
        [*pyinstaller, *places, str(ROOT / "build.spec")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"PyInstaller failed:\n{done.stderr[-4000:]}")
    name = "deskcrm-cli.exe" if sys.platform == "win32" else "deskcrm"
    return folder / "dist" / "deskcrm" / name


def size(program: Path) -> int:
    """Give the bytes of everything beside the program."""
    files = (path for path in program.parent.rglob("*") if not path.is_symlink())
    return sum(path.stat().st_size for path in files if path.is_file())


def try_out(program: Path, folder: Path) -> Iterator[tuple[str, float]]:
    """Start what was built on a profile of its own; give each step with its seconds.

    The sample workspace is made, checked, searched and painted: between them these load every
    part that a build could have left out.
    """
    profile = ["--profile", str(folder / "profile")]
    pictures = folder / "screens"
    steps = {
        "says its version": ["--version"],
        "makes the sample workspace": [
            *profile, "demo", "--clients", str(CLIENTS), "--seed", "1", "--language", "both",
        ],
        "verifies it": [*profile, "verify"],
        "looks a number up": [*profile, "lookup", "+7", "--json"],
        "paints its screens": [*profile, "screens", "--look", "ru-dark", "--out", str(pictures)],
    }  # fmt: skip
    for name, arguments in steps.items():
        began = time.monotonic()
        said = run(program, arguments, folder)
        if arguments == ["--version"] and __version__ not in said:
            raise SystemExit(f"The built program says its version is {said.strip()!r}.")
        yield name, time.monotonic() - began
    if not list(pictures.rglob("*.png")):
        raise SystemExit("The built program painted nothing.")


def run(program: Path, arguments: list[str], folder: Path) -> str:
    """Run the built program away from the checkout, as on a machine that has only it."""
    strangers = ("PYTHON", "VIRTUAL_ENV", "QT_PLUGIN", "QT_QPA_FONTDIR")
    environment = {key: os.environ[key] for key in os.environ if not key.startswith(strangers)}
    environment["DESKCRM_PASSPHRASE"] = "only a try"
    environment["QT_QPA_PLATFORM"] = "offscreen"
    done = subprocess.run(
        [str(program), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise SystemExit(
            f"The built program failed ({done.returncode}): {' '.join(arguments)}\n{done.stderr}"
        )
    return done.stdout


def main() -> int:
    """Build into dist/, try it, and print size and times."""
    began = time.monotonic()
    program = build(ROOT)
    print(f"built in {time.monotonic() - began:.0f} s: {program.parent.relative_to(ROOT)}")
    print(f"size: {size(program) / 1e6:.0f} MB")
    with tempfile.TemporaryDirectory(prefix="deskcrm-") as folder:
        for name, seconds in try_out(program, Path(folder)):
            print(f"{name}: {seconds:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
