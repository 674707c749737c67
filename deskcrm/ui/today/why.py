"""Why a thing of today stands where it stands: the section, and the points of its neighbours."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.today.queries import Today, TodayItem, TodayKind
from deskcrm.domain.today.weights import FACTORS
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.today.words import section_words, what

AROUND: Final = 3
"""So many neighbours on either side are shown with their points."""


class WhyCard(Overlay):
    """Opens itself over the window; Esc closes it."""

    def __init__(self, over: QWidget, item: TodayItem, today: Today) -> None:
        super().__init__(over.window(), width=680, top=0.08)
        head = parts.row(parts.label(tr("Why it stands here"), "heading"), None)
        head.addWidget(parts.icon_button("close", tr("Close"), self.close_card))
        self.section = parts.label(section_rule(item.kind), wrap=True)
        self.lines = QGridLayout()
        self.lines.setHorizontalSpacing(16)
        self.lines.setVerticalSpacing(6)
        self.lines.setColumnStretch(1, 1)
        self._show(item, today.of(item.kind))
        rule = parts.label(tier_rule(), "muted", wrap=True)
        # The cross stands further out than the words: it has air of its own.
        head.setContentsMargins(24, 16, 16, 0)
        body = parts.column(self.section, self.lines, rule, spacing=12, margins=(24, 0, 24, 20))
        self.card.setLayout(parts.column(head, body, spacing=12))
        self.closed.connect(self.deleteLater)
        self.open_card()

    def _show(self, item: TodayItem, others: Sequence[TodayItem]) -> None:
        at = others.index(item)
        first = max(0, at - AROUND)
        for number, one in enumerate(others[first : at + AROUND + 1], first):
            role = "strong" if one is item else "muted"
            name = " · ".join(x for x in (one.client, what(one)) if x)
            row = number - first
            said = (f"{number + 1}.", name, one.weight.arithmetic())
            for column, words in enumerate(said):
                label = parts.label(words, role, wrap=column == 1)
                self.lines.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)


def section_rule(kind: TodayKind) -> str:
    """Say where the section stands among the others."""
    kinds = list(TodayKind)
    at = kinds.index(kind)
    if at == 0:
        return tr("“{name}” is the most pressing section.", name=section_words(kind))
    return tr(
        "“{name}” comes after “{before}”: the most pressing sections come first.",
        name=section_words(kind),
        before=section_words(kinds[at - 1]),
    )


def tier_rule() -> str:
    """Say what the points of a line are."""
    factors = ", ".join(f"{of(tier)} × {factor}" for tier, factor in FACTORS.items())
    return tr(
        "Within a section the most points come first, then what is oldest. "
        "Points are the calendar days it has waited, times the client’s tier: {factors}.",
        factors=factors,
    )
