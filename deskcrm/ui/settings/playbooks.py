"""Playbooks: those in use, and those that come with the program."""

from functools import partial
from typing import TYPE_CHECKING

from deskcrm.base.words import ntr, tr
from deskcrm.domain.playbooks.commands import adopt_playbook, delete_playbook
from deskcrm.domain.playbooks.matching import Terms
from deskcrm.domain.playbooks.queries import PlaybookRow, list_playbooks
from deskcrm.domain.playbooks.shipped import Shipped, list_shipped
from deskcrm.store.reader import Reader
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.playbooks.dry import DryRunCard, terms_from
from deskcrm.ui.playbooks.form import open_playbook
from deskcrm.ui.playbooks.words import trigger_words
from deskcrm.ui.settings.lists import LiveCard, deeds
from deskcrm.ui.settings.rows import Card, Row

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window

_WATCHES = frozenset({"playbook", "playbook_edition", "play"})


def cards(desk: Desk, window: "Window") -> list[Card]:
    """Build the section of playbooks."""
    return [_own_card(desk, window), _shipped_card(desk, window)]


def _own_card(desk: Desk, window: "Window") -> Card:
    return LiveCard(
        desk,
        tr("Playbooks"),
        tr(
            "What is done when something happens at a client: steps in working days. Whoever"
            " changes the steps makes a new version; what runs keeps the one it began with."
        ),
        list_playbooks,
        _WATCHES,
        lambda rows, at: _own_row(desk, window, rows[at]),
        Row(
            tr("Another playbook"),
            tr("Begun by hand, or by itself for a reason."),
            parts.button(tr("Where they run"), lambda: desk.go("playbooks"), look="quiet"),
            parts.button(
                tr("New playbook…"), partial(open_playbook, desk, window, None), icon="plus"
            ),
        ),
    )


def _own_row(desk: Desk, window: "Window", row: PlaybookRow) -> Row:
    steps = ntr("{n} step", "{n} steps", len(row.steps))
    runs = tr("runs nowhere now")
    if row.running:
        runs = ntr("runs for {n} client", "runs for {n} clients", row.running)
    version = tr("version {n}", n=row.number)
    state = [steps, version, runs if row.is_active else tr("switched off")]
    terms = terms_from(row.trigger, row.days, row.conditions, row)
    return Row(
        row.name,
        "\n".join((trigger_words(row.trigger, row.days), " · ".join(state))),
        parts.icon_button(
            "eye",
            tr("Who would match {name}?", name=row.name),
            partial(DryRunCard, desk, window, row.name, terms),
        ),
        *deeds(desk, row, partial(open_playbook, desk, window, row), delete_playbook),
    )


def list_unused(db: Reader) -> list[Shipped]:
    """List the playbooks that come with the program and are not in use."""
    used = {row.origin for row in list_playbooks(db)}
    return [one for one in list_shipped() if one.key not in used]


def _shipped_card(desk: Desk, window: "Window") -> Card:
    return LiveCard(
        desk,
        tr("Ready to use"),
        tr("Each begins only for what comes about from then on, and can be changed as you like."),
        list_unused,
        _WATCHES,
        lambda rows, at: _shipped_row(desk, window, rows[at]),
    )


def _shipped_row(desk: Desk, window: "Window", shipped: Shipped) -> Row:
    steps = ntr("{n} step", "{n} steps", len(shipped.steps))
    said = tr(
        "{trigger} · {steps}", trigger=trigger_words(shipped.trigger, shipped.days), steps=steps
    )
    terms = Terms(shipped.trigger, shipped.days)
    return Row(
        shipped.name,
        f"{shipped.about}\n{said}",
        parts.icon_button("eye", tr("Who would match {name}?", name=shipped.name),
             partial(DryRunCard, desk, window, shipped.name, terms)),
        parts.button(tr("Use"), lambda: desk.do(adopt_playbook, shipped.key).tell()),
    )  # fmt: skip
