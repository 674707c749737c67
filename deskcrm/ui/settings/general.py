"""How the program looks and speaks, what calls do, and the rules of the workspace."""

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QLineEdit

from deskcrm.base import places, words
from deskcrm.base.errors import UserError
from deskcrm.base.settings import AnySetting, Scope, all_settings
from deskcrm.base.words import tr
from deskcrm.domain.contacts import phones
from deskcrm.domain.contacts.settings import PHONE_REGION
from deskcrm.domain.feedback.settings import LINK_ADDRESS
from deskcrm.domain.knowledge.settings import BASE_ADDRESS
from deskcrm.domain.sample.queries import find_sample
from deskcrm.domain.users.commands import edit_user
from deskcrm.domain.users.model import UserId
from deskcrm.domain.users.queries import UserRow, get_me
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.settings.rows import CONTROL_WIDTH, Card, Row, choice, scope_words, setting_row
from deskcrm.ui.shell import links
from deskcrm.ui.shell.appearance import DENSITY, LANGUAGE, THEME
from deskcrm.ui.shell.staying import STAY_IN_TRAY

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window

_OWN_PLACE: Final = frozenset(
    {LANGUAGE.key, THEME.key, DENSITY.key, PHONE_REGION.key, STAY_IN_TRAY.key}
)
_NOT_SHOWN: Final = ("notices.", "window.", "workspace.")


def cards(desk: Desk, window: "Window") -> list[Card]:
    """Build the section of looks and language."""
    look = Card(tr("Appearance and language"), tr("Everything changes at once, without a restart."))
    look.add(setting_row(desk, LANGUAGE))
    look.add(setting_row(desk, THEME))
    look.add(setting_row(desk, DENSITY, tr("Compact shows more rows on a small screen.")))
    me = Card(tr("You"))
    me.add(_name_row(desk))
    program = Card(tr("Window"))
    program.add(
        setting_row(
            desk, STAY_IN_TRAY, tr("Calls then still open their card. Quit from the tray’s menu.")
        )
    )
    return [look, me, program, _sample_card(window)]


def call_cards(desk: Desk, window: "Window") -> list[Card]:
    """Build the section of phone numbers and links."""
    numbers = Card(tr("Phone numbers"))
    numbers.add(_region_row(desk))
    opened = Card(tr("Links"), links.how_it_works())
    opened.add(_links_row(desk, window))
    return [numbers, opened]


def rule_cards(desk: Desk) -> list[Card]:
    """Build the section of every other declared setting, grouped by feature."""
    groups: dict[str, list[AnySetting]] = {}
    for setting in all_settings():
        if setting.key not in _OWN_PLACE and not setting.key.startswith(_NOT_SHOWN):
            groups.setdefault(setting.key.partition(".")[0], []).append(setting)
    made = []
    for feature, settings in groups.items():
        # What holds for all that stands in a card is said once, above it.
        is_shared = all(setting.scope is Scope.SHARED for setting in settings)
        about = scope_words(Scope.SHARED) if is_shared else ""
        card = Card(_features().get(feature) or words.of_column(feature), about)
        for setting in settings:
            said = _explained().get(setting.key, "" if is_shared else None)
            card.add(setting_row(desk, setting, said))
        made.append(card)
    return made or [Card(tr("Rules"), tr("There are no rules to set yet."))]


def _features() -> dict[str, str]:
    """Name the features that have rules."""
    return {
        "attachments": tr("Attachments"),
        "clients": tr("Clients"),
        "contacts": tr("Contacts"),
        "contracts": tr("Contracts"),
        "feedback": tr("Feedback"),
        "interactions": tr("Interactions"),
        "knowledge": tr("Knowledge"),
        "metrics": tr("Reports"),
        "promises": tr("Promises"),
        "queue": tr("Queue"),
        "rights": tr("Rights"),
        "sla": tr("Service levels"),
        "tasks": tr("Tasks"),
        "tickets": tr("Tickets"),
        "today": tr("Today"),
    }


def _explained() -> dict[str, str]:
    """Say more of the settings whose name does not say it all."""
    example = "https://help.example.com/{language}/{id}"
    return {
        BASE_ADDRESS.key: tr(
            "Clients are given links to it. {example}: the language and the article are filled in.",
            example=example,
        ),
        LINK_ADDRESS.key: tr(
            "Where clients reach the server, if not at the address that workstations connect to."
        ),
    }


def _name_row(desk: Desk) -> Row:
    line = QLineEdit()
    line.setFixedWidth(CONTROL_WIDTH)
    line.setAccessibleName(tr("Your name"))
    row = Row(tr("Your name"), tr("As colleagues see it on what you do."), line)

    def show(me: UserRow | None) -> None:
        if me is not None:
            line.setText(me.name)

    def save() -> None:
        me = UserId(desk.store.actor)
        if line.isModified():
            desk.do(edit_user, me, name=line.text()).tell()
            line.setModified(False)

    line.editingFinished.connect(save)
    desk.ask(row, get_me).then(show)
    return row


def _sample_card(window: "Window") -> Card:
    card = Card(tr("Sample workspace"))
    button = parts.button(tr("Remove the sample"), lambda: window.run("sample.remove"))
    row = Row(
        tr("Invented clients"), tr("What you added yourself stays. It can be undone."), button
    )

    def show(step: int | None) -> None:
        button.setEnabled(step is not None)
        if step is None:
            row.say(tr("There are none here."))

    window.desk.ask(row, find_sample).then(show)
    card.add(row)
    return card


def _region_row(desk: Desk) -> Row:
    now = desk.setting(PHONE_REGION)
    known = [one for one in places.countries() if phones.is_region(one[0]) or one[0] == now]
    box = choice(known, now, lambda code: desk.setting(PHONE_REGION, code))
    box.setAccessibleName(tr(PHONE_REGION.label))
    about = tr("A number written without + is one of this country.")
    return Row(tr(PHONE_REGION.label), f"{about} {scope_words(PHONE_REGION.scope)}", box)


def _links_row(desk: Desk, window: "Window") -> Row:
    button = parts.button("")
    row = Row(tr("Open tel: and deskcrm: links with DeskCRM"), "", button)
    button.setEnabled(links.can_register())

    def refresh() -> None:
        on = links.is_registered()
        button.setText(tr("Stop opening links") if on else tr("Open links here"))
        button.setAccessibleName(button.text())
        row.say(tr("Links open here now.") if on else tr("Links do not open here now."))

    def toggle() -> None:
        try:
            if links.is_registered():
                links.unregister()
            else:
                links.register(window.opened.profile)
        except UserError as error:
            desk.complain(error)
        refresh()

    button.clicked.connect(toggle)
    refresh()
    return row
