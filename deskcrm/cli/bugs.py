"""A bug on the command line: admitted in one line, with the report in a file beside it."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.store import files
from deskcrm.store.profile import Profile


def admit(error: BaseException, profile: Profile) -> str:
    """Write the report of a bug, which names places in the program and nobody's words; say so."""
    from deskcrm.ui.kit.crash import report

    name = f"deskcrm-report-{datetime.now(UTC):%Y%m%dT%H%M%S}.txt"
    for folder in (profile.folder, Path(tempfile.gettempdir())):
        path = folder / name
        try:
            if folder.is_dir():
                files.write_whole(path, report(error).encode())
                return tr("This is a bug in DeskCRM; the report is in {path}.", path=path)
        except UserError:
            continue
    return tr("This is a bug in DeskCRM; run it again with --debug to see where.")
