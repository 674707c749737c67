"""With whom this workspace is in step: server, person, device, and which life of the server."""

import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.store.derived import read_meta
from deskcrm.store.reader import Reader
from deskcrm.store.undo import titles
from deskcrm.ui.kit import parts

if TYPE_CHECKING:
    from deskcrm.ui.sync.standing import Standing


@dataclass(frozen=True, slots=True)
class Ids:
    """What the database says of itself."""

    person: str = ""
    device: str = ""
    lineage: str = ""


def read_ids(db: Reader) -> Ids:
    """Read who is who."""
    person = titles(db.connection, "user", [db.actor]).get(db.actor, "")
    return Ids(person, str(db.device), read_meta(db.connection, "lineage") or "")


class Facts(QWidget):
    """Four captions with their values side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.values = {
            key: parts.ElidedLabel("") for key in ("server", "person", "device", "lineage")
        }
        captions = (tr("Server"), tr("Signed in as"), tr("This device"), tr("Server ID"))
        row = parts.row(spacing=20)
        for caption, value, share in zip(captions, self.values.values(), (4, 3, 3, 2), strict=True):
            row.addLayout(parts.column(parts.label(caption, "caption"), value, spacing=1), share)
        self.setLayout(row)

    def refresh(self, of: "Standing") -> None:
        """Ask who is who and show it."""
        login = of.login
        if login is None:
            return
        self.values["server"].setText(login.url)
        of.desk.ask(self, read_ids).then(lambda ids: self._show(ids, login.name))

    def _show(self, ids: Ids, login: str) -> None:
        person = f"{ids.person} ({login})" if ids.person else login
        self.values["person"].setText(person)
        self.values["device"].setText(f"{platform.node()} · {ids.device[-8:]}")
        parts.set_tooltip(self.values["device"], ids.device)
        self.values["lineage"].setText(ids.lineage[-8:] or "—")
        parts.set_tooltip(self.values["lineage"], ids.lineage)
