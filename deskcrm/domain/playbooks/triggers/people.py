"""The client itself and its people: one that is new, one whose champion left."""

from datetime import timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client, ClientId, Lifecycle
from deskcrm.domain.contacts.model import Contact, ContactRole, ContactStatus
from deskcrm.domain.days import day_of
from deskcrm.domain.playbooks.triggers.trigger import (
    Asked,
    Facts,
    Match,
    Trigger,
    day_said,
    text_of,
)
from deskcrm.domain.views.sql import start_of_day
from deskcrm.store.reader import Reader

_BEGINS: Final = (Lifecycle.ONBOARDING, Lifecycle.ACTIVE)


def find_new_client(db: Reader, asked: Asked) -> list[Match]:
    """Find clients that became so within so many days."""
    first = day_of(asked.after or asked.reach)
    rows = db.all(
        select(Client.id, Client.customer_since)
        .where(*asked.clients, Client.lifecycle.in_(_BEGINS))
        .where(Client.customer_since >= first, Client.customer_since <= day_of(asked.as_of))
    )
    found: list[Match] = []
    for client_id, since in rows:
        assert since is not None
        ended = start_of_day(since + timedelta(days=asked.days + 1))
        facts = {"since": since.isoformat()}
        match = Match(ClientId(client_id), start_of_day(since), facts, ended=ended)
        if asked.is_asked(match):
            found.append(match)
    return found


def find_champion_left(db: Reader, asked: Asked) -> list[Match]:
    """Find clients whose champion left within so many days, and that have no other since."""
    other = aliased(Contact)
    has_other = exists().where(
        other.client_id == Contact.client_id,
        other.role == ContactRole.CHAMPION,
        other.status == ContactStatus.ACTIVE,
        ~other.is_deleted,
    )
    first = day_of(asked.after or asked.reach)
    rows = db.all(
        select(Contact.client_id, Contact.name, Contact.left_on)
        .join(Client, Client.id == Contact.client_id)
        .where(~Contact.is_deleted, *asked.clients)
        .where(Contact.role == ContactRole.CHAMPION, Contact.status == ContactStatus.LEFT)
        .where(Contact.left_on >= first, Contact.left_on <= day_of(asked.as_of))
        .where(*(() if asked.after is not None else (~has_other,)))
        .order_by(Contact.left_on.desc())
    )
    found: dict[ClientId, Match] = {}
    for client_id, name, left_on in rows:
        assert left_on is not None
        facts = {"contact": name, "left_on": left_on.isoformat()}
        match = Match(ClientId(client_id), start_of_day(left_on), facts)
        if asked.is_asked(match):
            found.setdefault(match.client_id, match)
    return list(found.values())


def say_new_client(facts: Facts) -> str:
    """Say since when the client is one."""
    return tr("A client since {day}", day=day_said(facts, "since"))


def say_champion_left(facts: Facts) -> str:
    """Say which champion left, and when."""
    return tr(
        "The champion {contact} left on {day}",
        contact=text_of(facts, "contact"), day=day_said(facts, "left_on"),
    )  # fmt: skip


NEW_CLIENT: Final = Trigger(find_new_client, say_new_client, days=14)
CHAMPION_LEFT: Final = Trigger(find_champion_left, say_champion_left, days=90, holds=True)
