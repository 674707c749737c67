"""``erase``: a person's values go for good, after a preview of where they stand."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import ntr, ptr, sentence, tr
from deskcrm.cli.rows import write_json, write_line
from deskcrm.cli.workspace import asking, need

if TYPE_CHECKING:
    from deskcrm.domain.erasures.queries import ErasurePreview, ErasureRow
    from deskcrm.store.store import Store

_SHOWN: Final = 20
"""So many mentions are written for a person to read; --json has all."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("kind", choices=("contact", "client"), help=tr("as what they are known"))
    parser.add_argument("who", metavar="WHO", help=tr("the name, or the id"))
    parser.add_argument("--preview", action="store_true", help=tr("only say what would be erased"))
    parser.add_argument("--name", default="", metavar="NAME",
                        help=tr("the name once more, since nothing undoes this"))  # fmt: skip
    words = tr("erase the words that speak of the person in texts too")
    parser.add_argument("--mentions", action="store_true", help=words)
    files = tr("which files of the client go; usually what hangs on theirs")
    parser.add_argument("--files", choices=("theirs", "all", "none"), default="theirs", help=files)
    parser.add_argument("--certificate", type=Path, metavar="FILE",
                        help=tr("write the certificate there"))  # fmt: skip
    parser.add_argument("--json", action="store_true", help=tr("for scripts"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show what would go, or let it go and give the certificate."""
    from deskcrm.domain.erasures.model import PersonKind
    from deskcrm.domain.erasures.queries import preview_erasure

    kind = PersonKind(options.kind)
    if options.preview:
        with asking(options.profile) as store:
            seen = store.ask(preview_erasure, kind, _find(store, kind.value, options.who))
        write_json(_plain(seen)) if options.json else _tell(seen)
        return 0
    row = _erase(options)
    if options.json:
        write_json(_certified(row))
    return 0


def _erase(options: argparse.Namespace) -> "ErasureRow":
    from deskcrm.domain import all as _features  # noqa: F401 - what is derived must be known
    from deskcrm.domain.erasures.certificate import as_text
    from deskcrm.domain.erasures.commands import erase_person
    from deskcrm.domain.erasures.model import PersonKind
    from deskcrm.domain.erasures.queries import get_erasure, preview_erasure
    from deskcrm.store.erased import settle
    from deskcrm.store.opening import open_profile
    from deskcrm.sync.station import lease

    kind = PersonKind(options.kind)
    need(options.profile)
    with open_profile(options.profile) as opened:
        store = opened.store
        lease.check(store)
        seen = store.ask(preview_erasure, kind, _find(store, kind.value, options.who))
        chosen = [one.id for one in seen.attachments if _is_wanted(one.is_suggested, options.files)]
        mentions = [(one.table, one.row_id, one.column) for one in seen.mentions]
        made = store.do(
            erase_person, kind, seen.person.id, typed_name=options.name, attachments=chosen,
            mentions=mentions if options.mentions else (),
        ).value  # fmt: skip
        row = store.ask(get_erasure, made)
        settle(Job(), opened.profile, store)
    if options.certificate is not None:
        _write(options.certificate, as_text(row))
    if not options.json:
        write_line(as_text(row).rstrip())
    return row


def _find(store: "Store", kind: str, who: str) -> UUID:
    from deskcrm.domain.erasures.queries import find_by_name

    try:
        return UUID(who)
    except ValueError:
        pass
    found = store.ask(find_by_name, kind, who)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UserError(
            tr("Nobody is known as “{name}”.", name=who), tr("Write the whole name, or the id.")
        )
    raise UserError(
        tr("Several are known as “{name}”.", name=who),
        tr("Name one by its id: {ids}.", ids=", ".join(str(one) for one in found)),
    )


def _is_wanted(is_theirs: bool, files: str) -> bool:
    return files == "all" or (files == "theirs" and is_theirs)


def _write(path: Path, text: str) -> None:
    from deskcrm.store.files import cannot_write

    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise cannot_write(path, error) from error


def _plain(seen: "ErasurePreview") -> dict[str, Any]:
    return {
        "kind": seen.person.kind.value,
        "id": str(seen.person.id),
        "name": seen.person.name,
        "counts": seen.counts,
        "files": [
            {"id": str(one.id), "name": one.name, "theirs": one.is_suggested}
            for one in seen.attachments
        ],
        "mentions": [
            {"table": m.table, "id": str(m.row_id), "column": m.column, "words": m.words}
            for m in seen.mentions
        ],
    }


def _certified(row: "ErasureRow") -> dict[str, Any]:
    return {
        "reference": row.reference,
        "erased_at": row.erased_at.isoformat(),
        "by": row.by,
        "counts": row.counts,
        "mentions_left": row.mentions_left,
        "digest": row.digest,
        "backups_until": row.backups_until.isoformat(),
    }


def _tell(seen: "ErasurePreview") -> None:
    write_line(seen.person.name)
    for table, count in seen.counts.items():
        write_line(f"  {ptr('table', sentence(table))}: {ntr('{n} record', '{n} records', count)}")
    for one in seen.attachments:
        write_line(f"  {tr('File')}: {one.name}" + (" *" if one.is_suggested else ""))
    write_line(ntr("{n} mention in texts", "{n} mentions in texts", len(seen.mentions)))
    for mention in seen.mentions[:_SHOWN]:
        write_line(f"  {ptr('table', sentence(mention.table))}: {mention.words}")
    write_line(tr("Nothing was erased: this is a preview."))
