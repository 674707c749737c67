"""``duplicates``: which clients and contacts are likely the same, how likely, and why."""

import argparse
from typing import TYPE_CHECKING, Any

from deskcrm.base.words import of, tr
from deskcrm.cli.rows import write_json, write_line
from deskcrm.cli.workspace import asking

if TYPE_CHECKING:
    from deskcrm.domain.duplicates.queries import DuplicateRow, Twin


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--threshold", type=_probability, metavar="P",
        help=tr("how likely at least, between 0 and 1; usually 0.85"),
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help=tr("for scripts"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List the pairs, the likeliest first."""
    from deskcrm.domain.duplicates.decisions import get_learned
    from deskcrm.domain.duplicates.matching import THRESHOLD
    from deskcrm.domain.duplicates.queries import list_duplicates
    from deskcrm.domain.duplicates.reasons import learned_words

    threshold = THRESHOLD if options.threshold is None else options.threshold
    with asking(options.profile) as store:
        rows = store.ask(list_duplicates, threshold=threshold)
        learned = store.ask(get_learned)
    if options.json:
        write_json([_plain(row) for row in rows])
        return 0
    for row in rows:
        write_line(_line(row))
    if not rows:
        write_line(tr("No two of them look like one."))
    write_line(learned_words(learned))
    return 0


def _probability(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(tr("Write a number between 0 and 1."))
    return number


def _plain(row: "DuplicateRow") -> dict[str, Any]:
    return {
        "kind": row.kind,
        "probability": round(row.probability, 4),
        "one": row.one,
        "other": row.other,
        "because": {one.ground.value: round(one.bits, 1) for one in row.weights},
    }


def _line(row: "DuplicateRow") -> str:
    because = ", ".join(f"{of(one.ground)} {one.bits:+.0f}" for one in row.weights)
    return f"{row.probability:.0%}  {_name(row.one)}  =  {_name(row.other)}  ({because})"


def _name(twin: "Twin") -> str:
    return f"{twin.name} · {twin.client}" if twin.client else twin.name
