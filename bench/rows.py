"""The rows that sync is measured with: small ones, of about 300 bytes when written as JSON."""

from random import Random
from typing import Any, Final
from uuid import UUID

from deskcrm.base.ids import new_id
from deskcrm.domain import all as _features  # noqa: F401 - what travels, and what follows from it
from deskcrm.domain.clients.model import CustomValue
from deskcrm.store.commands import command
from deskcrm.store.store import Store
from deskcrm.store.work import Work

ROWS: Final = 50_000
AT_ONCE: Final = 500
CLIENTS: Final = [new_id() for _ in range(ROWS // 20)]
FIELDS: Final = [new_id() for _ in range(20)]
_WORDS: Final = ["".join(Random(n).choices("aeinorstlu", k=3 + n % 7)) for n in range(2_000)]


def text_of(number: int) -> str:
    """Make up a text of about 150 letters, always the same for a number."""
    return f"{number} {' '.join(Random(number).choices(_WORDS, k=21))}"


@command("bench.fill", "Fill")
def fill(work: Work, start: int) -> None:
    """Add many small rows in one step."""
    numbers = range(start, start + AT_ONCE)
    work.insert_many(CustomValue, map(_row, numbers))


def _row(number: int) -> dict[str, Any]:
    """Give a row with an id that is drawn, as those of most records are."""
    values = {"client_id": client_of(number), "field_id": field_of(number)}
    return {"id": new_id(), **values, "text": text_of(number)}


def client_of(number: int) -> UUID:
    """Give the client that a row belongs to: twenty rows in a row have the same."""
    return CLIENTS[number // 20]


def field_of(number: int) -> UUID:
    """Give the field that a row is the value of: a client has one value of each."""
    return FIELDS[number % 20]


@command("bench.one", "Add one")
def add_one(work: Work, text: str = "one") -> UUID:
    """Add one small row."""
    row = CustomValue(client_id=new_id(), field_id=FIELDS[0], text=text)  # type: ignore[arg-type]  # any id
    return work.add(row).id


def fill_store(store: Store) -> None:
    """Write all rows, in steps of 500."""
    for start in range(0, ROWS, AT_ONCE):
        store.do(fill, start)


def as_json(number: int) -> dict[str, Any]:
    """Give the same row as somebody else would write it."""
    return {
        "_id": f"custom_value:{number:07d}",
        "scope": "0" * 32,
        "client_id": client_of(number).hex,
        "field_id": field_of(number).hex,
        "text": text_of(number),
    }
