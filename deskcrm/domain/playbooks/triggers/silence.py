"""Silence: a client that was not heard for so many days, or for longer than its policy allows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, func, literal_column, select, union_all

from deskcrm.base.words import ntr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.interactions.model import CONTACT_SQL, HEARD_SQL, Interaction
from deskcrm.domain.playbooks.triggers.trigger import (
    Asked,
    Facts,
    Match,
    Trigger,
    number_of,
    text_of,
)
from deskcrm.domain.tickets.model import HEARD_SQL as WORD_SQL
from deskcrm.domain.tickets.model import TicketMessage
from deskcrm.domain.touch.matching import in_turn, read_policies
from deskcrm.domain.touch.model import WITH_US, TouchRhythm
from deskcrm.store.reader import Reader

_Conditions = tuple[ColumnElement[bool], ...]
_HEARD: Final[_Conditions] = (
    ~Interaction.is_deleted, literal_column(CONTACT_SQL), literal_column(HEARD_SQL),
)  # fmt: skip
_WORD: Final[_Conditions] = (~TicketMessage.is_deleted, literal_column(WORD_SQL))


def find_silence(db: Reader, asked: Asked) -> list[Match]:
    """Find clients that are with us and were not heard for so many days."""
    with_us = Client.lifecycle.in_(WITH_US)
    return list(_silent(db, asked, asked.days, {"days": asked.days}, with_us))


def find_going_cold(db: Reader, asked: Asked) -> list[Match]:
    """Find clients that were not heard for longer than their touch policy, or rhythm, allows."""
    found: list[Match] = []
    own = select(TouchRhythm.client_id).where(~TouchRhythm.is_deleted)
    longest = db.scalars(select(TouchRhythm.max_days).where(~TouchRhythm.is_deleted).distinct())
    for days in longest:
        at = Client.id.in_(own.where(TouchRhythm.max_days == days))
        found += _silent(db, asked, days, {"days": days}, at)
    for policy, is_its in in_turn(read_policies(db.connection)):
        facts: Facts = {"days": policy.max_days, "policy": policy.name}
        found += _silent(db, asked, policy.max_days, facts, is_its, Client.id.not_in(own))
    return found


def _silent(
    db: Reader, asked: Asked, days: int, facts: Facts, *which: ColumnElement[bool]
) -> Iterator[Match]:
    span = timedelta(days=days)
    pauses = _past_pauses if asked.after is not None else _present_pauses
    for client_id, last, following in pauses(db, asked, span, (*asked.clients, *which)):
        if following is None or following > last + span:
            match = Match(ClientId(client_id), last + span, facts, ended=following)
            if asked.is_asked(match):
                yield match


def _present_pauses(
    db: Reader, asked: Asked, span: timedelta, which: _Conditions
) -> Iterator[tuple[Any, datetime, None]]:
    """Give when each client was last heard, or else since when we know it."""

    def last(column: Any, model: Any, *conditions: ColumnElement[bool]) -> ScalarSelect[datetime]:
        heard = select(func.max(column)).where(
            model.client_id == Client.id, column <= asked.as_of, *conditions
        )
        return heard.correlate(Client).scalar_subquery()

    rows = db.all(
        select(
            Client.id,
            Client.created_at,
            last(Interaction.started_at, Interaction, *_HEARD),
            last(TicketMessage.sent_at, TicketMessage, *_WORD),
        ).where(*which, Client.created_at <= asked.as_of - span)
    )
    for client_id, known, heard, word in rows:
        moments = [one for one in (heard, word) if one is not None]
        yield client_id, max(moments, default=known), None


def _past_pauses(
    db: Reader, asked: Asked, span: timedelta, which: _Conditions
) -> Iterator[tuple[Any, datetime, datetime | None]]:
    """Give every moment at which a client was heard, with the next: as far back as it matters."""
    assert asked.after is not None
    clients = select(Client.id).where(*which)
    spoken = select(Interaction.client_id, Interaction.started_at.label("at")).where(
        Interaction.client_id.in_(clients), *_HEARD
    )
    written = select(TicketMessage.client_id, TicketMessage.sent_at).where(
        TicketMessage.client_id.in_(clients), *_WORD
    )
    known = select(Client.id, Client.created_at).where(*which)
    contact = union_all(spoken, written, known).subquery("contact")
    following = func.lead(contact.c.at, type_=contact.c.at.type).over(
        partition_by=contact.c.client_id, order_by=contact.c.at
    )
    pauses = (
        select(contact.c.client_id, contact.c.at, following.label("following"))
        .where(contact.c.at > asked.after - span, contact.c.at <= asked.as_of)
        .subquery("pauses")
    )
    rows = db.all(select(pauses).where(pauses.c.at <= asked.as_of - span))
    yield from ((row.client_id, row.at, row.following) for row in rows)


def say_silence(facts: Facts) -> str:
    """Say for how long there was no word."""
    days = number_of(facts, "days")
    return ntr("No word for {n} day", "No word for {n} days", days)


def say_going_cold(facts: Facts) -> str:
    """Say for how long there was no word, and by which policy that is too long."""
    days, policy = number_of(facts, "days"), text_of(facts, "policy")
    if not policy:
        return ntr(
            "No word for {n} day, the client’s own maximum",
            "No word for {n} days, the client’s own maximum",
            days,
        )
    return ntr(
        "No word for {n} day, the maximum of “{policy}”",
        "No word for {n} days, the maximum of “{policy}”",
        days,
        policy=policy,
    )


SILENCE: Final = Trigger(find_silence, say_silence, days=60, holds=True)
GOING_COLD: Final = Trigger(find_going_cold, say_going_cold, holds=True)
