"""The settings of notifications: what is told, when the shift begins, when it is quiet."""

from datetime import time

from PySide6.QtWidgets import QLineEdit

from deskcrm.base.settings import Setting
from deskcrm.base.words import tr
from deskcrm.domain.metrics.settings import DIGEST
from deskcrm.domain.notices import settings as chosen
from deskcrm.domain.notices.rules import read_time
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.settings.rows import Card, Row, setting_row

_WIDTH = 96


def cards(desk: Desk) -> list[Card]:
    """Build the section of notifications."""
    told = Card(
        tr("Notifications"),
        tr("Several are put together into one. The icon in the tray can silence them for an hour."),
    )
    told.add(
        setting_row(desk, chosen.SHOW, tr("Tasks, promises, and clients who wait for an answer."))
    )
    told.add(setting_row(desk, chosen.DIGEST, tr("All of the day in one message.")))
    told.add(setting_row(desk, DIGEST, tr("How we did in the day, week or month before.")))
    told.add(_time_row(desk, chosen.SHIFT_BEGINS))
    quiet = Card(tr("Quiet hours"), tr("What comes then is told afterwards, if it still waits."))
    quiet.add(_time_row(desk, chosen.QUIET_FROM))
    quiet.add(_time_row(desk, chosen.QUIET_UNTIL, tr("The same time twice: never quiet.")))
    quiet.add(setting_row(desk, chosen.QUIET_WEEKENDS))
    return [told, quiet]


def _time_row(desk: Desk, setting: Setting[str], about: str = "") -> Row:
    line = QLineEdit(_shown(desk, setting))
    line.setFixedWidth(_WIDTH)
    line.setAccessibleName(tr(setting.label))

    def save() -> None:
        typed = dates.parse_time(line.text())
        if typed is None:
            desk.tell(
                tr("“{text}” is not a time of day.", text=line.text()),
                detail=tr("Write it like 9:00 or 18.30."),
                tone=Tone.WARNING,
            )
        else:
            kept = time(*typed).isoformat("minutes")
            if kept != desk.setting(setting):
                desk.setting(setting, kept)
        line.setText(_shown(desk, setting))

    line.editingFinished.connect(save)
    return Row(tr(setting.label), about, line)


def _shown(desk: Desk, setting: Setting[str]) -> str:
    kept = read_time(desk.setting(setting), time.fromisoformat(setting.default))
    return kept.isoformat("minutes")
