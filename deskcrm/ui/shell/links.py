"""Makes this program the one that opens ``tel:`` and ``deskcrm:`` links, where the system allows.

Only when the person asks for it. Linux: a desktop file and xdg-mime. Windows: the person's own
part of the registry. macOS: only an application bundle can, by its Info.plist.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from deskcrm.base import paths
from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.store.profile import Profile
from deskcrm.ui.shell.clicked_links import SCHEMES

_DESKTOP: Final = "deskcrm-links.desktop"
_CLASSES: Final = r"Software\Classes"
_CAPABILITIES: Final = r"Software\DeskCRM\Capabilities"


def can_register() -> bool:
    """Tell whether this system lets a program offer itself for links."""
    return sys.platform != "darwin"


def how_it_works() -> str:
    """Say what will happen on this system."""
    if sys.platform == "darwin":
        return tr(
            "On a Mac the application bundle offers itself for tel: and deskcrm: links. Choose it"
            " in FaceTime › Settings › Default for calls."
        )
    if sys.platform == "win32":
        return tr(
            "DeskCRM is offered for tel: and deskcrm: links. Windows then asks which program to"
            " use, or choose it in Settings › Apps › Default apps."
        )
    return tr(
        "A click on a tel: link then shows the caller card; a deskcrm: link can lead to an article"
        " too."
    )


def command(profile: Profile) -> list[str]:
    """Give the command that a link starts, without the link itself."""
    if getattr(sys, "frozen", False):
        program = [sys.executable]
    else:
        installed = Path(sys.executable).with_name("deskcrm")
        found = installed.exists()
        program = [str(installed)] if found else [sys.executable, "-m", "deskcrm"]
    if profile.folder != paths.default_profile():
        program += ["--profile", str(profile.folder.absolute())]
    return [*program, "call"]


def is_registered() -> bool:
    """Tell whether links lead here."""
    if sys.platform == "win32":
        return _registered_on_windows()
    return can_register() and (_applications() / _DESKTOP).exists()


def register(profile: Profile) -> None:
    """Have links lead here."""
    if sys.platform == "win32":
        _register_on_windows(command(profile))
    elif can_register():
        _register_on_linux(command(profile))
    else:
        raise UserError(tr("This system does not allow it."), how_it_works())


def unregister() -> None:
    """Have links lead wherever they led before."""
    if sys.platform == "win32":
        _unregister_on_windows()
    elif can_register():
        (_applications() / _DESKTOP).unlink(missing_ok=True)
        _refresh_linux()


# Linux


def _applications() -> Path:
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "applications"


def desktop_file(program: list[str]) -> str:
    """Give the text of the desktop file, its command quoted as the specification asks."""
    line = " ".join(_quoted(part) for part in program)
    mime = "".join(f"x-scheme-handler/{scheme};" for scheme in SCHEMES)
    return (
        "[Desktop Entry]\nType=Application\nName=DeskCRM\nNoDisplay=true\nTerminal=false\n"
        f"Icon=deskcrm\nExec={line} %u\nMimeType={mime}\n"
    )


def _quoted(part: str) -> str:
    for sign in ("\\", '"', "`", "$"):
        part = part.replace(sign, "\\" + sign)
    # A backslash is doubled once more because the file's own escapes are read first.
    return '"' + part.replace("\\", "\\\\").replace("%", "%%") + '"'


def _register_on_linux(program: list[str]) -> None:
    tool = shutil.which("xdg-mime")
    if tool is None:
        raise UserError(
            tr("xdg-mime is not here, and it is what registers links."),
            tr("Install the package xdg-utils, then try again."),
        )
    try:
        _applications().mkdir(parents=True, exist_ok=True)
        (_applications() / _DESKTOP).write_text(desktop_file(program), "utf-8")
    except OSError as error:
        raise UserError(
            tr("The link could not be registered."), tr("Check that your home folder is writable.")
        ) from error
    _refresh_linux()
    for scheme in SCHEMES:
        subprocess.run(
            [tool, "default", _DESKTOP, f"x-scheme-handler/{scheme}"],
            capture_output=True,
            check=False,
        )


def _refresh_linux() -> None:
    tool = shutil.which("update-desktop-database")
    if tool is not None:
        subprocess.run([tool, str(_applications())], capture_output=True, check=False)


# Windows

if sys.platform == "win32":
    import winreg

    def _registered_on_windows() -> bool:
        try:
            winreg.CloseKey(winreg.OpenKey(winreg.HKEY_CURRENT_USER, _CAPABILITIES))
            return True
        except OSError:
            return False

    def _register_on_windows(program: list[str]) -> None:
        line = subprocess.list2cmdline(program) + ' "%1"'
        for scheme in SCHEMES:
            base = rf"{_CLASSES}\DeskCRM.{scheme}"
            _set(base, "", f"URL:{scheme}")
            _set(base, "URL Protocol", "")
            _set(rf"{base}\shell\open\command", "", line)
            _set(rf"{_CAPABILITIES}\UrlAssociations", scheme, f"DeskCRM.{scheme}")
        # Nobody else claims this one, so it need not be chosen anywhere.
        _set(rf"{_CLASSES}\deskcrm", "URL Protocol", "")
        _set(rf"{_CLASSES}\deskcrm\shell\open\command", "", line)
        _set(_CAPABILITIES, "ApplicationName", "DeskCRM")
        _set(r"Software\RegisteredApplications", "DeskCRM", _CAPABILITIES)

    def _unregister_on_windows() -> None:
        for name in (*(f"DeskCRM.{scheme}" for scheme in SCHEMES), "deskcrm"):
            for inside in (r"\shell\open\command", r"\shell\open", r"\shell", ""):
                _drop(rf"{_CLASSES}\{name}{inside}")
        for inside in (r"\UrlAssociations", ""):
            _drop(_CAPABILITIES + inside)
        try:
            path = r"Software\RegisteredApplications"
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path, 0, winreg.KEY_SET_VALUE) as key:
                winreg.DeleteValue(key, "DeskCRM")
        except OSError:
            return

    def _set(path: str, name: str, value: str) -> None:
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, path) as key:
            winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)

    def _drop(path: str) -> None:
        try:
            winreg.DeleteKey(winreg.HKEY_CURRENT_USER, path)
        except OSError:
            return

else:

    def _registered_on_windows() -> bool:
        return False

    def _register_on_windows(program: list[str]) -> None:
        raise NotImplementedError

    def _unregister_on_windows() -> None:
        raise NotImplementedError
