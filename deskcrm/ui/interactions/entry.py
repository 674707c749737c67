"""How one entry of a client's timeline is said and marked."""

from typing import Final

from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.entries import TimelineEntry
from deskcrm.domain.interactions.model import Outcome, Sentiment
from deskcrm.domain.interactions.timeline import EntryKind
from deskcrm.domain.knowledge.addresses import readable
from deskcrm.domain.promises.model import PromiseState
from deskcrm.domain.tickets.model import MessageKind
from deskcrm.ui.interactions.ways import way_words
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.timeline_entry import Entry
from deskcrm.ui.kit.tokens import Tone

CHANNEL_ICONS: Final = {
    Channel.CALL: "phone",
    Channel.EMAIL: "mail",
    Channel.CHAT: "chat",
    Channel.SOCIAL: "chat",
    Channel.MEETING: "meeting",
    Channel.VIDEO: "video",
    Channel.VISIT: "visit",
    Channel.PORTAL: "portal",
    Channel.NOTE: "note",
}
_SENTIMENTS: Final = {Sentiment.POSITIVE: Tone.OK, Sentiment.NEGATIVE: Tone.DANGER}


def as_entry(row: TimelineEntry) -> Entry:
    """Turn a row into what the timeline paints."""
    return Entry(
        id=(row.kind, row.id),
        title=_title(row),
        meta=_meta(row),
        body=readable(row.text),
        icon=_icon(row),
        tone=_tone(row),
        chips=tuple(_chips(row)),
        when=dates.clock_time(row.at),
        at=row.at,
        group=dates.long_day(dates.local(row.at).date()),
    )


def _title(row: TimelineEntry) -> str:
    match row.kind:
        case EntryKind.TICKET_MESSAGE | EntryKind.TICKET_STEP:
            number = f"#{row.ticket_number} " if row.ticket_number else ""
            return f"{number}{row.title}"
        case EntryKind.TASK_DONE:
            return tr("Done: {task}", task=row.title)
        case EntryKind.PROMISE_MADE:
            return tr("Promised: {promise}", promise=row.title)
        case EntryKind.PROMISE_SETTLED:
            return row.title
        case _:
            return row.title or (of(row.channel) if row.channel else "")


def _meta(row: TimelineEntry) -> str:
    said = []
    if row.kind is EntryKind.INTERACTION and row.channel is not None:
        way = way_words(row.channel, row.direction)
        said += [way] if way != _title(row) else []  # "Note" is not said twice
    if row.kind is EntryKind.TICKET_MESSAGE and row.message is not None:
        words = {
            MessageKind.CLIENT_WORD: tr("Client wrote"),
            MessageKind.PUBLIC_REPLY: tr("Reply to the client"),
        }
        said.append(words.get(row.message) or of(row.message))
    if row.kind is EntryKind.SURVEY_ANSWERED and row.state is not None:
        said.append(of(row.state))
    said += [name for name in (row.contact, row.person) if name]
    said += [name for name in row.participants if name not in said]
    if row.duration_seconds:
        said.append(dates.duration(row.duration_seconds))
    if row.is_corrected:
        said.append(tr("corrected"))
    return " · ".join(said)


def _icon(row: TimelineEntry) -> str:
    match row.kind:
        case EntryKind.TICKET_MESSAGE | EntryKind.TICKET_STEP:
            return "tickets"
        case EntryKind.TASK_DONE:
            return "check"
        case EntryKind.PROMISE_MADE | EntryKind.PROMISE_SETTLED:
            return "promise"
        case EntryKind.SURVEY_ANSWERED:
            return "feedback"
    if row.channel is Channel.CALL:
        return "phone-in" if row.direction is Direction.INCOMING else "phone-out"
    return CHANNEL_ICONS[row.channel] if row.channel else "note"


def _tone(row: TimelineEntry) -> Tone:
    if row.kind is EntryKind.PROMISE_SETTLED:
        return Tone.OK if row.state is PromiseState.KEPT else Tone.DANGER
    if row.kind is EntryKind.SURVEY_ANSWERED:
        return Tone.ACCENT
    if row.message is MessageKind.CLIENT_WORD or row.direction is Direction.INCOMING:
        return Tone.ACCENT
    return Tone.NEUTRAL


def _chips(row: TimelineEntry) -> list[Chip]:
    chips = []
    if row.is_new:
        chips.append(Chip(ptr("Timeline", "New"), Tone.ACCENT))
    if row.kind is EntryKind.TICKET_STEP and row.state is not None:
        words = tr("Reopened") if row.is_reopening else of(row.state)
        chips.append(Chip(words, Tone.WARNING if row.is_reopening else Tone.NEUTRAL))
    if row.kind is EntryKind.PROMISE_SETTLED and row.state is not None:
        chips.append(Chip(of(row.state), _tone(row), "promise"))
    if row.outcome in (Outcome.NO_ANSWER, Outcome.LEFT_MESSAGE):
        chips.append(Chip(of(row.outcome), Tone.WARNING))
    if row.sentiment in _SENTIMENTS:
        chips.append(Chip(of(row.sentiment), _SENTIMENTS[row.sentiment]))
    if row.attachments:
        chips.append(Chip(dates.number(row.attachments), Tone.NEUTRAL, "attach"))
    return chips
