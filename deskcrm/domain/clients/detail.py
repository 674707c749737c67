"""The page of one client: everything known, in a handful of queries."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from deskcrm.base.words import tr
from deskcrm.domain.clients.model import (
    Client,
    ClientId,
    ClientKind,
    CustomField,
    CustomFieldId,
    CustomValue,
    FieldKind,
    Lifecycle,
    Tier,
)
from deskcrm.domain.contacts.model import ContactRole
from deskcrm.domain.contacts.queries import ContactRow, PointRow, list_contacts_and_points
from deskcrm.domain.contracts.queries import ContractRow, list_contracts
from deskcrm.domain.tags.queries import TagChip, tags_of
from deskcrm.domain.teams.model import Team
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader
from deskcrm.store.work import Missing

MOST_CHILDREN: Final = 100
"""So many children stand on the page; the rest are a filter away."""


@dataclass(frozen=True, slots=True)
class ClientLink:
    """Another client, as a link to its page."""

    id: ClientId
    name: str
    tier: Tier
    lifecycle: Lifecycle


@dataclass(frozen=True, slots=True)
class CustomValueRow:
    """A custom field with what a client has in it; ``text`` is canonical, empty when unfilled."""

    field_id: CustomFieldId
    name: str
    kind: FieldKind
    choices: tuple[str, ...]
    hint: str
    is_required: bool
    text: str


@dataclass(frozen=True, slots=True)
class ClientProfile:
    """A client's own columns, with the names behind its links."""

    id: ClientId
    kind: ClientKind
    name: str
    legal_name: str
    tax_number: str
    parent_id: ClientId | None
    parent: str
    owner_id: UserId | None
    owner: str
    team: str
    """Which team sees the client; empty: everybody."""
    tier: Tier
    lifecycle: Lifecycle
    customer_since: date | None
    churned_on: date | None
    churn_reason: str
    goals: str
    about: str
    caution: str
    language: str
    time_zone: str
    industry: str
    website: str
    source: str
    street: str
    city: str
    province: str
    postal_code: str
    country: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ClientDetail:
    """Everything the page of a client shows, besides its timeline and its work."""

    profile: ClientProfile
    children: tuple[ClientLink, ...]
    child_count: int
    tags: tuple[TagChip, ...]
    custom_values: tuple[CustomValueRow, ...]
    contacts: tuple[ContactRow, ...]
    points: tuple[PointRow, ...]
    contracts: tuple[ContractRow, ...]

    @property
    def champions(self) -> tuple[ContactRow, ...]:
        """Give the champions, those who left too: no champion, or one who left, is a warning."""
        return tuple(one for one in self.contacts if one.role is ContactRole.CHAMPION)


_Parent = aliased(Client)
_PROFILE = (
    Client.id,
    Client.kind,
    Client.name,
    Client.legal_name,
    Client.tax_number,
    _Parent.id.label("parent_id"),
    func.coalesce(_Parent.name, "").label("parent"),
    Client.owner_id,
    func.coalesce(User.name, "").label("owner"),
    func.coalesce(Team.name, "").label("team"),
    Client.tier,
    Client.lifecycle,
    Client.customer_since,
    Client.churned_on,
    Client.churn_reason,
    Client.goals,
    Client.about,
    Client.caution,
    Client.language,
    Client.time_zone,
    Client.industry,
    Client.website,
    Client.source,
    Client.street,
    Client.city,
    Client.province,
    Client.postal_code,
    Client.country,
    Client.created_at,
)


def get_client(db: Reader, client_id: ClientId) -> ClientDetail:
    """Give everything known of a client; raises Missing, in words, when it is not there."""
    profile = get_profile(db, client_id)
    children = list_children(db, client_id, limit=MOST_CHILDREN)
    is_all = len(children) < MOST_CHILDREN
    contacts, points = list_contacts_and_points(db, client_id)
    return ClientDetail(
        profile=profile,
        children=tuple(children),
        child_count=len(children) if is_all else count_children(db, client_id),
        tags=tags_of(db, [client_id]).get(client_id, ()),
        custom_values=tuple(list_custom_values(db, client_id)),
        contacts=tuple(contacts),
        points=tuple(points),
        contracts=tuple(list_contracts(db, client_id)),
    )


def _missing(db: Reader, client_id: ClientId) -> Missing:
    # Not above: what is known of merges is built on clients.
    from deskcrm.domain.client_merges.queries import merged_into

    into = merged_into(db, client_id)
    if into is not None:
        return Missing(
            tr("This client was merged into “{other}”.", other=into.name),
            tr("Open that one: all of it is there."),
        )
    return Missing(
        tr("This client is not there any more."),
        tr("It was deleted: bring it back from the list of deleted clients."),
    )


def get_profile(db: Reader, client_id: ClientId) -> ClientProfile:
    """Give a client's own columns; raises Missing, in words, when it is not there."""
    row = db.first(
        select(*_PROFILE)
        .outerjoin(_Parent, and_(_Parent.id == Client.parent_id, ~_Parent.is_deleted))
        .outerjoin(User, User.id == Client.owner_id)
        .outerjoin(Team, Team.id == Client.scope)
        .where(Client.id == client_id, ~Client.is_deleted)
    )
    if row is None:
        raise _missing(db, client_id)
    return ClientProfile(**row._asdict())


def list_children(db: Reader, client_id: ClientId, *, limit: int) -> list[ClientLink]:
    """List the clients under a client, by name."""
    found = db.all(
        select(Client.id, Client.name, Client.tier, Client.lifecycle)
        .where(Client.parent_id == client_id, ~Client.is_deleted)
        .order_by(Client.sort_name, Client.id)
        .limit(limit)
    )
    return [ClientLink(ClientId(row.id), row.name, row.tier, row.lifecycle) for row in found]


def count_children(db: Reader, client_id: ClientId) -> int:
    """Count the clients under a client."""
    statement = select(func.count()).select_from(Client)
    return db.scalar(statement.where(Client.parent_id == client_id, ~Client.is_deleted)) or 0


def list_custom_values(db: Reader, client_id: ClientId) -> list[CustomValueRow]:
    """List every custom field with what the client has in it, in the fields' order."""
    found = db.all(
        select(
            CustomField.id,
            CustomField.name,
            CustomField.kind,
            CustomField.choices,
            CustomField.hint,
            CustomField.is_required,
            func.coalesce(CustomValue.text, ""),
        )
        .outerjoin(
            CustomValue,
            and_(
                CustomValue.client_id == client_id,
                CustomValue.field_id == CustomField.id,
                ~CustomValue.is_deleted,
            ),
        )
        .where(~CustomField.is_deleted)
        .order_by(CustomField.position, CustomField.id)
    )
    return [
        CustomValueRow(CustomFieldId(field_id), name, kind, tuple(choices), hint, required, text)
        for field_id, name, kind, choices, hint, required, text in found
    ]


def list_deleted_clients(db: Reader, *, limit: int = 500) -> list[ClientLink]:
    """List deleted clients, by name, to bring them back."""
    found = db.all(
        select(Client.id, Client.name, Client.tier, Client.lifecycle)
        .where(Client.is_deleted)
        .order_by(Client.sort_name, Client.id)
        .limit(limit)
    )
    return [ClientLink(ClientId(row.id), row.name, row.tier, row.lifecycle) for row in found]
