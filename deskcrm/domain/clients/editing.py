"""Saves the form of a client, custom fields, tags and all, in one step."""

from collections.abc import Mapping, Sequence
from typing import Unpack

from deskcrm.domain.clients.commands import ClientChanges, edit_client
from deskcrm.domain.clients.custom_fields import set_custom_value
from deskcrm.domain.clients.model import Client, ClientId, CustomFieldId
from deskcrm.domain.tags.commands import tag_clients_by_name, untag_clients
from deskcrm.domain.tags.queries import come_and_go, tags_of
from deskcrm.store.commands import command
from deskcrm.store.work import Work


@command("clients.save", "Edit client")
def save_client(
    work: Work,
    /,
    client_id: ClientId,
    *,
    tags: Sequence[str] | None = None,
    custom: Mapping[CustomFieldId, str] | None = None,
    **changes: Unpack[ClientChanges],
) -> None:
    """Change what is known of a client and, where given, its custom fields and its tags."""
    work.get(Client, client_id)
    if changes:
        edit_client(work, client_id, **changes)
    for field_id, text in (custom or {}).items():
        set_custom_value(work, client_id, field_id=field_id, text=text)
    if tags is None:
        return
    coming, going = come_and_go(tags_of(work, [client_id]).get(client_id, ()), tags)
    for tag_id in going:
        untag_clients(work, [client_id], tag_id=tag_id)
    for name in coming:
        tag_clients_by_name(work, [client_id], name=name)
