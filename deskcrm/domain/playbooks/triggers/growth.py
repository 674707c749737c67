"""Growth: a client that shows a sign that it might take more.

Nothing records when a sign came up: it counts from the beginning of its week, and a playbook that
begins with it needs its rest.
"""

from typing import Final

from sqlalchemy import select

from deskcrm.base.words import of, tr
from deskcrm.domain.clients.model import Client
from deskcrm.domain.days import day_of
from deskcrm.domain.opportunities.model import SignalKind
from deskcrm.domain.opportunities.signals import list_signals
from deskcrm.domain.playbooks.triggers.trigger import Asked, Facts, Match, Trigger, text_of
from deskcrm.domain.usage.model import week_of
from deskcrm.domain.views.sql import start_of_day
from deskcrm.store.reader import Reader


def find_expansion(db: Reader, asked: Asked) -> list[Match]:
    """Find clients with a sign of growth; of several the first of them counts."""
    if asked.after is not None:
        return []
    among = set(db.scalars(select(Client.id).where(*asked.clients)))
    since = start_of_day(week_of(day_of(asked.as_of)))
    found: dict[object, Match] = {}
    for signal in list_signals(db):
        if signal.client_id in among:
            facts: Facts = {"kind": signal.kind.value, "about": signal.about}
            found.setdefault(signal.client_id, Match(signal.client_id, since, facts))
    return list(found.values())


def say_expansion(facts: Facts) -> str:
    """Say which sign it is, and of what."""
    about = text_of(facts, "about")
    try:
        kind = of(SignalKind(text_of(facts, "kind")))
    except ValueError:
        kind = tr("A sign of growth")
    return f"{kind}: {about}" if about else kind


EXPANSION: Final = Trigger(find_expansion, say_expansion, knows_past=False)
