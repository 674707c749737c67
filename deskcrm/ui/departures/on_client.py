"""That a client leaves, at the head of its page."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.domain.departures.commands import delete_departure
from deskcrm.domain.departures.queries import DepartureRow
from deskcrm.ui.departures.cards import open_departure, open_return
from deskcrm.ui.departures.words import departure_chip, why_words
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import ChipRow
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.more_button import Deed, more_button


def departure_parts(desk: Desk, over: QWidget, row: DepartureRow) -> list[QWidget]:
    """Show that a client leaves, why, and what can become of it."""
    marks = ChipRow()
    marks.set_chips([departure_chip(row)])
    line = parts.row(spacing=2)
    line.addWidget(marks, 1, Qt.AlignmentFlag.AlignVCenter)
    line.addWidget(more_button(tr("More for the departure"), _deeds(desk, over, row)))
    head = QWidget()
    head.setLayout(line)
    said = why_words(row)
    if row.noticed_on is not None and row.left_on is not None:
        said.insert(0, tr("Gave notice on {day}", day=dates.day(row.noticed_on)))
    return [head, *(parts.label(one, "muted", wrap=True, select=True) for one in said)]


def _deeds(desk: Desk, over: QWidget, row: DepartureRow) -> list[Deed]:
    edit = partial(open_departure, desk, over, row.client_id, row.client, row)
    found: list[Deed] = [(tr("Edit…"), "edit", edit)]
    if row.id is not None:
        back = partial(open_return, desk, over, row)
        found.append((tr("Stays or is back…"), "undo", back))
        found.append((tr("Noted by mistake"), "trash", partial(_delete, desk, row.id)))
    return found


def _delete(desk: Desk, departure_id: Any) -> None:
    desk.do(delete_departure, departure_id).tell()
