"""The catalogue: every text is found, kept in order, and checked for what Russian needs."""

import ast
import gettext
from pathlib import Path

import pytest

from deskcrm.base.words import sentence
from tools import extract, translations
from tools.extract import Found

SOURCE = '''
"""A made-up room."""
tr("Nobody called")
tr("{who} called", who=name)
words.tr("Open" if is_open else "Closed")
ntr("{n} ticket", "{n} tickets", count)
ptr("verb", "Call")
tr(self.label)
STALE = Setting[int]("tickets.stale", 3, "Ticket goes stale after", scope=Scope.SHARED)

@command("contacts.rename", "Rename contact")
def rename(): ...

@action("contacts.rename", label="Rename…", key="F2")
def rename_here(): ...

class Tier(StrEnum):
    """Not a label."""
    VERY_IMPORTANT = "vip"
    PLAIN = "plain"
    _private = 1
'''


def found_in(source: str) -> Found:
    found = Found()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            extract.read_call(found, "made_up.py", node)
        elif isinstance(node, ast.ClassDef) and extract.is_enum(node):
            for name in extract.members(node):
                found.add("made_up.py", sentence(name), context=node.name)
    return found


def filled(folder: Path, **said: str) -> None:
    """Write translations into a catalogue that was just collected."""
    path = folder / "ru.po"
    text = path.read_text("utf-8")
    for english, russian in said.items():
        text = text.replace(english, russian)
    path.write_text(text, "utf-8")


def test_every_kind_of_text_is_found() -> None:
    found = found_in(SOURCE)
    assert found.faults == []
    assert set(found.texts) == {
        ("", "Nobody called"),
        ("", "{who} called"),
        ("", "Open"),
        ("", "Closed"),
        ("", "{n} ticket"),
        ("verb", "Call"),
        ("", "Ticket goes stale after"),
        ("", "Rename contact"),
        ("Done", "Rename contact"),
        ("", "Rename…"),
        ("Tier", "Very important"),
        ("Tier", "Plain"),
    }
    assert found.texts["", "{n} ticket"].plural == "{n} tickets"


@pytest.mark.parametrize("call", ['tr(f"{n} calls")', 'tr("Hello " + name)', 'tr("%s" % name)'])
def test_a_text_put_together_on_the_spot_is_a_fault(call: str) -> None:
    assert found_in(call).faults == ["made_up.py:1: a text to translate must be a literal"]


def test_collecting_twice_changes_nothing(tmp_path: Path) -> None:
    found = found_in(SOURCE)
    translations.update(tmp_path, found)
    first = [(tmp_path / name).read_bytes() for name in ("ru.po", "ru.mo")]
    translations.update(tmp_path, found)
    assert [(tmp_path / name).read_bytes() for name in ("ru.po", "ru.mo")] == first


def test_translations_are_kept_when_texts_come_and_go(tmp_path: Path) -> None:
    translations.update(tmp_path, found_in('tr("Call")\ntr("Write")'))
    po = tmp_path / "ru.po"
    po.write_text(po.read_text("utf-8").replace('"Call"\nmsgstr ""', '"Call"\nmsgstr "Звонок"'))
    translations.update(tmp_path, found_in('tr("Meet")\ntr("Call")'))
    text = po.read_text("utf-8")
    assert 'msgid "Call"\nmsgstr "Звонок"' in text
    assert "Write" not in text
    assert text.index('"Call"') < text.index('"Meet"')


def catalogue_with(folder: Path, source: str, body: str) -> list[str]:
    """Check a catalogue whose one message was translated by hand."""
    found = found_in(source)
    translations.update(folder, found)
    po = folder / "ru.po"
    header = po.read_text("utf-8").partition("\n#:")[0]
    po.write_text(f"{header}\n#: made_up.py\n{body}\n", "utf-8")
    translations.update(folder, found)
    return translations.check(folder, found)


COUNTED = 'msgid "{n} ticket"\nmsgid_plural "{n} tickets"\n'


@pytest.mark.parametrize(
    ("source", "body", "fault"),
    [
        ('tr("Call")', 'msgid "Call"\nmsgstr ""', "'Call': is not translated"),
        (
            'tr("Call")',
            '#, fuzzy\nmsgid "Call"\nmsgstr "Звонок"',
            "'Call': is marked as doubtful (fuzzy)",
        ),
        (
            'tr("Call {name}")',
            'msgid "Call {name}"\nmsgstr "Звонок {имя}"',
            "'Call {name}': has ['имя'] to fill in; the English has ['name']",
        ),
        (
            'ntr("{n} ticket", "{n} tickets", n)',
            COUNTED + 'msgstr[0] "{n} тикет"\nmsgstr[1] "{n} тикета"\nmsgstr[2] ""',
            "'{n} ticket': is not translated",
        ),
    ],
)
def test_a_wrong_translation_is_told(tmp_path: Path, source: str, body: str, fault: str) -> None:
    assert catalogue_with(tmp_path, source, body) == [fault]


def test_a_right_translation_passes_and_speaks(tmp_path: Path) -> None:
    body = COUNTED + 'msgstr[0] "{n} тикет"\nmsgstr[1] "{n} тикета"\nmsgstr[2] "{n} тикетов"'
    assert catalogue_with(tmp_path, 'ntr("{n} ticket", "{n} tickets", n)', body) == []
    with (tmp_path / "ru.mo").open("rb") as file:
        said = gettext.GNUTranslations(file)
    counted = [said.ngettext("{n} ticket", "{n} tickets", n).format(n=n) for n in (1, 3, 11, 21)]
    assert counted == ["1 тикет", "3 тикета", "11 тикетов", "21 тикет"]


def test_a_new_text_and_a_stale_compilation_are_told(tmp_path: Path) -> None:
    body = 'msgid "Call"\nmsgstr "Звонок"'
    assert catalogue_with(tmp_path, 'tr("Call")', body) == []
    (tmp_path / "ru.mo").write_bytes(b"old")
    hint = "run python3 dev.py translations"
    assert translations.check(tmp_path, found_in('tr("Call")\ntr("Meet")')) == [
        f"'Meet' is not in the catalogue: {hint}",
        f"ru.mo is not compiled from ru.po: {hint}",
    ]


def test_the_program_is_complete_in_russian() -> None:
    """Every command, action, setting, column and enum, and every sentence."""
    if not (translations.FOLDER / "ru.po").exists():
        pytest.skip("the Russian catalogue has not been begun")
    assert translations.check() == []
