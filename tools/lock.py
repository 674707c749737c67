"""The lock files: chosen anew from pyproject.toml, and checked to be in step with it."""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN = ROOT / "requirements.txt"
DEV = ROOT / "requirements-dev.txt"

# Whose the file is, and from which requirements: the one line the check compares.
HEADER = "# Locked by: python3 dev.py lock\n# Requirements: {digest}\n"
# A lock is for every machine: it names packages and hashes, never an index or somebody's disk.
FOREIGN = re.compile(r"https?:|file:|\bindex\b|(^|\s)-[if-]|/(home|root|work|opt|tmp|usr)/|\\")


def requirements_digest() -> str:
    """Give a digest of everything in pyproject.toml that decides what is locked."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    whole = tomllib.loads(text)
    project = whole["project"]
    parts = [
        project["requires-python"],
        project["dependencies"],
        project["optional-dependencies"],
        whole["dependency-groups"],
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def foreign_lines(text: str) -> list[str]:
    """List the lines of a lock that name an index, a host or a path of one machine."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("--hash=sha256:")]
    # A continuation mark is the only backslash a lock has.
    return [line for line in lines if FOREIGN.search(line.removesuffix("\\"))]


def compile_lock(target: Path, *arguments: str) -> None:
    """Write one lock with uv: all platforms, hashes, no host; versions are kept where they fit."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / target.name
        if target.exists() and "--upgrade" not in arguments:
            fresh.write_text(target.read_text("utf-8"), "utf-8")
        uv = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "pyproject.toml"]
        uv += ["--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate"]
        uv += ["--universal", "--python-version", "3.11", "--output-file", str(fresh)]
        subprocess.run([*uv, *arguments], cwd=ROOT, check=True)
        body = fresh.read_text("utf-8")
    if found := foreign_lines(body):
        raise SystemExit(f"{target.name} names an index or a path of this machine: {found[0]}")
    target.write_text(HEADER.format(digest=requirements_digest()) + body, "utf-8")


def update(arguments: list[str]) -> int:
    """Write both locks; the development one holds exactly the versions of the other and more."""
    compile_lock(RUN, "--group", "build", *arguments)
    more = ["--extra", "server", "--extra", "dev", "--constraint", str(RUN)]
    compile_lock(DEV, "--group", "build", *more, *arguments)
    return 0


def check() -> int:
    """Say which lock is not the one that pyproject.toml asks for."""
    expected = HEADER.format(digest=requirements_digest())
    stale = [path.name for path in (RUN, DEV) if not path.read_text("utf-8").startswith(expected)]
    if stale:
        print(f"Not in step with pyproject.toml: {', '.join(stale)}; run python3 dev.py lock")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(check() if sys.argv[1:] == ["check"] else update(sys.argv[2:]))
