#!/usr/bin/env python3
"""The one door to the checkout: sets up what is missing, then runs, tests, checks or packages.

Only Python itself is needed (3.11 or newer): ``python3 dev.py run``, ``python3 dev.py test``.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said in words to whoever has an older one
    sys.exit(
        f"DeskCRM needs Python 3.11 or newer; this is Python {sys.version.split()[0]}.\n"
        "Install a newer one and start again, for example: python3.12 dev.py run"
    )

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
SAMPLE = ROOT / "build" / "sample"
SECRET = "sample workspace"  # of made-up data, so it need not be anybody's secret
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "set-up.json"
LOCKS = {"run": ROOT / "requirements.txt", "dev": ROOT / "requirements-dev.txt"}

# What the wheels of Qt expect of a Linux system: the library, and Debian's package of it.
QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libbrotlidec.so.1": "libbrotli1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
DISPLAY_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
FONT_PACKAGE = "fonts-dejavu-core"
# What the test of the keychain starts, a session bus and a keyring, and Debian's packages of them.
TEST_PROGRAMS = {"dbus-run-session": "dbus", "gnome-keyring-daemon": "gnome-keyring"}
# The same for the two other large families of Linux.
ELSEWHERE = {
    "dnf install": "glib2 libglvnd-glx libglvnd-egl fontconfig libxkbcommon dbus-libs libbrotli"
    " krb5-libs libxkbcommon-x11 xcb-util-cursor xcb-util-wm xcb-util-keysyms dejavu-sans-fonts",
    "pacman -S --needed": "glib2 libglvnd fontconfig libxkbcommon dbus brotli krb5"
    " libxkbcommon-x11 xcb-util-cursor xcb-util-wm xcb-util-keysyms ttf-dejavu",
}


class Trouble(Exception):
    """Something that only a person can put right, in words."""


def say(text: str) -> None:
    """Tell the person what goes on, on stderr, so that stdout stays the command's own."""
    print(text, file=sys.stderr, flush=True)


