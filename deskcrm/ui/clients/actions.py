"""What a person can do with clients."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPushButton

from deskcrm.base.words import of, tr
from deskcrm.domain.absences.queries import Choosable, list_choosable
from deskcrm.domain.clients.commands import (
    delete_clients,
    set_lifecycle,
    set_owner,
    set_tier,
)
from deskcrm.domain.clients.model import Lifecycle, Tier
from deskcrm.domain.clients.moving import list_destinations, move_clients
from deskcrm.domain.clients.queries import list_client_ids
from deskcrm.domain.edits.rehearsing import Place
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.tags.commands import tag_clients_by_name
from deskcrm.ui.absences.words import person_options
from deskcrm.ui.client_merges.choosing import open_merge
from deskcrm.ui.clients import forms
from deskcrm.ui.clients.custom import CustomFieldsCard
from deskcrm.ui.clients.paper import save_pdf
from deskcrm.ui.clients.picked import AnyScreen, choose, told
from deskcrm.ui.clients.touch import open_rhythm
from deskcrm.ui.contacts.form import open_contact
from deskcrm.ui.contracts.form import open_contract
from deskcrm.ui.departures.cards import open_return
from deskcrm.ui.edits.actions import declare_edit
from deskcrm.ui.feedback.ask_card import open_ask
from deskcrm.ui.feedback.sending import open_sending
from deskcrm.ui.invoices.cards import open_settling
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.fields import Choice, Line
from deskcrm.ui.kit.list_detail import ListDetail, for_targets, one_selected, some_selected
from deskcrm.ui.playbooks.start import StartCard
from deskcrm.ui.tags.card import TagsCard

if TYPE_CHECKING:
    from deskcrm.ui.clients.screen import ClientsScreen


def _is_leaving(screen: Any) -> bool:
    departure = screen.view.standing.departure
    return one_selected(screen) and departure is not None and departure.id is not None


def _one_or_two(screen: Any) -> bool:
    is_counted = one_selected(screen) and not screen.selection.is_everything
    return is_counted and len(screen.targets()) in (1, 2)


def _is_list(screen: Any) -> bool:
    return isinstance(screen, ListDetail)


def _one_in_list(screen: Any) -> bool:
    return isinstance(screen, ListDetail) and one_selected(screen)


@action("clients.new", "New client", key="N", icon="plus", synonyms="add создать клиент компания")
def new(screen: AnyScreen) -> None:
    """Add a client."""
    forms.open_new(screen.desk, screen, lambda client: screen.desk.go("clients", client=client))


@action(
    "clients.import",
    "Import from a file",
    icon="upload",
    synonyms="csv excel xlsx vcard импорт загрузить таблица",
)
def bring_in(screen: AnyScreen) -> None:
    """Bring in clients from a file."""
    screen.desk.go("imports")


@action("clients.open", "Open in a tab", key="Ctrl+Return", needs=_one_in_list, icon="external")
def open_tab(screen: AnyScreen) -> None:
    """Open the client in a tab of its own."""
    row = screen.row()
    if row is not None:
        screen.desk.go("clients", client=row.id, tab=True)


@action(
    "clients.filter", "Filter…", key="F", needs=_is_list, icon="filter", synonyms="отбор фильтр"
)
def open_filter(screen: "ClientsScreen") -> None:
    """Put a filter together."""
    screen.bar.open_filter()


@action("clients.views", "Views", key="Shift+F", needs=_is_list, icon="star", synonyms="виды")
def open_views(screen: "ClientsScreen") -> None:
    """Offer the filters that were kept under names."""
    screen.bar.open_views()


@action(
    "clients.columns", "Columns", needs=_is_list, icon="settings", synonyms="колонки столбцы fields"
)
def choose_columns(screen: "ClientsScreen") -> None:
    """Choose what the list shows of each client."""
    screen.bar.open_columns()


@action("clients.edit", "Edit…", key="E", needs=one_selected, icon="edit", synonyms="править")
def edit(screen: AnyScreen) -> None:
    """Edit the current client."""
    screen.view.edit()


@action("clients.log", "Log a call…", key="L", needs=one_selected, icon="phone", synonyms="звонок")
def log_call(screen: AnyScreen) -> None:
    """Write down a call with the current client."""
    screen.view.begin_entry(Channel.CALL, Direction.OUTGOING)


@action(
    "clients.ask", "Ask for feedback…", key="Shift+Q", needs=one_selected, icon="feedback",
    synonyms="survey nps csat form анкета опрос оценка",
)  # fmt: skip
def ask(screen: AnyScreen) -> None:
    """Read a form out to the current client, or take one over from paper."""
    row = screen.row()
    if row is not None:
        open_ask(screen.desk, screen, row.id)


@action(
    "clients.send", "Send a form…", key="Shift+S", needs=one_selected, icon="mail",
    synonyms="survey nps csat csi link email анкета ссылка письмо отправить",
)  # fmt: skip
def send(screen: AnyScreen) -> None:
    """Send the current client a form to answer later."""
    row = screen.row()
    if row is not None:
        open_sending(screen.desk, screen, row.id)


@action(
    "clients.note", "Write a note…", key="M", needs=one_selected, icon="note", synonyms="заметка"
)
def write_note(screen: AnyScreen) -> None:
    """Write a note about the current client."""
    screen.view.begin_entry(Channel.NOTE, Direction.NONE)


@action(
    "clients.find", "Find in this story", key="Ctrl+Shift+F", needs=one_selected, icon="search",
    synonyms="search timeline history words найти поиск лента история",
)  # fmt: skip
def find_in_story(screen: AnyScreen) -> None:
    """Find words in what happened with the current client."""
    screen.view.begin_finding()


@action("clients.contact", "Add contact…", key="P", needs=one_selected, icon="person")
def new_contact(screen: AnyScreen) -> None:
    """Add a contact to the current client."""
    open_contact(screen.view, None)


@action("clients.contract", "Add contract…", needs=one_selected, icon="contract")
def new_contract(screen: AnyScreen) -> None:
    """Add a contract to the current client."""
    open_contract(screen.view, None)


@action(
    "clients.invoice", "Add invoice…", key="I", needs=one_selected, icon="money",
    synonyms="bill счёт выставить",
)  # fmt: skip
def new_invoice(screen: AnyScreen) -> None:
    """Add an invoice of the current client."""
    screen.view.standing.add_invoice()


@action(
    "clients.settle", "Invoice paid or written off…", key="Shift+I", needs=one_selected,
    icon="check", synonyms="payment cancel оплата счёт оплачен списать аннулировать",
)  # fmt: skip
def settle_invoice(screen: AnyScreen) -> None:
    """Say what became of an invoice that the current client owes."""
    row = screen.row()
    if row is not None:
        open_settling(screen.desk, screen, row.id, row.name)


@action(
    "clients.leaves", "Client leaves…", key="D", needs=one_selected, icon="flag",
    synonyms="churn left departure notice уход ушёл отток уведомление",
)  # fmt: skip
def note_departure(screen: AnyScreen) -> None:
    """Note that the current client gave notice or left, or put right what is noted."""
    screen.view.standing.note_departure()


@action(
    "clients.stays", "Stays or is back…", key="Shift+D", needs=_is_leaving, icon="undo",
    synonyms="return won back вернулся остаётся",
)  # fmt: skip
def note_return(screen: AnyScreen) -> None:
    """Note that the current client stays after all, or is back."""
    departure = screen.view.standing.departure
    if departure is not None:
        open_return(screen.desk, screen, departure)


@action(
    "clients.playbook", "Start a playbook…", key="B", needs=some_selected, icon="play",
    synonyms="play steps сценарий запустить",
)  # fmt: skip
def start_a_playbook(screen: AnyScreen) -> None:
    """Choose a playbook to start at the picked clients."""
    for_targets(screen, list_client_ids, lambda ids: StartCard(screen.desk, screen, ids))


@action(
    "clients.rhythm", "How often to be in touch…", needs=one_selected, icon="calendar",
    synonyms="touch policy cadence ритм контакты",
)  # fmt: skip
def set_rhythm(screen: AnyScreen) -> None:
    """Give the current client a rhythm of its own, or let it go by the policies."""
    row = screen.row()
    if row is not None:
        open_rhythm(screen.desk, screen, row.id, row.name)


@action(
    "clients.pdf", "Save as PDF…", needs=one_selected, icon="print", synonyms="print печать файл"
)
def save_as_pdf(screen: AnyScreen) -> None:
    """Write the current client's page into a file that can be printed."""
    row = screen.row()
    if row is not None:
        save_pdf(screen.desk, screen, row.id, row.name)


