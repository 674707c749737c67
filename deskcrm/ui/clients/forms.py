"""The forms of a client: a new one in two lines, and everything that is known of one."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.clients.commands import create_company, create_person
from deskcrm.domain.clients.detail import ClientDetail
from deskcrm.domain.clients.editing import save_client
from deskcrm.domain.clients.model import ClientId, ClientKind, Lifecycle, Tier
from deskcrm.domain.lookup.queries import search_everything
from deskcrm.domain.tags.queries import list_tag_names
from deskcrm.domain.users.queries import UserRow, list_users
from deskcrm.ui.clients.identity import LANGUAGES
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Choice, Line, Text
from deskcrm.ui.kit.fields_parsed import Day
from deskcrm.ui.kit.tags_field import Tags


def open_new(desk: Desk, over: QWidget, then: Callable[[ClientId], object]) -> FormCard:
    """Ask for a new client: a name, and whether it is a company or a person."""
    name = Line("name", tr("Name"), required=True)
    hint = parts.label("", "muted", wrap=True)

    def save(values: dict[str, Any]) -> Any:
        command = create_company if values["kind"] is ClientKind.COMPANY else create_person
        deed = desk.do(command, name=values["name"], tier=values["tier"], city=values["city"])
        return deed.tell().then(lambda done: then(done.value))

    card = FormCard(
        desk,
        over,
        tr("New client"),
        [
            name,
            (
                Choice("kind", tr("Kind"), [(kind, of(kind)) for kind in ClientKind]),
                Choice("tier", tr("Tier"), [(tier, of(tier)) for tier in Tier]),
            ),
            Line("city", tr("City")),
        ],
        save,
        place="clients.new",
        values={"kind": ClientKind.COMPANY, "tier": Tier.STANDARD},
        button=tr("Add client"),
    )
    card.form.layout().insertWidget(2, hint)  # type: ignore[union-attr]  # a QVBoxLayout

    def warn(hits: Any) -> None:
        names = [hit.client_name for hit in hits if hit.client_name][:3]
        said = tr("Is it one of these? {names}", names=", ".join(dict.fromkeys(names)))
        hint.setText(said if names else "")
        card.relayout()

    def look(text: str) -> None:
        if len(text.strip()) >= 3:
            desk.ask((card, "twins"), search_everything, text, limit=5).then(warn)
        else:
            hint.setText("")

    name.line.textChanged.connect(look)
    return card


def open_edit(desk: Desk, over: QWidget, detail: ClientDetail) -> None:
    """Ask for the people and tags that can be chosen, then open the form."""
    desk.ask((over, "people"), list_users).then(
        lambda people: desk.ask((over, "tags"), list_tag_names).then(
            lambda tags: _open_edit(desk, over, detail, people, [tag.name for tag in tags])
        )
    )


def _open_edit(
    desk: Desk, over: QWidget, detail: ClientDetail, people: list[UserRow], known: list[str]
) -> None:
    profile = detail.profile

    def save(changes: dict[str, Any]) -> Any:
        return desk.do(save_client, profile.id, **changes).tell()

    values = {
        name: getattr(profile, name)
        for name in (
            "name", "kind", "tier", "lifecycle", "owner_id", "caution", "goals", "about",
            "legal_name", "tax_number", "industry", "website", "street", "postal_code", "city",
            "province", "country", "language", "time_zone", "customer_since", "source",
        )
    }  # fmt: skip
    FormCard(
        desk,
        over,
        tr("Edit client"),
        _fields(people, known),
        save,
        place="clients.edit",
        subject=profile.id.hex,
        values=values | {"tags": [tag.name for tag in detail.tags]},
        changes_only=True,
        width=680,
    )


def _fields(people: list[UserRow], known: list[str]) -> list[Any]:
    return [
        (
            Line("name", tr("Name"), required=True),
            Choice("kind", tr("Kind"), [(kind, of(kind)) for kind in ClientKind]),
        ),
        (
            Choice("tier", tr("Tier"), [(tier, of(tier)) for tier in Tier]),
            Choice("lifecycle", tr("Lifecycle"), [(one, of(one)) for one in Lifecycle]),
            Choice("owner_id", tr("Owner"), [(p.id, p.name) for p in people], none=tr("Nobody")),
        ),
        Line("caution", tr("Caution: to be seen before speaking")),
        Tags("tags", tr("Tags"), known=known),
        Text("goals", tr("Goals"), lines=2),
        Text("about", tr("About"), lines=2),
        (Line("legal_name", tr("Legal name")), Line("tax_number", tr("Tax number"))),
        (Line("industry", tr("Industry")), Line("website", tr("Website"))),
        Line("street", tr("Street")),
        (Line("postal_code", tr("Postal code")), Line("city", tr("City"))),
        (Line("province", tr("Province")), Line("country", tr("Country"))),
        (
            Choice("language", tr("Language"), list(LANGUAGES), none=tr("Not known")),
            Line("time_zone", tr("Time zone"), placeholder="Europe/Moscow"),
        ),
        (Day("customer_since", tr("Customer since")), Line("source", tr("Source"))),
    ]
