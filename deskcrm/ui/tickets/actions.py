"""What a person can do with tickets."""

from typing import TYPE_CHECKING, Any

from deskcrm.domain.tickets.commands import (
    claim_ticket,
    reopen_ticket,
)
from deskcrm.domain.tickets.lines import work_on
from deskcrm.domain.tickets.model import MessageKind, SupportLine
from deskcrm.ui.feedback.ask_card import open_ask
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.list_detail import one_selected
from deskcrm.ui.queue.next_card import NextCard
from deskcrm.ui.queue.skips_card import SkipsCard
from deskcrm.ui.tickets import forms, lines, merging

if TYPE_CHECKING:
    from deskcrm.ui.tickets.screen import TicketsScreen


def _settled_selected(screen: Any) -> bool:
    row = screen.row()
    return row is not None and not row.state.is_open


def _unowned_selected(screen: Any) -> bool:
    row = screen.row()
    return row is not None and row.owner_id is None


@action("tickets.new", "New ticket", key="N", icon="plus", synonyms="open создать тикет заявка")
def new(screen: "TicketsScreen") -> None:
    """Open a ticket for a client."""
    forms.open_new(screen.desk, screen, lambda ticket: screen.arrive(ticket=ticket))


@action("tickets.reply", "Reply", key="R", needs=one_selected, icon="mail", synonyms="ответить")
def reply(screen: "TicketsScreen") -> None:
    """Write a reply to the client."""
    screen.compose(MessageKind.PUBLIC_REPLY)


@action(
    "tickets.note", "Internal note", key="M", needs=one_selected, icon="lock", synonyms="заметка"
)
def note(screen: "TicketsScreen") -> None:
    """Write something that only colleagues see."""
    screen.compose(MessageKind.INTERNAL_NOTE)


@action("tickets.heard", "Client wrote", key="W", needs=one_selected, icon="chat")
def heard(screen: "TicketsScreen") -> None:
    """Write down what the client said."""
    screen.compose(MessageKind.CLIENT_WORD)


@action(
    "tickets.ask", "Ask how it went…", key="Shift+Q", needs=one_selected, icon="feedback",
    synonyms="survey csat feedback form анкета опрос оценка",
)  # fmt: skip
def ask(screen: "TicketsScreen") -> None:
    """Read out the form about the current ticket, or take one over from paper."""
    row = screen.row()
    if row is not None:
        open_ask(screen.desk, screen, row.client_id, contact_id=row.contact_id, ticket_id=row.id)


def _has_answer(screen: Any) -> bool:
    return one_selected(screen) and bool(screen.record.suggested.found)


@action(
    "tickets.answer", "Insert answer", key="I", needs=_has_answer, icon="knowledge",
    synonyms="knowledge article faq база знаний статья ответ",
)  # fmt: skip
def answer(screen: "TicketsScreen") -> None:
    """Answer with the article that fits best."""
    screen.open_record()
    screen.record.suggested.take()


@action(
    "tickets.answer_link", "Insert link to answer", key="Ctrl+I", needs=_has_answer, icon="link",
    synonyms="knowledge article url address база знаний статья ссылка адрес",
)  # fmt: skip
def answer_link(screen: "TicketsScreen") -> None:
    """Answer with a link to the article that fits best."""
    screen.open_record()
    screen.record.suggested.take_link()


@action(
    "tickets.template", "Insert template…", key="Ctrl+T", needs=one_selected, icon="template",
    synonyms="canned reply snippet шаблон ответа заготовка",
)  # fmt: skip
def template(screen: "TicketsScreen") -> None:
    """Answer with a reply template, filled in for the client and the ticket."""
    screen.open_record()
    screen.record.composer.choose_template()


@action(
    "tickets.attach", "Attach file…", key="Shift+A", needs=one_selected, icon="attach",
    synonyms="file picture paste файл вложение снимок",
)  # fmt: skip
def attach(screen: "TicketsScreen") -> None:
    """Attach files to the current ticket."""
    screen.record.attach()


@action(
    "tickets.deadline", "Show deadlines…", key="L", needs=one_selected, icon="clock",
    synonyms="sla due срок дедлайн почему",
)  # fmt: skip
def deadline(screen: "TicketsScreen") -> None:
    """Show until when the current ticket is due, and the arithmetic that says so."""
    screen.record.show_deadline()


@action(
    "tickets.next", "Next ticket…", key="G", icon="play",
    synonyms="queue what now следующий очередь что дальше",
)  # fmt: skip
def following(screen: "TicketsScreen") -> None:
    """Show the one ticket that matters most now, and why."""
    NextCard(screen.desk, screen)


@action(
    "tickets.skips", "Skipped tickets…", key="Shift+G", icon="history",
    synonyms="review skips пропущенные",
)  # fmt: skip
def skips(screen: "TicketsScreen") -> None:
    """Show what was skipped, by whom and why."""
    SkipsCard(screen.desk, screen)


