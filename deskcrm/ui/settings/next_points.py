"""What counts, and how much, where Next chooses the ticket that matters most."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit

from deskcrm.base.words import tr
from deskcrm.domain.queue.commands import set_points
from deskcrm.domain.queue.model import MOST_POINTS, USUAL, PointsFor
from deskcrm.domain.queue.next import get_points
from deskcrm.domain.users.model import OVERSEERS
from deskcrm.domain.users.queries import UserRow, get_me
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.settings.rows import Card, Row

_WIDTH = 72


def points_words(what: PointsFor) -> str:
    """Say for what these points are."""
    return {
        PointsFor.DIAMOND: tr("A diamond client"),
        PointsFor.GOLD: tr("A gold client"),
        PointsFor.SILVER: tr("A silver client"),
        PointsFor.OVERDUE: tr("A deadline has passed"),
        PointsFor.NEARLY_DUE: tr("A deadline comes near"),
        PointsFor.URGENT: tr("Urgent priority"),
        PointsFor.HIGH: tr("High priority"),
        PointsFor.NORMAL: tr("Normal priority"),
        PointsFor.THREE_DAYS_OLD: tr("The client waits for three days, or it is as old"),
        PointsFor.ONE_DAY_OLD: tr("The client waits for a day, or it is as old"),
        PointsFor.FOUR_HOURS_OLD: tr("The client waits for four hours, or it is as old"),
        PointsFor.OWN: tr("It is one’s own, or of somebody one stands in for"),
        PointsFor.SKILL: tr("It needs what one is good at"),
        PointsFor.SERVED_BEFORE: tr("One served the client last"),
    }[what]


class PointsCard(Card):
    """A number for each thing that counts; 0 leaves it out."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            tr("Points for “Next ticket”"),
            tr(
                "The ticket with the most points comes next; what has 0 does not count."
                " Leads and administrators set them, for everybody."
            ),
        )
        self.desk = desk
        self.lines: dict[PointsFor, QLineEdit] = {}
        for what in PointsFor:
            line = QLineEdit()
            line.setValidator(QIntValidator(0, MOST_POINTS, line))
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
            line.setFixedWidth(_WIDTH)
            line.setAccessibleName(points_words(what))
            line.editingFinished.connect(partial(self._put, what))
            self.lines[what] = line
            usual = tr("Usually {n}", n=USUAL[what])
            self.add(Row(points_words(what), usual, line))
        desk.touched.connect(self._hear)
        self._ask()
        desk.ask((self, "me"), get_me).then(self._allow)

    def _ask(self) -> None:
        self.desk.ask((self, "points"), get_points).then(self._show)

    def _hear(self, tables: frozenset[str]) -> None:
        if "queue_points" in tables:
            self._ask()

    def _show(self, points: dict[PointsFor, int]) -> None:
        for what, number in points.items():
            self.lines[what].setText(str(number))

    def _allow(self, me: UserRow | None) -> None:
        for line in self.lines.values():
            line.setEnabled(me is not None and me.role in OVERSEERS)

    def _put(self, what: PointsFor) -> None:
        line = self.lines[what]
        if line.isModified():
            line.setModified(False)
            self.desk.do(set_points, what, points=int(line.text())).tell()
