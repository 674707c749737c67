"""Every trigger by its kind; a feature that knows a reason adds its own here."""

from collections.abc import Mapping
from typing import Any, Final

from deskcrm.base.words import tr
from deskcrm.domain.playbooks.model import TriggerKind
from deskcrm.domain.playbooks.triggers.contracts import NEW_CONTRACT, RENEWAL
from deskcrm.domain.playbooks.triggers.growth import EXPANSION
from deskcrm.domain.playbooks.triggers.people import CHAMPION_LEFT, NEW_CLIENT
from deskcrm.domain.playbooks.triggers.ratings import DETRACTOR, LOW_RATING
from deskcrm.domain.playbooks.triggers.risk import RISK_ENTERED, RISK_LEFT
from deskcrm.domain.playbooks.triggers.segments import SEGMENT_ENTERED, SEGMENT_LEFT
from deskcrm.domain.playbooks.triggers.silence import GOING_COLD, SILENCE
from deskcrm.domain.playbooks.triggers.trigger import Trigger

TRIGGERS: Final[Mapping[TriggerKind, Trigger]] = {
    TriggerKind.NEW_CLIENT: NEW_CLIENT,
    TriggerKind.NEW_CONTRACT: NEW_CONTRACT,
    TriggerKind.SILENCE: SILENCE,
    TriggerKind.GOING_COLD: GOING_COLD,
    TriggerKind.RISK_ENTERED: RISK_ENTERED,
    TriggerKind.RISK_LEFT: RISK_LEFT,
    TriggerKind.LOW_RATING: LOW_RATING,
    TriggerKind.DETRACTOR: DETRACTOR,
    TriggerKind.EXPANSION: EXPANSION,
    TriggerKind.RENEWAL: RENEWAL,
    TriggerKind.CHAMPION_LEFT: CHAMPION_LEFT,
    TriggerKind.SEGMENT_ENTERED: SEGMENT_ENTERED,
    TriggerKind.SEGMENT_LEFT: SEGMENT_LEFT,
}

SEGMENTS: Final = frozenset({TriggerKind.SEGMENT_ENTERED, TriggerKind.SEGMENT_LEFT})
"""What a device has to note while it looks, since nothing records it."""


def say_reason(kind: TriggerKind, facts: Mapping[str, Any]) -> str:
    """Put the reason of a play into words."""
    trigger = TRIGGERS.get(kind)
    return tr("Started by hand") if trigger is None else trigger.say(facts)
