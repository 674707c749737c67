"""Which key was meant: J is J on a Cyrillic keyboard too."""

import sys
from typing import Final

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

# The same places on the keyboard, in the two layouts.
_LATIN: Final = "QWERTYUIOP[]ASDFGHJKL;'ZXCVBNM,.`"
_CYRILLIC: Final = "ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ"
_TO_LATIN: Final = dict(zip(_CYRILLIC, _LATIN, strict=True)) | {"І": "S", "Є": "'", "Ї": "]"}
_TO_CYRILLIC: Final = dict(zip(_LATIN, _CYRILLIC, strict=True))

LIST_KEYS: Final = ("J", "K", "Enter", "Space", "X", "Shift+J", "Shift+K", "Ctrl+A", "Escape")
"""What every list does by itself; no action may take one of them."""

# For layouts that are neither: where the letter keys sit.
_ROWS: Final = ((16, "QWERTYUIOP"), (30, "ASDFGHJKL"), (44, "ZXCVBNM"))
_PC_CODES: Final = {start + i: c for start, row in _ROWS for i, c in enumerate(row)}
_MAC_CODES: Final = dict(
    zip(
        (
            0,
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            8,
            9,
            11,
            12,
            13,
            14,
            15,
            16,
            17,
            31,
            32,
            34,
            35,
            37,
            38,
            40,
            45,
            46,
        ),
        "ASDFHGZXCVBQWERYTOUIPLJKNM",
        strict=True,
    )
)
_XKB_OFFSET: Final = 8

_COMMANDING: Final = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


def latin(character: str) -> str:
    """The Latin capital on the same key as a Cyrillic letter; anything else as it is."""
    upper = character.upper()
    return _TO_LATIN.get(upper, upper)


def cyrillic(character: str) -> str:
    """The Cyrillic capital on the same key as a Latin letter; anything else as it is."""
    upper = character.upper()
    return _TO_CYRILLIC.get(upper, upper)


def normal(key: str) -> str:
    """One spelling for a key: "ctrl+л" and "Ctrl+K" are the same place on the keyboard."""
    head, plus, tail = key.rpartition("+")
    if key.endswith("+"):
        head, plus, tail = key[:-1].rstrip("+"), "+" if len(key) > 1 else "", "+"
    tail = latin(tail) if len(tail) == 1 else tail
    if len(tail) == 1 and not head:
        return tail
    text = QKeySequence(f"{head}{plus}{tail}").toString(QKeySequence.SequenceFormat.PortableText)
    return _one_enter(text)


def _one_enter(key: str) -> str:
    # Qt tells the big key (Return) from the one in the number block (Enter); people do not.
    return f"{key[:-6]}Enter" if key.endswith("Return") else key


def sequences(key: str) -> list[QKeySequence]:
    """The key as Qt's shortcuts want it: with both Enter keys."""
    found = [QKeySequence(key)]
    if key.endswith("Enter"):
        found.append(QKeySequence(f"{key[:-5]}Return"))
    return found


def native(key: str) -> str:
    """The key as the platform writes it: ⌘K on a Mac."""
    if len(key) == 1:
        return key
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def is_single(key: str) -> bool:
    """Whether the key belongs to a list that has the focus: no Ctrl, Alt, Meta, not F1 to F12."""
    names = key.split("+")
    if any(name in {"Ctrl", "Alt", "Meta"} for name in names[:-1]):
        return False
    return not (len(names[-1]) > 1 and names[-1][0] == "F" and names[-1][1:].isdigit())


def pressed(event: QKeyEvent) -> str:
    """The key of an event in the spelling of ``normal``, whatever the layout."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    letter = _letter(event)
    if letter:
        held = modifiers & ~Qt.KeyboardModifier.ShiftModifier
        parts = _names(modifiers if letter.isalpha() else held)
        return "+".join([*parts, letter])
    key = Qt.Key(event.key())
    shown = QKeySequence(QKeyCombination(modifiers, key))
    return _one_enter(shown.toString(QKeySequence.SequenceFormat.PortableText))


def _names(modifiers: Qt.KeyboardModifier) -> list[str]:
    order = (
        (Qt.KeyboardModifier.MetaModifier, "Meta"),
        (Qt.KeyboardModifier.ControlModifier, "Ctrl"),
        (Qt.KeyboardModifier.AltModifier, "Alt"),
        (Qt.KeyboardModifier.ShiftModifier, "Shift"),
    )
    return [name for flag, name in order if modifiers & flag]


def _letter(event: QKeyEvent) -> str:
    code = event.key()
    if not 0x20 < code < 0x01000000:
        return ""
    found = latin(chr(code))
    if found.isascii():
        return found
    by_position = _by_position(event)
    return by_position or found


def _by_position(event: QKeyEvent) -> str:
    if sys.platform == "darwin":
        return _MAC_CODES.get(event.nativeVirtualKey(), "")
    offset = 0 if sys.platform == "win32" else _XKB_OFFSET
    return _PC_CODES.get(event.nativeScanCode() - offset, "")


def is_commanding(event: QKeyEvent) -> bool:
    """Whether Ctrl, Alt or Meta is held."""
    return bool(event.modifiers() & _COMMANDING)
