"""Tells of the last report once its period is over and the shift has begun."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from deskcrm.base import clock
from deskcrm.base.words import tr
from deskcrm.domain.metrics.digest import digest_period, get_digest
from deskcrm.domain.metrics.figures import Period
from deskcrm.domain.metrics.settings import DIGEST, DIGEST_TOLD, Cadence
from deskcrm.domain.metrics.words import period_words
from deskcrm.ui.kit import dates
from deskcrm.ui.shell.notices import rules_of

if TYPE_CHECKING:
    from deskcrm.ui.shell.notices import Notices

_EVERY_MS: Final = 60_000


class ReportDigest(QObject):
    """Looks once a minute; each period is told of once on a workstation."""

    def __init__(self, notices: "Notices") -> None:
        super().__init__(notices)
        self._notices, self._desk = notices, notices.desk
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Tell of the report that is due, if any is."""
        period = self.due(dates.local(clock.now()))
        if period is not None:
            asked = self._desk.ask((self, "digest"), get_digest, period)
            asked.then(lambda lines: self._tell(period, lines))

    def due(self, now: datetime) -> Period | None:
        """Give the period to tell of at a moment of the person's own clock."""
        rules = rules_of(self._desk)
        is_time = rules.shows and not rules.is_quiet(now) and now.time() >= rules.shift_begins
        if not is_time or self._notices.is_hushed:
            return None
        period = digest_period(Cadence(self._desk.setting(DIGEST)), now.date())
        if period is None or self._desk.setting(DIGEST_TOLD) == _key(period):
            return None
        return period

    def _tell(self, period: Period, lines: list[str]) -> None:
        self._desk.setting(DIGEST_TOLD, _key(period))
        if lines:
            self._notices.tell_report(tr("Report: {period}", period=period_words(period)), lines)


def _key(period: Period) -> str:
    return f"{period.first} {period.last}"