@action("clients.custom_fields", "Custom fields…", icon="settings", synonyms="own поля")
def open_custom_fields(screen: AnyScreen) -> None:
    """Define the fields that the team adds to its clients."""
    CustomFieldsCard(screen.desk, screen)


@action("clients.tags", "Tags…", icon="tag", synonyms="labels merge метки теги")
def open_tags(screen: AnyScreen) -> None:
    """Rename tags, put them together, delete them."""
    TagsCard(screen.desk, screen)


@action(
    "clients.merge", "Merge with…", key="Shift+M", needs=_one_or_two, icon="merge",
    synonyms="join duplicate unite объединить слить дубль",
)  # fmt: skip
def merge(screen: AnyScreen) -> None:
    """Merge the current client with another, or the two that are picked."""
    row = screen.row()
    if row is not None:
        open_merge(screen.desk, screen, screen.targets(), row.name)


@action(
    "clients.duplicates", "Find duplicates", icon="search",
    synonyms="merge twins double дубли повторы",
)  # fmt: skip
def find_duplicates(screen: AnyScreen) -> None:
    """Look for clients that are likely one."""
    screen.desk.go("duplicates")


@action("clients.history", "History", key="H", needs=one_selected, icon="history", synonyms="log")
def history(screen: AnyScreen) -> None:
    """Show who changed what at the current client."""
    screen.view.open_history()


