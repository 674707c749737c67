"""The forms of a client: a new one in two lines, and everything that is known of one."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base import places
from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.absences.queries import Choosable, list_choosable
from deskcrm.domain.clients.commands import create_company, create_person
from deskcrm.domain.clients.detail import ClientDetail, ClientProfile
from deskcrm.domain.clients.editing import save_client
from deskcrm.domain.clients.model import ClientId, ClientKind, Lifecycle, Tier
from deskcrm.domain.clients.rules import check_website
from deskcrm.domain.duplicates.queries import Namesake, list_namesakes
from deskcrm.domain.tags.queries import list_tag_names
from deskcrm.ui.absences.words import person_options
from deskcrm.ui.client_merges.merge_card import MergeCard
from deskcrm.ui.clients.custom import custom_fields, custom_values, take_custom
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.drafts.refusal import refusal
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.elided_button import ElidedButton
from deskcrm.ui.kit.fields import Choice, Line, Text
from deskcrm.ui.kit.fields_parsed import Day
from deskcrm.ui.kit.tags_field import Tags

_MAY_BE_UNKNOWN: Final = ("country", "language", "time_zone")


def open_new(desk: Desk, over: QWidget, then: Callable[[ClientId], object]) -> FormCard:
    """Ask for a new client: a name, and whether it is a company or a person."""
    name = Line("name", ptr("client", "Name"), required=True)

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
    Twins(desk, card, name, save)
    return card


class Twins(QWidget):
    """Says under the name which clients it may be already; each opens, or takes in what is typed.

    ``add`` adds the client that is being typed.
    """

    def __init__(
        self, desk: Desk, card: FormCard, name: Line, add: Callable[[dict[str, Any]], Any]
    ) -> None:
        super().__init__()
        self.desk, self.card, self._add = desk, card, add
        self._column = parts.column(spacing=0)
        self.setLayout(self._column)
        self.hide()
        inside = card.form.layout()
        assert isinstance(inside, QVBoxLayout)
        inside.insertWidget(2, self)
        name.line.textChanged.connect(self._look)

    def _look(self, text: str) -> None:
        if len(text.strip()) >= 3:
            found = self.desk.ask((self, "twins"), list_namesakes, text.strip())
            found.then(self._show)
        else:
            self._show([])

    def _show(self, found: Sequence[Namesake]) -> None:
        parts.clear(self._column)
        if found:
            self._column.addWidget(parts.label(tr("Is it one of these?"), "caption"))
        for one in found:
            said = tr("{name} · most likely the same", name=one.name) if one.is_likely else one.name
            link = ElidedButton(said, partial(self._open, one.id), icon="clients")
            name = tr("Add and merge with {name}", name=one.name)
            merge = parts.icon_button("merge", name, partial(self._merge, one.id))
            merge.setVisible(one.is_likely)
            self._column.addLayout(parts.row(link, merge, None))
        self.setVisible(bool(found))
        self.card.relayout()

    def _merge(self, client: ClientId, _checked: bool = False) -> None:
        """Add what is typed, and put it beside the one that it is."""
        values = self.card.form.values()
        if values is None:
            return
        window = self.card.window()
        self.card.form.finish()
        self.card.close_card()
        self._add(values).then(
            lambda done: MergeCard(
                self.desk, window, (client, done.value),
                lambda into: self.desk.go("clients", client=into),
            )
        )  # fmt: skip

    def _open(self, client: ClientId) -> None:
        self.card.form.leave()
        self.desk.go("clients", client=client)


def open_edit(desk: Desk, over: QWidget, detail: ClientDetail) -> None:
    """Ask for the people and tags that can be chosen, then open the form."""
    desk.ask((over, "people"), list_choosable).then(
        lambda people: desk.ask((over, "tags"), list_tag_names).then(
            lambda tags: _open_edit(desk, over, detail, people, [tag.name for tag in tags])
        )
    )


def _open_edit(
    desk: Desk, over: QWidget, detail: ClientDetail, people: list[Choosable], known: list[str]
) -> None:
    profile = detail.profile

    def save(changes: dict[str, Any]) -> Any:
        custom = take_custom(changes, detail)
        for name in _MAY_BE_UNKNOWN:
            if name in changes:
                changes[name] = changes[name] or ""
        return desk.do(save_client, profile.id, custom=custom, **changes).tell()

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
        [*_fields(people, known, profile), *custom_fields(detail)],
        save,
        place="clients.edit",
        subject=profile.id.hex,
        values=values | {"tags": [tag.name for tag in detail.tags]} | custom_values(detail),
        changes_only=True,
        width=680,
    )


def _fields(people: list[Choosable], known: list[str], profile: ClientProfile) -> list[Any]:
    unknown = tr("Not known")
    return [
        (
            Line("name", ptr("client", "Name"), required=True),
            Choice("kind", tr("Kind"), [(kind, of(kind)) for kind in ClientKind]),
        ),
        (
            Choice("tier", tr("Tier"), [(tier, of(tier)) for tier in Tier]),
            Choice("lifecycle", tr("Lifecycle"), [(one, of(one)) for one in Lifecycle]),
            Choice("owner_id", tr("Owner"), person_options(people), none=tr("Nobody")),
        ),
        Line("caution", tr("Caution: read it before talking to them")),
        Tags("tags", tr("Tags"), known=known),
        Text("goals", tr("Goals"), lines=2),
        Text("about", tr("About"), lines=2),
        (Line("legal_name", tr("Legal name")), Line("tax_number", tr("Tax number"))),
        (
            Line("industry", tr("Industry")),
            Line("website", tr("Website"), check=refusal(check_website)),
        ),
        Line("street", tr("Street")),
        (Line("postal_code", tr("Postal code")), Line("city", tr("City"))),
        (
            Line("province", tr("Province")),
            Choice("country", tr("Country"), places.countries(profile.country), none=unknown),
        ),
        (
            Choice("language", tr("Language"), list(places.SPOKEN), none=unknown),
            Choice("time_zone", tr("Time zone"), places.zones(profile.time_zone), none=unknown),
        ),
        (Day("customer_since", tr("Customer since")), Line("source", tr("Source"))),
    ]
