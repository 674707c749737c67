"""Turns what the texts of the sample promise into promises, as the program offers while typing."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from deskcrm.domain.interactions.channels import InteractionId
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.promises.finding import find_promises
from deskcrm.domain.promises.model import Promise, PromiseState
from deskcrm.domain.sample.moments import Calendar


def promises_in(said: Interaction, calendar: Calendar, random: Random) -> Iterator[Promise]:
    """Give the promises of a text that name a day: of the past most were kept, not all."""
    for found in find_promises(said.text, said.started_at.astimezone(calendar.zone)):
        if found.due is None:
            continue
        promise = Promise(
            client_id=said.client_id,
            contact_id=said.contact_id,
            text=found.title,
            due_on=found.due,
            made_by=said.logged_by,
            made_at=said.started_at,
            interaction_id=InteractionId(said.id),
            ticket_id=said.ticket_id,
        )
        _settle(promise, calendar, random)
        yield promise


def _settle(promise: Promise, calendar: Calendar, random: Random) -> None:
    assert promise.due_on is not None
    overdue = (calendar.today - promise.due_on).days
    if overdue < 0 or (overdue < 6 and random.random() < 0.4):
        return
    if random.random() < 0.88:
        late = timedelta(days=random.choice((0, 0, 0, 1)))
        at = calendar.moment(promise.due_on - timedelta(days=random.randrange(2)) + late)
        promise.settle(PromiseState.KEPT, max(at, promise.made_at))
    else:
        promise.settle(PromiseState.BROKEN, calendar.moment(promise.due_on + timedelta(days=3)))
