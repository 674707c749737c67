"""Which files are on their way to the server, or from it; without anything of a window."""

from dataclasses import dataclass

from deskcrm.domain.attachments.commands import FETCH_AHEAD
from deskcrm.domain.attachments.queries import list_absent, name_contents
from deskcrm.domain.settings.queries import list_set
from deskcrm.store.reader import Reader
from deskcrm.sync.station.contents import Wanted, list_unsent


@dataclass(frozen=True, slots=True)
class Files:
    """The names of files that wait."""

    to_send: tuple[str, ...] = ()
    to_come: tuple[str, ...] = ()
    """Of one's own clients, where files are fetched ahead."""


def read_files(db: Reader) -> Files:
    """Read which files wait, either way."""
    to_come = [one.sha256 for one in wanted_ahead(db)]
    names = (name_contents(db, hashes) for hashes in (list_unsent(db), to_come))
    return Files(*map(tuple, names))


def wanted_ahead(db: Reader) -> list[Wanted]:
    """List what is to be here before anybody opens it, if it is set so."""
    if not FETCH_AHEAD.read(list_set(db).get(FETCH_AHEAD.key)):
        return []
    return [Wanted(sha256, size) for sha256, size in list_absent(db)]
