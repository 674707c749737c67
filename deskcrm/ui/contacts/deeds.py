"""What can be done with a person at a client, beside editing what is known of them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from deskcrm.base.words import tr
from deskcrm.domain.contacts.commands import delete_contact, move_contact
from deskcrm.domain.contacts.merging import merge_contacts
from deskcrm.domain.contacts.queries import ContactRow
from deskcrm.domain.names import fold_words
from deskcrm.ui.client_merges.choosing import find_others
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.fields import Choice
from deskcrm.ui.kit.more_button import Deed
from deskcrm.ui.kit.pick import Option, Pick


def contact_deeds(view: Any, contact: ContactRow, people: Sequence[ContactRow]) -> list[Deed]:
    """List them; ``people`` are all at the client."""
    others = [one for one in people if one.id != contact.id]
    merge = (tr("Merge with…"), "merge", partial(open_merge, view, contact, others))
    return [
        *([merge] if others else []),
        (tr("Move to another client…"), "company", partial(open_move, view, contact)),
        (tr("Delete contact"), "trash", partial(_delete, view, contact)),
    ]


def open_merge(view: Any, contact: ContactRow, others: Sequence[ContactRow]) -> FormCard:
    """Ask as whom a contact goes on; who is most like them stands first."""

    def save(values: dict[str, Any]) -> Any:
        into = next(one for one in others if one.id == values["into_id"])
        said = tr("“{name}” was merged into “{other}”.", name=contact.name, other=into.name)
        return view.desk.do(merge_contacts, contact.id, **values).tell(said)

    ordered = sorted(others, key=partial(_unlike, contact))
    return FormCard(
        view.desk, view, tr("Merge contact"),
        [Choice("into_id", tr("Goes on as"), [(one.id, _words(one)) for one in ordered])],
        save, place="contacts.merge", subject=contact.id.hex, values={"into_id": ordered[0].id},
        button=tr("Merge"), width=480,
        about=tr(
            "{name}: numbers, tickets, tasks and talks go along. The history can undo it later.",
            name=contact.name,
        ),
    )  # fmt: skip


def open_move(view: Any, contact: ContactRow) -> FormCard:
    """Ask to which client a contact goes; what was said stays where it was said."""
    desk, client = view.desk, view.client

    def find(typed: str, show: Callable[[list[Option]], None]) -> None:
        desk.ask((view, "movable"), find_others, typed, client).then(show)

    def save(values: dict[str, Any]) -> Any:
        return desk.do(move_contact, contact.id, **values).tell()

    return FormCard(
        desk, view, tr("Move contact"),
        [
            Pick(
                "client_id", tr("To which client"), find, required=True,
                placeholder=tr("Name, number, address or person"),
            )
        ],
        save, place="contacts.move", subject=contact.id.hex, button=tr("Move"), width=480,
        about=tr("{name}: what was said so far stays in the history of this client.",
                 name=contact.name),
    )  # fmt: skip


def _delete(view: Any, contact: ContactRow) -> None:
    view.desk.do(delete_contact, contact.id).tell()


def _unlike(contact: ContactRow, other: ContactRow) -> tuple[bool, int, str]:
    """Tell how little another is like a contact, by numbers and words of the name."""
    numbers = {one.normal for one in contact.points}
    words = set(fold_words(contact.name).split())
    shared = words & set(fold_words(other.name).split())
    has_number = any(one.normal in numbers for one in other.points)
    return not has_number, -len(shared), other.name


def _words(contact: ContactRow) -> str:
    """Name somebody by one of their numbers too: two of a client may be called the same."""
    return " · ".join([contact.name, *(one.shown for one in contact.points[:1])])
