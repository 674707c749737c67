"""Growth on a client's page: what is under way, how it uses us, and how we kept our word."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import ntr, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.opportunities.queries import OpportunityRow, list_opportunities
from deskcrm.domain.opportunities.signals import GrowthSignal, list_signals
from deskcrm.domain.promises.ledger import Ledger, get_ledger
from deskcrm.domain.renewals.lines import View
from deskcrm.domain.usage.queries import UsageSeries, list_usage
from deskcrm.store.reader import Reader
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip, ChipRow
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.elided_button import ElidedButton
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.renewals import words
from deskcrm.ui.renewals.record import usage_lines


@dataclass(frozen=True, slots=True)
class Growth:
    """What a client's page says of growth, from one view of the database."""

    opportunities: Sequence[OpportunityRow]
    signals: Sequence[GrowthSignal]
    usage: Sequence[UsageSeries]
    ledger: Ledger


def get_growth(db: Reader, client_id: ClientId) -> Growth:
    """Gather what suggests that a client takes more, or stays."""
    return Growth(
        list_opportunities(db, client_id=client_id),
        list_signals(db, client_id=client_id),
        list_usage(db, client_id),
        get_ledger(db, client_id=client_id),
    )


def growth_parts(desk: Desk, growth: Growth) -> list[QWidget]:
    """Show it, each part under its own head; nothing of what there is nothing of."""
    made: list[QWidget] = []
    if growth.opportunities:
        count = len(growth.opportunities)
        made.append(_head(ntr("{n} opportunity", "{n} opportunities", count)))
        made += [_opportunity(desk, row) for row in growth.opportunities]
    if growth.signals:
        made.append(_head(tr("Might take more")))
        for sign in growth.signals:
            said = parts.label(words.signal_words(sign), "muted", wrap=True)
            made += [_chips(words.signal_chip(sign.kind)), said]
    if growth.usage:
        made += [_head(tr("Usage")), *usage_lines(growth.usage)]
    if growth.ledger.share_kept is not None:
        made.append(_head(tr("Our word")))
        made.append(parts.label(words.ledger_words(growth.ledger), "muted", wrap=True))
    return made


def _opportunity(desk: Desk, row: OpportunityRow) -> QWidget:
    go = partial(desk.go, "renewals", view=View.OPPORTUNITIES, client=row.client)
    chips = [words.stage_chip(row.stage)]
    if row.value_minor:
        chips.append(Chip(dates.money(row.value_minor, row.currency), Tone.NEUTRAL, "money"))
    marks = ChipRow()
    marks.set_chips(chips)
    made = QWidget()
    link = parts.flush(ElidedButton(row.title, go, icon="target"))
    step = " · ".join(filter(None, (row.next_step, dates.due(row.next_on) if row.next_on else "")))
    made.setLayout(parts.column(link, marks, spacing=3))
    if step:
        parts_of = made.layout()
        assert parts_of is not None
        parts_of.addWidget(parts.label(step, "muted", wrap=True))
    return made


def _head(text: str) -> QWidget:
    made = QWidget()
    made.setLayout(parts.column(parts.label(text, "caption"), margins=(0, 12, 0, 0)))
    return made


def _chips(chip: Chip) -> QWidget:
    row = ChipRow()
    row.set_chips([chip])
    return row
