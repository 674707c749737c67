"""How a client's facts are said and marked, in the list and on the page alike."""

from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.clients.model import Lifecycle, Tier
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.tokens import Tone

_LIFECYCLES = {
    Lifecycle.PROSPECT: (Tone.INFO, "target"),
    Lifecycle.ONBOARDING: (Tone.INFO, "play"),
    Lifecycle.ACTIVE: (Tone.OK, "check"),
    Lifecycle.AT_RENEWAL: (Tone.WARNING, "calendar"),
    Lifecycle.PAUSED: (Tone.NEUTRAL, "snooze"),
    Lifecycle.CHURNED: (Tone.DANGER, "minus"),
}


def tier_chip(tier: Tier) -> Chip | None:
    """Mark a tier above the standard."""
    if tier is Tier.STANDARD:
        return None
    return Chip(of(tier), Tone.VIP if tier.is_vip else Tone.NEUTRAL, "vip" if tier.is_vip else "")


def lifecycle_chip(lifecycle: Lifecycle) -> Chip:
    """Mark how far a client has come."""
    return Chip(of(lifecycle), *_LIFECYCLES[lifecycle])


def unanswered_words(count: int) -> str:
    """Say that we turned to the client in vain, by whatever channel."""
    if count == 1:
        return tr("No answer yet")
    return ntr("{n} attempt, no answer", "{n} attempts, no answer", count)
