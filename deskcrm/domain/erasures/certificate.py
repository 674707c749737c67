"""The certificate of an erasure in words, without a personal value in it."""

from collections.abc import Iterator

from deskcrm.base.days import said_day, said_moment
from deskcrm.base.words import ntr, of, ptr, sentence, tr
from deskcrm.domain.erasures.queries import ErasureRow


def title(row: ErasureRow) -> str:
    """Name the certificate."""
    return tr("Certificate of erasure {reference}", reference=row.reference)


def facts(row: ErasureRow) -> Iterator[tuple[str, str]]:
    """Give what the certificate says, as captions and values."""
    yield tr("What"), tr("The personal values of one person ({kind})", kind=of(row.kind))
    yield tr("When"), said_moment(row.erased_at)
    yield tr("By whom"), row.by or tr("Somebody")
    for table, count in sorted(row.counts.items()):
        yield ptr("table", sentence(table)), ntr("{n} record", "{n} records", count)
    yield tr("Mentions left in texts"), str(row.mentions_left)
    yield tr("List of fields, SHA-256"), row.digest


def notes(row: ErasureRow) -> Iterator[str]:
    """Give what has to be said besides."""
    yield tr(
        "The values are gone from the records, from the history, from the search and from the"
        " drafts. The history still says that something changed, when and by whom."
    )
    yield tr(
        "The server and every other workstation erase the same values at their next exchange;"
        " what was edited there meanwhile does not bring them back."
    )
    yield tr(
        "Backups that the program makes by itself hold them until {day} at the latest, or until a"
        " workstation is started again after that. Who restores one earlier erases them again.",
        day=said_day(row.backups_until),
    )
    yield tr(
        "Not known to the program, and to be looked at by hand: backups and exports that somebody"
        " made elsewhere, backups of the server, and what a restore put aside."
    )


def as_text(row: ErasureRow) -> str:
    """Give the whole certificate as text."""
    lines = [title(row), "", *(f"{caption}: {value}" for caption, value in facts(row)), ""]
    return "\n".join([*lines, *notes(row)]) + "\n"
