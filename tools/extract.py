"""Finds every English text of the program that a person may read, in the source and the tables.

What ``tr``, ``ntr`` and ``ptr`` are given, the labels of commands, actions and settings, the
members of enums, and the names of records and their columns.
"""

import ast
import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from deskcrm.base.words import DONE, sentence

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "deskcrm"

# Declared at import and translated when shown: which argument is the label.
LABELS = {"command": 1, "action": 1, "Setting": 2, "Place": 1, "FilterField": 1, "Feature": 1}
# The rooms whose enums a person meets; elsewhere an enum is the program's own business.
ENUM_ROOMS = ("domain", "ui", "base")
ENUM_BASES = {"Enum", "StrEnum", "IntEnum"}
SILENT_ENUMS = {"Lane", "Part", "Signal", "Tone"}
# Bookkeeping that no history line and no form shows.
SILENT_COLUMNS = {"id", "scope", "seq", "is_deleted"}


@dataclass(slots=True)
class Text:
    """One text: its plural if it counts, and the files where it is used."""

    plural: str = ""
    files: set[str] = field(default_factory=set)


Key = tuple[str, str]
"""Context, which is mostly empty, and the English text."""


@dataclass(slots=True)
class Found:
    """All texts, and the places where a text could not be read because it is not a literal."""

    texts: dict[Key, Text] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, where: str, text: str, *, context: str = "", plural: str = "") -> None:
        """Note a text; one that is used both counted and plain is kept as counted."""
        if not text:
            return
        known = self.texts.setdefault((context, text), Text())
        known.files.add(where)
        if plural and known.plural not in ("", plural):
            self.faults.append(f"{where}: {text!r} has two plurals, {known.plural!r}, {plural!r}")
        known.plural = known.plural or plural


def extract() -> Found:
    """Find the texts of the whole program."""
    found = Found()
    for path in sorted(PACKAGE.rglob("*.py")):
        read_source(found, path)
    read_tables(found)
    return found


def read_source(found: Found, path: Path) -> None:
    """Find the texts of one source file."""
    where = path.relative_to(ROOT).as_posix()
    tree = ast.parse(path.read_text("utf-8"), filename=where)
    has_words = path.relative_to(PACKAGE).parts[0] in ENUM_ROOMS
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            read_call(found, where, node)
        elif isinstance(node, ast.ClassDef) and has_words and is_enum(node):
            for name in members(node):
                found.add(where, sentence(name), context=node.name)


def read_call(found: Found, where: str, call: ast.Call) -> None:
    """Find the texts that one call is given, if it is one that is given texts."""
    name = called(call)
    place = f"{where}:{call.lineno}"
    if name == "tr" and call.args:
        for text in literals(found, place, call.args[0]):
            found.add(where, text)
    elif name == "ntr" and len(call.args) >= 2:
        ones = literals(found, place, call.args[0])
        for one, many in zip(ones, literals(found, place, call.args[1]), strict=True):
            found.add(where, one, plural=many)
    elif name == "ptr" and len(call.args) >= 2:
        for context in literals(found, place, call.args[0]):
            for text in literals(found, place, call.args[1]):
                found.add(where, text, context=context)
    elif name in LABELS:
        for text in literals(found, place, *label_of(call, LABELS[name])):
            found.add(where, text)
            if name == "command":
                found.add(where, text, context=DONE)  # history says what was done


def called(call: ast.Call) -> str:
    """Give the name of what is called, without what it is an attribute of or subscripted by."""
    function = call.func.value if isinstance(call.func, ast.Subscript) else call.func
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def label_of(call: ast.Call, position: int) -> list[ast.expr]:
    """Give the label of a declaration, by position or by name."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "label"]
    return named or call.args[position : position + 1]


def literals(found: Found, place: str, *arguments: ast.expr) -> list[str]:
    """Give the texts an argument may be: literals, or a choice of them.

    A variable passes in silence, since its text was declared as a label; a text that is put
    together on the spot could never be found in a catalogue and is a fault.
    """
    texts: list[str] = []
    for argument in arguments:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            texts.append(argument.value)
        elif isinstance(argument, ast.IfExp):
            texts += literals(found, place, argument.body, argument.orelse)
        elif isinstance(argument, ast.JoinedStr | ast.BinOp):
            found.faults.append(f"{place}: a text to translate must be a literal")
    return texts


def is_enum(node: ast.ClassDef) -> bool:
    """Tell whether a class is an enum that a person meets, by the names of its bases."""
    bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
    return bool(bases & ENUM_BASES) and node.name not in SILENT_ENUMS


def members(node: ast.ClassDef) -> Iterator[str]:
    """Name the members of an enum."""
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name) and not target.id.startswith("_"):
                    yield target.id


def read_tables(found: Found) -> None:
    """Find the names of records and of their columns, which history and forms say in words."""
    for module in domain_modules():
        importlib.import_module(module)
    from deskcrm.store.tables import Base, Record

    for mapper in Base.registry.mappers:
        if not issubclass(mapper.class_, Record):
            continue
        where = Path(inspect.getfile(mapper.class_)).resolve()
        if not where.is_relative_to(PACKAGE):
            continue
        file = where.relative_to(ROOT).as_posix()
        found.add(file, sentence(mapper.class_.__tablename__), context="table")
        for column in mapper.columns.keys():  # noqa: SIM118 - its values are the columns
            if column not in SILENT_COLUMNS:
                found.add(file, sentence(column))


def domain_modules() -> list[str]:
    """Name the modules that declare records: all of the domain, through its one list, and sync."""
    if (PACKAGE / "domain" / "all.py").exists():
        return ["deskcrm.domain.all", "deskcrm.sync.tables", "deskcrm.server.tables"]
    return [
        f"deskcrm.domain.{path.parent.name}.model" for path in PACKAGE.glob("domain/*/model.py")
    ]
