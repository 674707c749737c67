"""How risk is said and marked, in the list, on a client's page and in the caller card alike."""

from deskcrm.base.words import ntr, of, ptr, tr
from deskcrm.domain.health import Band
from deskcrm.domain.risk.model import ReadStep
from deskcrm.domain.risk.queries import Health, RiskRow
from deskcrm.domain.risk.words import cause_sentence, quiet_words, why
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.tokens import Tone

_BANDS = {
    Band.HIGH_RISK: (Tone.DANGER, "warning"),
    Band.RAISED_RISK: (Tone.WARNING, "warning"),
    Band.LOW_RISK: (Tone.OK, "check"),
    Band.NOT_ENOUGH_DATA: (Tone.NEUTRAL, "help"),
}
OPENS_WITH_CLIENT = frozenset({"interaction", "contact"})
"""The tables whose rows a client's page can show by themselves."""


def health_chip(health: Health) -> Chip:
    """Mark how a client stands; the tone is never the only sign."""
    return standing_chip(health.band, is_flagged=health.is_flagged)


def standing_chip(band: Band, *, is_flagged: bool) -> Chip:
    """Mark a band; a client on the list is at risk, whatever put it there."""
    if is_flagged:
        return Chip(tr("At risk"), Tone.DANGER, "risk")
    return Chip(of(band), *_BANDS[band])


def read_chip(step: ReadStep) -> Chip:
    """Mark what a person thinks of a client, beside what the score says."""
    if step is ReadStep.BETTER:
        return Chip(tr("My read: better"), Tone.INFO, "chevron-up")
    return Chip(tr("My read: worse"), Tone.INFO, "chevron-down")


def row_why(row: RiskRow) -> str:
    """Say why a client is on the list; of one that is hidden, until when and why that."""
    if row.health is None:
        return cause_sentence(row.cause) or tr("Is no customer any more")
    said = why(row.health)
    hidden = quiet_words(row)
    return f"{hidden} · {said}" if hidden else said


def row_chips(row: RiskRow) -> list[Chip]:
    """Mark what is new of a row, and where too little is known."""
    chips = []
    if row.left_at is not None:
        chips.append(Chip(tr("Left {when}", when=dates.ago(row.left_at)), Tone.OK, "check"))
    elif row.is_new:
        chips.append(Chip(ptr("client at risk", "New"), Tone.WARNING, "flag"))
    if row.health is not None and not row.health.score.is_enough:
        chips.append(Chip(tr("Not enough data"), Tone.NEUTRAL, "help"))
    if row.health is not None and row.health.read is not None:
        chips.append(read_chip(row.health.read))
    return chips


def worth_words(health: Health | None) -> str:
    """Say what a client brings in a year; nothing where that is not known."""
    if health is None or not health.annual_value:
        return ""
    return dates.money(health.annual_value, health.currency)


def trend_words(values: tuple[float | None, ...]) -> str:
    """Say in a sentence what the line shows."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return tr("No trend yet: the score is kept from today on")
    moved = round(known[-1] - known[0])
    if abs(moved) < 1:
        return tr("The score has hardly moved")
    if moved > 0:
        return ntr("The risk rose by {n} point", "The risk rose by {n} points", moved)
    return ntr("The risk fell by {n} point", "The risk fell by {n} points", -moved)