@action(
    "tickets.place", "Place in the queue…", key="Q", needs=one_selected, icon="help",
    synonyms="why here order почему место",
)  # fmt: skip
def place(screen: "TicketsScreen") -> None:
    """Show where the current ticket stands in the list, and why."""
    screen.record.show_place()


@action(
    "tickets.take", "Take it", key="T", needs=_unowned_selected, icon="person", synonyms="claim"
)
def take(screen: "TicketsScreen") -> None:
    """Make oneself responsible for the current ticket."""
    row = screen.row()
    if row is not None:
        screen.desk.do(claim_ticket, row.id).tell()


@action(
    "tickets.reopen", "Reopen", key="U", needs=_settled_selected, icon="undo", synonyms="вернуть"
)
def reopen(screen: "TicketsScreen") -> None:
    """Take up a settled ticket again."""
    row = screen.row()
    if row is not None:
        deed = screen.desk.do(reopen_ticket, row.id).tell()
        deed.then(lambda _done: screen.arrive(ticket=row.id))


def _can_escalate(screen: Any) -> bool:
    row = screen.row()
    return row is not None and row.state.is_open and row.line is not SupportLine.THIRD


def _is_escalated(screen: Any) -> bool:
    row = screen.row()
    return row is not None and row.state.is_open and row.line is not SupportLine.FIRST


@action(
    "tickets.escalate", "Escalate…", key="Shift+E", needs=_can_escalate, icon="chevron-up",
    synonyms="line second third эскалировать линия передать выше",
)  # fmt: skip
def escalate(screen: "TicketsScreen") -> None:
    """Ask the next line for help with the current ticket."""
    row = screen.row()
    if row is not None:
        lines.open_escalate(screen.desk, screen, row)


@action(
    "tickets.hand_back", "Hand back…", key="Shift+B", needs=_is_escalated, icon="arrow-left",
    synonyms="line return answer вернуть линия ответ",
)  # fmt: skip
def hand_back(screen: "TicketsScreen") -> None:
    """Give the current ticket back to the line before, with an answer."""
    row = screen.row()
    if row is not None:
        lines.open_hand_back(screen.desk, screen, row)


@action(
    "tickets.work_on", "Work on it", key="Shift+W", needs=_is_escalated, icon="person",
    synonyms="take line взять линия работать",
)  # fmt: skip
def take_on_line(screen: "TicketsScreen") -> None:
    """Be who works on the current ticket on its line."""
    row = screen.row()
    if row is not None:
        screen.desk.do(work_on, row.id).tell()


@action(
    "tickets.watch", "Watch, or stop watching", key="V", needs=one_selected, icon="eye",
    synonyms="follow subscribe следить наблюдать",
)  # fmt: skip
def watch(screen: "TicketsScreen") -> None:
    """Hear of what others do in the current ticket, or no more."""
    screen.record.around.toggle()


@action(
    "tickets.watchers", "Watchers…", key="Shift+V", needs=one_selected, icon="eye",
    synonyms="followers cc наблюдатели",
)  # fmt: skip
def watchers(screen: "TicketsScreen") -> None:
    """Choose who hears of what is done in the current ticket."""
    screen.record.around.open_watchers()


@action(
    "tickets.link", "Link ticket…", key="Shift+L", needs=one_selected, icon="link",
    synonyms="related duplicate blocks связать связь дубль",
)  # fmt: skip
def link(screen: "TicketsScreen") -> None:
    """Say what the current ticket has to do with another."""
    screen.record.around.open_link()


@action("tickets.edit", "Edit…", key="E", needs=one_selected, icon="edit", synonyms="править")
def edit(screen: "TicketsScreen") -> None:
    """Edit the current ticket."""
    if (row := screen.row()) is not None:
        forms.open_edit(screen.desk, screen, row)


@action("tickets.client", "Open client", key="C", needs=one_selected, icon="clients")
def open_client(screen: "TicketsScreen") -> None:
    """Go to the client of the current ticket."""
    row = screen.row()
    if row is not None:
        screen.desk.go("clients", client=row.client_id)


def _is_merged(screen: Any) -> bool:
    return one_selected(screen) and bool(screen.record.home.is_merged)


@action(
    "tickets.part", "Part again", key="Shift+P", needs=_is_merged, icon="split",
    synonyms="unmerge separate разъединить отделить",
)  # fmt: skip
def part(screen: "TicketsScreen") -> None:
    """Let the current ticket, which was merged into another, be read by itself again."""
    screen.record.home.part()


@action(
    "tickets.split", "Split…", key="Shift+S", needs=one_selected, icon="split",
    synonyms="separate divide разделить отделить",
)  # fmt: skip
def split(screen: "TicketsScreen") -> None:
    """Put some of what was said in the current ticket into a new one."""
    row = screen.row()
    if row is not None:
        merging.open_split(screen, row)
