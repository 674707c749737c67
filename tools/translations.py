"""The Russian catalogue: kept in step with the program's texts, compiled, and checked."""

import io
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tools.extract import Found, Key, extract

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "translations"
RUSSIAN_FORMS = 3
# No dates and no version of a tool: the file changes when a text does, and only then.
RULE = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
    "n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
)
HEADERS = [
    ("Project-Id-Version", "DeskCRM"),
    ("Language", "ru"),
    ("Plural-Forms", RULE),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
]
COMMENT = "# The words of DeskCRM in Russian. Collected by: python3 dev.py translations"


class Russian(Catalog):
    """A catalogue whose header never changes by itself."""

    mime_headers = property(lambda _self: HEADERS, Catalog._set_mime_headers)

    def __init__(self) -> None:
        super().__init__(locale="ru", header_comment=COMMENT, fuzzy=False)


def read_catalogue(path: Path) -> Catalog:
    """Read what has been translated; an empty catalogue when there is none yet."""
    if not path.exists():
        return Russian()
    with path.open("rb") as file:
        return read_po(file, locale="ru", abort_invalid=True)


def merged(found: Found, known: Catalog) -> Russian:
    """Give the catalogue of exactly the texts found, with the translations already known."""
    catalogue = Russian()
    for (context, text), entry in sorted(found.texts.items(), key=lambda item: item[0][::-1]):
        old = known.get(text, context or None)
        catalogue.add(
            (text, entry.plural) if entry.plural else text,
            fitting(old, counted=bool(entry.plural)),
            locations=[(file, 0) for file in sorted(entry.files)],
            flags=sorted(old.flags - {"python-format", "python-brace-format"}) if old else (),
            user_comments=old.user_comments if old else (),
            context=context or None,
        )
    return catalogue


def fitting(old: Message | None, *, counted: bool) -> str | tuple[str, ...]:
    """Give an old translation in the shape that the text has now."""
    strings = forms(old) if old else []
    if counted:
        return tuple((strings + [""] * RUSSIAN_FORMS)[:RUSSIAN_FORMS])
    return strings[0] if strings else ""


def forms(message: Message) -> list[str]:
    """List the translations of a message: one, or one for each plural form."""
    strings = message.string or ""
    return [strings] if isinstance(strings, str) else [string or "" for string in strings]


def as_po(catalogue: Catalog) -> bytes:
    """Write a catalogue as text: sorted, with the files that use each text but no line numbers."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, include_lineno=False)
    return out.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """Compile a catalogue to what gettext reads."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def problems(catalogue: Catalog) -> list[str]:
    """Say what is not translated, or not rightly."""
    said: list[str] = []
    for message in catalogue:
        if message.id:
            said += [f"{name(message)}: {fault}" for fault in faults(message)]
    return said


def name(message: Message) -> str:
    """Name a message as a person finds it in the catalogue."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f"{message.context} / {text!r}" if message.context else repr(text)


def faults(message: Message) -> Iterable[str]:
    """Say what is wrong with one translation."""
    strings = forms(message)
    if message.fuzzy:
        yield "is marked as doubtful (fuzzy)"
    counted = not isinstance(message.id, str)
    if counted and len(strings) != RUSSIAN_FORMS:
        yield f"has {len(strings)} plural forms; Russian has {RUSSIAN_FORMS}"
    if not all(string.strip() for string in strings):
        yield "is not translated"
        return
    expected = gaps(message.id if isinstance(message.id, str) else message.id[1])
    for string in strings:
        if gaps(string) != expected:
            yield f"has {sorted(gaps(string))} to fill in; the English has {sorted(expected)}"


def gaps(text: str) -> set[str]:
    """Name what a text leaves to be filled in."""
    try:
        return {field for _, field, _, _ in Formatter().parse(text) if field is not None}
    except ValueError:
        return {f"unreadable: {text}"}


def check(folder: Path = FOLDER, found: Found | None = None) -> list[str]:
    """Say all that keeps the catalogue from being complete, right and current."""
    found = found or extract()
    said = list(found.faults)
    path = folder / "ru.po"
    hint = "run python3 dev.py translations"
    if not path.exists():
        return [*said, f"There is no Russian catalogue yet: {hint}"]
    known = read_catalogue(path)
    keys: set[Key] = {
        (message.context or "", message.id if isinstance(message.id, str) else message.id[0])
        for message in known
        if message.id
    }
    said += [f"{text!r} is not in the catalogue: {hint}" for _, text in found.texts.keys() - keys]
    said += [f"{text!r} is no longer used: {hint}" for _, text in keys - found.texts.keys()]
    said += problems(known)
    current = merged(found, known)
    if not said and path.read_bytes() != as_po(current):
        said.append(f"ru.po is not in its order: {hint}")
    compiled = folder / "ru.mo"
    if not compiled.exists() or compiled.read_bytes() != as_mo(current):
        said.append(f"ru.mo is not compiled from ru.po: {hint}")
    return sorted(said)


def update(folder: Path = FOLDER, found: Found | None = None) -> Sequence[str]:
    """Bring the catalogue in step with the program and compile it; gives what is left to do."""
    found = found or extract()
    current = merged(found, read_catalogue(folder / "ru.po"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ru.po").write_bytes(as_po(current))
    (folder / "ru.mo").write_bytes(as_mo(current))
    return [*found.faults, *problems(current)]


def main(arguments: list[str]) -> int:
    """Check or update, as the first word says; print what is left to do."""
    left = check() if arguments == ["check"] else update()
    for line in left:
        print(line)
    if left:
        print(f"{len(left)} left to do in {FOLDER / 'ru.po'}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