@action(
    "clients.owner", "Hand over…", key="O", needs=some_selected, icon="person", synonyms="owner"
)
def hand_over(screen: AnyScreen) -> None:
    """Give the picked clients to another owner."""
    asked = screen.desk.ask((screen, "people"), list_choosable)
    asked.then(lambda people: _open_owner(screen, people))


def _open_owner(screen: AnyScreen, people: list[Choosable]) -> None:
    options = person_options(people)
    choose(
        screen,
        tr("Hand over"),
        Choice("owner_id", tr("Owner"), options, none=tr("Nobody")),
        lambda ids, value: told(screen, ids, screen.desk.do(set_owner, ids, owner_id=value)),
    )


@action(
    "clients.team",
    "Move to team…",
    needs=some_selected,
    icon="team",
    synonyms="scope отдел команда",
)
def move_to_team(screen: AnyScreen) -> None:
    """Let another team see the picked clients, instead of those who see them now."""
    screen.desk.ask((screen, "teams"), list_destinations).then(
        lambda found: choose(
            screen,
            tr("Move to team"),
            Choice("team_id", tr("Who sees it"), [(one.team_id, one.name) for one in found]),
            lambda ids, value: told(screen, ids, screen.desk.do(move_clients, ids, team_id=value)),
        )
    )


@action("clients.tier", "Set tier…", key="V", needs=some_selected, icon="vip", synonyms="vip")
def change_tier(screen: AnyScreen) -> None:
    """Set how important the picked clients are."""
    choose(
        screen,
        tr("Set tier"),
        Choice("tier", tr("Tier"), [(tier, of(tier)) for tier in Tier]),
        lambda ids, value: told(screen, ids, screen.desk.do(set_tier, ids, tier=value)),
    )


@action("clients.lifecycle", "Set lifecycle…", needs=some_selected, icon="flag", synonyms="churn")
def change_lifecycle(screen: AnyScreen) -> None:
    """Move the picked clients on."""
    choose(
        screen,
        tr("Set lifecycle"),
        Choice("lifecycle", tr("Lifecycle"), [(one, of(one)) for one in Lifecycle]),
        lambda ids, value: told(screen, ids, screen.desk.do(set_lifecycle, ids, lifecycle=value)),
    )


@action("clients.tag", "Add tag…", key="T", needs=some_selected, icon="tag", synonyms="label метка")
def add_tag(screen: AnyScreen) -> None:
    """Put a tag on the picked clients."""
    choose(
        screen,
        tr("Add tag"),
        Line("tag", tr("Tag"), required=True),
        lambda ids, value: told(screen, ids, screen.desk.do(tag_clients_by_name, ids, name=value)),
    )


edit_field = declare_edit(Place.CLIENTS, list_client_ids)


@action(
    "clients.delete", "Delete", key="Del", needs=some_selected, icon="trash", synonyms="удалить"
)
def delete(screen: AnyScreen) -> None:
    """Delete the picked clients; Undo brings them back with all that hangs on them."""
    for_targets(screen, list_client_ids, lambda ids: _delete(screen, ids))


def _delete(screen: AnyScreen, ids: list[Any]) -> None:
    if len(ids) == 1:
        screen.desk.do(delete_clients, ids).tell()
    else:
        told(screen, ids, screen.desk.do(delete_clients, ids))


def bulk_buttons(screen: AnyScreen) -> list[QPushButton]:
    """Make the buttons of the bar that appears when clients are picked."""
    return [
        parts.button(words, partial(run, screen), look="quiet", icon=icon)
        for words, run, icon in (
            (tr("Hand over…"), hand_over, "person"),
            (tr("Team…"), move_to_team, "team"),
            (tr("Tag…"), add_tag, "tag"),
            (tr("Tier…"), change_tier, "vip"),
            (tr("Field…"), edit_field, "edit"),
            (tr("Delete"), delete, "trash"),
        )
    ]
