"""Makes a file's name harmless: it came from outside and will stand on a person's disk."""

import re
import unicodedata
from typing import Final

from deskcrm.base.words import tr

_LONGEST: Final = 120
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
# Marks that turn "exe.gpj" into what looks like "jpg.exe", and other letters that do not show.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"}
    | {f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"}
)
# What a double click runs, on any of the three systems; such files are only ever saved.
_RUNNABLE: Final = frozenset(
    """
    ade adp apk app appimage application appref-ms appx bash bat chm class cmd com command cpl csh
    deb desktop diagcab dll dmg docm dotm elf exe fish gadget hta htm html img inf ins iso jar jnlp
    job js jse ksh library-ms lnk mde mht mhtml msc msi msix msp mst one out pif pkg potm ppam ppsm
    pptm prf prg ps1 ps1xml ps2 psc1 psd1 psm1 py pyc pyw pyz rb reg rpm run scf scpt scr sct
    search-ms settingcontent-ms sh shb shs sldm slk so svg swf terminal theme url vb vbe vbp vbs vhd
    vhdx vxd webloc ws wsc wsf wsh xbap xhtml xlam xll xlm xlsb xlsm xltm xml xsl xslt zsh
    """.split()
)


def safe_name(name: str) -> str:
    """Give a name without directories, controls, marks that do not show, or a device's meaning."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in _UNSEEN)
    name = " ".join(_FORBIDDEN.sub("_", name).split())
    # Windows drops dots and spaces at the end, so "a.exe." would run; one in front hides a file.
    name = name.strip(" .")
    name = _shortened(name)
    if name.partition(".")[0].strip().casefold() in _RESERVED:
        name = f"_{name}"
    return name or tr("file")


def _shortened(name: str) -> str:
    """Shorten in the middle, so that the ending still says what the file is."""
    if len(name) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 16:
        return name[:_LONGEST].strip(" .")
    return stem[: _LONGEST - len(ending) - 2].rstrip(" .") + "…" + dot + ending


def is_runnable(name: str) -> bool:
    """Tell whether opening such a file could run it; it may then be saved, but not opened."""
    endings = safe_name(name).casefold().split(".")[1:]
    return bool(endings) and (endings[-1] in _RUNNABLE)
