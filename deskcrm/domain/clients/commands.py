"""Adds clients, edits them, hands them over, and deletes them so that they can come back."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypedDict, Unpack

from sqlalchemy import func, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, tr
from deskcrm.domain.clients.model import Client, ClientId, ClientKind, Lifecycle, Tier
from deskcrm.domain.clients.rules import check_language, check_website
from deskcrm.domain.days import day_of
from deskcrm.domain.timezones import check_time_zone
from deskcrm.domain.users.commands import check_assignable
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Missing, Work

_AT_ONCE = 500
"""Rows asked for by id in one statement: well below what either database allows."""


class ClientDetails(TypedDict, total=False):
    """What may be known of a client besides the name."""

    legal_name: str
    tax_number: str
    tier: Tier
    lifecycle: Lifecycle
    owner_id: UserId | None
    parent_id: ClientId | None
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


class ClientChanges(ClientDetails, total=False):
    """What can be edited of a client; only what is given is written."""

    name: str
    kind: ClientKind


@command("clients.create_company", "Add company")
def create_company(work: Work, /, *, name: str, **details: Unpack[ClientDetails]) -> ClientId:
    """Add a company; whoever adds it owns it unless an owner is given."""
    return _create(work, ClientKind.COMPANY, name, details)


@command("clients.create_person", "Add person")
def create_person(work: Work, /, *, name: str, **details: Unpack[ClientDetails]) -> ClientId:
    """Add a client who is one person."""
    return _create(work, ClientKind.PERSON, name, details)


@command("clients.rename", "Rename client")
def rename_client(work: Work, client_id: ClientId, *, name: str) -> None:
    """Give a client another name."""
    work.get(Client, client_id).rename(name)


@command("clients.edit", "Edit client")
def edit_client(work: Work, /, client_id: ClientId, **changes: Unpack[ClientChanges]) -> None:
    """Change any part of what is known of a client."""
    _change(work, work.get(Client, client_id), changes)


@command("clients.set_owner", "Set owner")
def set_owner(work: Work, client_ids: Sequence[ClientId], *, owner_id: UserId | None) -> int:
    """Hand clients to a person, or to nobody; gives how many changed hands."""
    if owner_id is not None:
        check_assignable(work, owner_id)
    moved = [client for client in chosen_clients(work, client_ids) if client.owner_id != owner_id]
    for client in moved:
        client.owner_id = owner_id
    return len(moved)


@command("clients.set_tier", "Set tier")
def set_tier(work: Work, client_ids: Sequence[ClientId], *, tier: Tier) -> int:
    """Set how important clients are; gives how many changed."""
    changed = [client for client in chosen_clients(work, client_ids) if client.tier is not tier]
    for client in changed:
        client.tier = tier
    return len(changed)


@command("clients.set_lifecycle", "Set lifecycle")
def set_lifecycle(
    work: Work, client_ids: Sequence[ClientId], *, lifecycle: Lifecycle, reason: str = ""
) -> int:
    """Move clients on; gives how many changed. ``reason`` is kept for those who leave."""
    today = day_of(work.now)
    changed = [c for c in chosen_clients(work, client_ids) if c.lifecycle is not lifecycle]
    for client in changed:
        client.set_lifecycle(lifecycle, today=today, reason=reason)
    return len(changed)


@command("clients.set_parent", "Set parent client")
def set_parent(work: Work, client_id: ClientId, *, parent_id: ClientId | None) -> None:
    """Put a client under another one, or on its own; never under itself."""
    _set_parent(work, work.get(Client, client_id), parent_id)


@command("clients.delete", "Delete client")
def delete_clients(work: Work, client_ids: Sequence[ClientId]) -> int:
    """Delete clients; gives how many.

    What hangs on them (contacts, tasks, tickets) stays as it is, is hidden with them and comes
    back with them: a colleague may be writing to it right now.
    """
    clients = chosen_clients(work, client_ids)
    for client in clients:
        work.delete(client)
    return len(clients)


@command("clients.restore", "Restore client")
def restore_client(work: Work, client_id: ClientId) -> None:
    """Bring a deleted client back, with everything that hangs on it."""
    client = work.find_deleted(Client, client_id)
    if client is None:
        raise UserError(tr("This client is not deleted."), tr("Look for it in the list."))
    _refuse_merged(work, client)
    work.restore(client)


def _refuse_merged(work: Work, client: Client) -> None:
    from deskcrm.domain.client_merges.queries import merged_into

    into = merged_into(work, ClientId(client.id))
    if into is not None:
        raise UserError(
            tr("“{name}” was merged into “{other}”.", name=client.name, other=into.name),
            tr("Part the two again on the page of “{other}”.", other=into.name),
        )


def _create(work: Work, kind: ClientKind, name: str, details: ClientDetails) -> ClientId:
    client = Client(name=name, kind=kind, owner_id=_self_if_known(work))
    _change(work, client, {"name": name, "kind": kind, **details})
    lifecycle = client.lifecycle
    if lifecycle is not Lifecycle.PROSPECT:
        client.set_lifecycle(lifecycle, today=day_of(work.now))
    return ClientId(work.add(client).id)


def _self_if_known(work: Work) -> UserId | None:
    from deskcrm.domain.users.model import User

    user = work.find(User, work.actor)
    return UserId(user.id) if user is not None and user.is_active else None


def check_clients(work: Work, client_ids: Sequence[ClientId]) -> list[ClientId]:
    """Give the ids, each once, if all of the clients are there; else raises Missing, in words."""
    wanted = list(dict.fromkeys(client_ids))
    found = 0
    for some in _batches(wanted):
        living = select(func.count()).select_from(Client).where(~Client.is_deleted)
        found += work.scalar(living.where(Client.id.in_(some))) or 0
    _refuse_missing(len(wanted) - found)
    return wanted


def chosen_clients(work: Work, client_ids: Sequence[ClientId]) -> list[Client]:
    """Give the clients to change, all or UserError: a bulk edit is whole or not at all."""
    wanted = list(dict.fromkeys(client_ids))
    found: list[Client] = []
    for some in _batches(wanted):
        found += work.records(select(Client).where(Client.id.in_(some), ~Client.is_deleted))
    _refuse_missing(len(wanted) - len(found))
    return found


def _batches(client_ids: list[ClientId]) -> Iterator[list[ClientId]]:
    for start in range(0, len(client_ids), _AT_ONCE):
        yield client_ids[start : start + _AT_ONCE]


def _refuse_missing(missing: int) -> None:
    if missing:
        raise Missing(
            ntr(
                "{n} client is not there any more.",
                "{n} clients are not there any more.",
                missing,
            ),
            tr("Nothing was changed. Select again and repeat."),
        )


def _set_parent(work: Work, client: Client, parent_id: ClientId | None) -> None:
    above, seen = parent_id, {client.id}
    while above is not None:
        if above in seen:
            raise UserError(
                tr("“{name}” cannot stand under itself.", name=client.name),
                tr("Choose a client that is not below it."),
            )
        seen.add(above)
        # The chosen parent must be there; what is deleted higher up only ends the chain.
        parent = work.get(Client, above) if above == parent_id else work.find(Client, above)
        above = parent.parent_id if parent is not None else None
    client.parent_id = parent_id


_PLAIN = (
    "kind",
    "tier",
    "customer_since",
    "churned_on",
    "churn_reason",
    "goals",
    "about",
)
_TRIMMED = (
    "legal_name",
    "tax_number",
    "caution",
    "industry",
    "source",
    "street",
    "city",
    "province",
    "postal_code",
    "country",
)


def _change(work: Work, client: Client, changes: ClientChanges) -> None:
    """Set what is given, each by its rule; a value that is the same leaves no trace."""
    given = dict(changes)
    if "name" in changes:
        client.rename(changes["name"])
    if "owner_id" in changes and changes["owner_id"] != client.owner_id:
        if changes["owner_id"] is not None:
            check_assignable(work, changes["owner_id"])
        client.owner_id = changes["owner_id"]
    if "parent_id" in changes:
        _set_parent(work, client, changes["parent_id"])
    if "lifecycle" in changes and changes["lifecycle"] is not client.lifecycle:
        client.set_lifecycle(changes["lifecycle"], today=day_of(work.now))
    if "language" in changes:
        client.language = check_language(changes["language"])
    if "time_zone" in changes:
        client.time_zone = check_time_zone(changes["time_zone"])
    if "website" in changes:
        client.website = check_website(changes["website"])
    for key in _PLAIN:
        if key in given:
            setattr(client, key, given[key])
    for key in _TRIMMED:
        if key in given:
            setattr(client, key, str(given[key]).strip())