def quietly(*command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a program and keep what it says."""
    environment = {**os.environ, **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def missing_packages(*, display: bool) -> list[str]:
    """List the Debian packages whose libraries or fonts Qt would not find; none off Linux."""
    if not sys.platform.startswith("linux"):
        return []
    import ctypes

    wanted = {**QT_LIBRARIES, **(DISPLAY_LIBRARIES if display else {})}
    missing = []
    for library, package in wanted.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing if has_font() else [*missing, FONT_PACKAGE]


def has_font() -> bool:
    """Tell whether there is any font to paint with: by fontconfig, else where it would look."""
    if shutil.which("fc-list"):
        return bool(quietly("fc-list").stdout.strip())
    homes = ["/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"]
    files = (path for home in homes for path in Path(home).expanduser().rglob("*"))
    return any(path.suffix.lower() in {".ttf", ".otf", ".ttc"} for path in files)


def install_packages(packages: list[str], why: str) -> None:
    """Install Debian packages when that is allowed, else say the one command that does it."""
    if not shutil.which("apt-get"):
        raise Trouble(f"{why}\nInstall it, then start again:\n\n    {foreign_command(packages)}\n")
    if os.geteuid() != 0:
        command = f"sudo apt-get install -y {' '.join(packages)}"
        raise Trouble(f"{why}\nInstall it, then start again:\n\n    {command}\n")
    say(f"Installing system packages: {' '.join(packages)}")
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    for step in (["apt-get", "update"], install):
        done = quietly(*step, DEBIAN_FRONTEND="noninteractive")
        # A stale third-party list makes "update" fail though the packages are there.
        if done.returncode and step is install:
            raise Trouble(f"{why}\n{last_lines(done.stderr)}\nThis failed: {' '.join(step)}")


def foreign_command(packages: list[str]) -> str:
    """Give the command of a Linux that is not Debian, as well as it can be known."""
    for command, names in ELSEWHERE.items():
        if shutil.which(command.split()[0]):
            return f"sudo {command} {names}"
    return f"(your system's packages for what Debian calls) {' '.join(packages)}"


def provide_qt_libraries(*, display: bool) -> None:
    """Make sure that Qt can be loaded on this Linux, installing what is missing if it may."""
    missing = missing_packages(display=display)
    if not missing:
        return
    if missing == [FONT_PACKAGE] and (os.geteuid() != 0 or not shutil.which("apt-get")):
        say("No font was found; if letters show as boxes, install DejaVu Sans (or any other).")
        return
    wanted = [*QT_LIBRARIES.values(), *DISPLAY_LIBRARIES.values(), FONT_PACKAGE]
    install_packages(wanted, f"The window needs system packages that are missing: {missing}")
    still = missing_packages(display=display)
    if still and still != [FONT_PACKAGE]:
        raise Trouble(f"These were installed and still cannot be loaded: {' '.join(still)}")


def provide_test_programs() -> None:
    """Install what the test of the keychain needs where that is allowed; else the test says so."""
    missing = [package for name, package in TEST_PROGRAMS.items() if not shutil.which(name)]
    debian = sys.platform.startswith("linux") and shutil.which("apt-get")
    if missing and debian and os.geteuid() == 0:
        try:
            install_packages(missing, "The test of the keychain needs system packages.")
        except Trouble as trouble:
            say(str(trouble))  # all other tests can run without them


def wanted_stamp(level: str) -> dict[str, str]:
    """Describe a finished environment: the locks in it, its Python and where it stands."""
    stamp = {"python": sys.version.split()[0], "root": str(ROOT)}
    import tomllib

    whole = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    # Of the project itself, what an editable install writes down: entry points and layout.
    project = json.dumps([whole["project"], whole["tool"]["hatch"]]).encode()
    for name in ("run", "dev") if level == "dev" else ("run",):
        stamp[name] = hashlib.sha256(LOCKS[name].read_bytes() + project).hexdigest()
    return stamp


def read_stamp() -> dict[str, str]:
    """Read what the environment was finished with; empty when it is missing or half made."""
    try:
        found = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and PYTHON.exists() else {}


def set_up(level: str, *, display: bool = False) -> None:
    """Make the environment ready for ``run`` or ``dev``; does nothing when it already is."""
    provide_qt_libraries(display=display)
    found, wanted = read_stamp(), wanted_stamp(level)
    if all(found.get(key) == value for key, value in wanted.items()):
        return
    began = time.monotonic()
    say("Setting up .venv (once; a minute or two, depending on the network) ...")
    keep = found.get("root") == str(ROOT) and found.get("python") == wanted["python"]
    if not keep or not python_works():
        make_venv()
    level = "dev" if "dev" in found and keep else level
    STAMP.unlink(missing_ok=True)  # from here on it is half made, until the stamp is back
    fill_venv(level)
    STAMP.write_text(json.dumps(wanted_stamp(level), indent=1), "utf-8")
    say(f"Ready after {time.monotonic() - began:.0f} s.")


def python_works() -> bool:
    """Tell whether the environment's Python starts and has pip."""
    try:
        return quietly(str(PYTHON), "-c", "import pip").returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """Make an empty environment, in the place of a broken one if there is one."""
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        say("The .venv that is there is unfinished, broken or another Python's: making it anew.")
        shutil.rmtree(VENV)
    if not importlib.util.find_spec("venv") or not importlib.util.find_spec("ensurepip"):
        package = f"python3.{sys.version_info.minor}-venv"
        install_packages([package], "This Python has no venv module.")
    done = quietly(sys.executable, "-m", "venv", str(VENV))
    if done.returncode:
        raise Trouble(f"The environment .venv could not be made.\n{last_lines(done.stdout)}")


def fill_venv(level: str) -> None:
    """Install the locked packages by their hashes, and this checkout in editable form."""
    pip("--require-hashes", "--no-deps", "-r", str(LOCKS[level]))
    pip("--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT))
    done = quietly(str(PYTHON), "-c", "import PySide6.QtWidgets, sqlcipher3")
    if done.returncode:
        raise Trouble(f"What was installed cannot be loaded.\n{last_lines(done.stderr, 1)}")


def pip(*arguments: str) -> None:
    """Run the environment's ``pip install``; what fails is said in words."""
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    done = quietly(*command, "--retries", "3", *arguments)
    if done.returncode == 0:
        return
    lowered = done.stderr.lower()
    if "hashes" in lowered and "do not match" in lowered:
        raise Trouble(f"A package is not the one that was locked.\n{last_lines(done.stderr, 8)}")
    signs = ("connection", "timed out", "resolve", "resolution", "unreachable", "proxy")
    if any(sign in lowered for sign in signs):
        raise Trouble(
            "The packages could not be fetched: the package index does not answer.\n"
            "Check the network (or pip's own settings), then start again.\n"
            + last_lines(done.stderr, 2)
        )
    raise Trouble(f"pip could not install the packages.\n{last_lines(done.stderr, 8)}")


def last_lines(text: str, count: int = 5) -> str:
    """Give the last lines of a program's output, indented."""
    return "\n".join("    " + line for line in text.strip().splitlines()[-count:])


def call(*command: str, offscreen: bool = False, **variables: str) -> int:
    """Run a program of the environment in the checkout and give its exit code."""
    environment = {**os.environ, **variables}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # the tests start the program often
    if offscreen:
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        return subprocess.call([str(PYTHON), *command], cwd=ROOT, env=environment)
    except KeyboardInterrupt:
        return 130


def has_display() -> bool:
    """Tell whether a window can be shown here."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(map(os.environ.get, named))


def run(options: argparse.Namespace, rest: list[str]) -> int:
    """Open the program on a sample workspace (--own: on yours), or write pictures of it."""
    if options.offscreen:
        return screens(argparse.Namespace(out=ROOT / "screens"), rest)
    if not (rest or has_display()):
        raise Trouble(
            "There is no display here, so no window can open. Let it paint its screens:\n\n"
            "    python3 dev.py run --offscreen\n\n"
            "or start it on a virtual display: xvfb-run -a python3 dev.py run"
        )
    set_up("run", display=has_display())
    if rest or options.own:
        return call("-m", "deskcrm", *rest)
    start = ("-m", "deskcrm", "--profile", str(SAMPLE))
    if not SAMPLE.exists() and call(*start, "demo", DESKCRM_PASSPHRASE=SECRET):
        return 1
    return call(*start, DESKCRM_PASSPHRASE=SECRET)


def screens(options: argparse.Namespace, rest: list[str]) -> int:
    """Write a picture of every screen, in both languages, light and dark."""
    set_up("run")
    out = Path(options.out).resolve()
    with tempfile.TemporaryDirectory(prefix="deskcrm-") as profile:
        arguments = ["--profile", profile, "screens", "--out", str(out), *rest]
        code = call("-m", "deskcrm", *arguments, offscreen=True, DESKCRM_PASSPHRASE=SECRET)
    say(f"The pictures are in {out}" if code == 0 else "No pictures were written.")
    return code


def test(_options: argparse.Namespace, rest: list[str]) -> int:
    """Run the tests, all of them on all cores; whatever follows goes to pytest."""
    set_up("dev")
    provide_test_programs()
    # A worker that went down is told at once: with another in its place, the run may never end.
    # Folder by folder: otherwise a file of one long test comes last, with a core idle beside it.
    spread = "-n auto --dist loadfile --no-loadscope-reorder --max-worker-restart 0".split()
    return call("-m", "pytest", *(rest or spread), offscreen=True)


def check(_options: argparse.Namespace, _rest: list[str]) -> int:
    """Check form, types, layers and generated files; every step runs, every failure is told."""
    set_up("dev")
    steps = {
        "format": ["-m", "ruff", "format", "--check", "--quiet", "."],
        "lint": ["-m", "ruff", "check", "--quiet", "."],
        "types": ["-m", "mypy", "deskcrm", "tests", "bench", "tools", "dev.py"],
        "layers": ["-c", "from importlinter.cli import lint_imports_command as go; go()"],
        "lock": ["-m", "tools.lock", "check"],
        "translations": ["-m", "tools.translations", "check"],
    }
    failed = []
    for name, command in steps.items():
        began = time.monotonic()
        code = call(*command, offscreen=True)
        say(f"{name:>12}: {'failed' if code else 'good'} ({time.monotonic() - began:.1f} s)")
        failed += [name] if code else []
    if failed:
        say(f"The check failed: {', '.join(failed)}")
    return 1 if failed else 0


def bench(options: argparse.Namespace, rest: list[str]) -> int:
    """Measure the program against its budgets."""
    set_up("dev")
    names = [options.name] if options.name else []
    clients = ["--clients", str(options.clients)] if options.clients else []
    return call("-m", "bench", *names, *clients, *rest, offscreen=True)


def serve(_options: argparse.Namespace, rest: list[str]) -> int:
    """Start the shared server, in build/server unless another place is named."""
    set_up("dev")
    named = any(one.startswith(("--data", "--database-url", "--help", "-h")) for one in rest)
    place = [] if named else ["--data", str(ROOT / "build" / "server")]
    return call("-m", "deskcrm", "serve", *place, *rest)


def package(_options: argparse.Namespace, rest: list[str]) -> int:
    """Build the program that needs no Python into dist/, and try it."""
    set_up("dev")
    return call("-m", "tools.package", *rest, offscreen=True)


def translations(_options: argparse.Namespace, rest: list[str]) -> int:
    """Collect the words of the program into the catalogue and compile it."""
    set_up("dev")
    return call("-m", "tools.translations", "update", *rest, offscreen=True)


def lock(_options: argparse.Namespace, rest: list[str]) -> int:
    """Choose the versions of all dependencies anew and write the lock files."""
    set_up("dev")
    return call("-m", "tools.lock", "update", *rest)


COMMANDS = (run, test, check, bench, screens, package, serve, translations, lock)


def build_parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = argparse.ArgumentParser(
        prog="dev.py", description="The one door to the checkout.", allow_abbrev=False
    )
    parsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    made = {}
    for command in COMMANDS:
        text = command.__doc__ or ""
        made[command] = parsers.add_parser(
            command.__name__, help=text, description=text, allow_abbrev=False
        )
        made[command].set_defaults(command=command)
    made[run].add_argument("--offscreen", action="store_true", help="write pictures instead")
    made[run].add_argument("--own", action="store_true", help="open your own workspace instead")
    made[screens].add_argument("--out", type=Path, default=ROOT / "screens", metavar="DIR")
    made[bench].add_argument("name", nargs="?", help="which measurement; all when left out")
    made[bench].add_argument("--clients", type=int, metavar="N", help="size of the workspace")
    return parser


def main() -> int:
    """Run one command of the door."""
    options, rest = build_parser().parse_known_args()
    try:
        return int(options.command(options, rest))
    except Trouble as trouble:
        say(str(trouble))
        return 2


if __name__ == "__main__":
    sys.exit(main())
