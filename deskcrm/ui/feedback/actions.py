"""What a person can do with answers, suggestions and forms."""

from functools import partial
from typing import TYPE_CHECKING, Any

from deskcrm.base.words import of, tr
from deskcrm.domain.feedback.commands import (
    close_loop,
    delete_response,
    let_be_asked,
    never_ask,
    reopen_loop,
)
from deskcrm.domain.feedback.forms import (
    add_shipped_forms,
    delete_form,
    retire_form,
    take_up_form,
)
from deskcrm.domain.feedback.model import ResponseState
from deskcrm.domain.feedback.queries import FormRow
from deskcrm.domain.feedback.responses import ResponseRow
from deskcrm.domain.suggestions.commands import (
    add_suggestion,
    add_vote,
    delete_suggestion,
    edit_suggestion,
    mark_told,
    merge_suggestions,
    part_suggestion,
    pass_over_answers,
    set_state,
)
from deskcrm.domain.suggestions.model import SuggestionId, SuggestionState
from deskcrm.domain.suggestions.queries import SuggestionRow, Wish, list_suggestions
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.feedback.form_editor import open_editor
from deskcrm.ui.feedback.preview import PreviewCard
from deskcrm.ui.feedback.sending import open_by_code, open_invitation
from deskcrm.ui.feedback.writing import open_answers
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.fields import Check, Choice, Line, Text
from deskcrm.ui.lookup.whose import Whose, read_ids

if TYPE_CHECKING:
    from deskcrm.ui.feedback.screen import FeedbackScreen


def _is(*kinds: type) -> Any:
    return lambda screen: isinstance(screen.row(), kinds)


def _has_open(screen: Any) -> bool:
    row = screen.row()
    return isinstance(row, ResponseRow) and bool(row.open)


def _has_closed(screen: Any) -> bool:
    row = screen.row()
    return isinstance(row, ResponseRow) and any(one.closed_at for one in row.low)


@action(
    "feedback.close", "Mark as followed up…", key="C", needs=_has_open, icon="check",
    synonyms="close loop done told обратная связь закрыть отработать",
)  # fmt: skip
def close(screen: "FeedbackScreen") -> None:
    """Say what was done about the low answers, and whether the client was told."""
    row = screen.row()
    if not isinstance(row, ResponseRow):
        return
    ids = [one.id for one in row.open]
    FormCard(
        screen.desk, screen, tr("What was done?"),
        [
            Text("outcome", tr("In a sentence; the client may ask"), lines=2, required=True),
            Check("is_client_told", tr("The client was told")),
        ],
        lambda values: screen.desk.do(close_loop, ids, **values).tell(),
        place="feedback.close", subject=row.id.hex, button=tr("Mark as followed up"),
        about=row.client, width=460,
    )  # fmt: skip


@action("feedback.reopen", "Follow up again", needs=_has_closed, icon="undo")
def reopen(screen: "FeedbackScreen") -> None:
    """Take it that something has still to be done."""
    row = screen.row()
    if isinstance(row, ResponseRow):
        screen.desk.do(reopen_loop, [one.id for one in row.low]).tell()


@action(
    "feedback.edit", "Edit…", key="E", needs=_is(ResponseRow, SuggestionRow, FormRow),
    icon="edit", synonyms="correct править исправить",
)  # fmt: skip
def edit(screen: "FeedbackScreen") -> None:
    """Correct answers, reword a suggestion, or write the next version of a form."""
    row = screen.row()
    if isinstance(row, ResponseRow) and row.state is not ResponseState.DECLINED:
        open_answers(screen.desk, screen, row)
    elif isinstance(row, SuggestionRow):
        _edit_suggestion(screen, row)
    elif isinstance(row, FormRow):
        open_editor(screen.desk, screen, row)


def _edit_suggestion(screen: "FeedbackScreen", row: SuggestionRow) -> None:
    FormCard(
        screen.desk, screen, tr("Edit suggestion"), _wording(),
        lambda values: screen.desk.do(edit_suggestion, row.id, **values).tell(),
        place="feedback.edit_suggestion", subject=row.id.hex,
        values={"title": row.title, "text": row.text},
    )  # fmt: skip


@action(
    "feedback.new", "New suggestion or form…", key="N", icon="plus",
    synonyms="create создать предложение анкета",
)  # fmt: skip
def new(screen: "FeedbackScreen") -> None:
    """Write a form where forms are listed; anywhere else a suggestion."""
    if screen.shows_forms:
        open_editor(screen.desk, screen, None)
        return

    def save(values: dict[str, Any]) -> Any:
        client, contact = read_ids(values.pop("client"))
        return screen.desk.do(
            add_suggestion, client_id=client, contact_id=contact, **values
        ).tell()  # fmt: skip

    FormCard(
        screen.desk, screen, tr("New suggestion"), [*_wording(), Whose(screen.desk)], save,
        place="feedback.new_suggestion", button=tr("Add suggestion"),
    )  # fmt: skip


def _wording() -> list[Any]:
    return [
        Line("title", tr("What is wished for"), required=True),
        Text("text", tr("What it would be good for"), lines=3),
    ]


@action(
    "feedback.suggest", "Make suggestion…", key="S", needs=_is(Wish, ResponseRow), icon="star",
    synonyms="wish idea предложение пожелание",
)  # fmt: skip
def suggest(screen: "FeedbackScreen") -> None:
    """Add what was said to a suggestion that there is, or make one of it."""
    asked = screen.desk.ask((screen, "suggestions"), list_suggestions)
    asked.then(partial(_suggest, screen))


def _suggest(screen: "FeedbackScreen", known: list[SuggestionRow]) -> None:
    row = screen.row()
    if not isinstance(row, Wish | ResponseRow):
        return
    source = _source_of(row)

    def save(values: dict[str, Any]) -> Any:
        chosen = values["suggestion"]
        words = {**source, "words": values["words"]}
        if chosen is not None:
            return screen.desk.do(add_vote, SuggestionId(chosen), row.client_id, **words).tell()
        title = values["title"] or values["words"].splitlines()[0][:80]
        return screen.desk.do(
            add_suggestion, title=title, client_id=row.client_id, **words
        ).tell()  # fmt: skip

    FormCard(
        screen.desk, screen, tr("Make suggestion"),
        [
            Text("words", tr("What they said"), lines=2, required=True),
            Choice("suggestion", tr("Which suggestion"), [(one.id, one.title) for one in known],
                   none=tr("A new one")),
            Line("title", tr("Title of the new one"),
                 hint=tr("If left empty, it is taken from what they said.")),
        ],
        save, place="feedback.suggest", subject=row.id.hex, values={"words": row.words},
        about=row.client, button=tr("Add suggestion"),
    )  # fmt: skip


def _source_of(row: Wish | ResponseRow) -> dict[str, Any]:
    if isinstance(row, Wish):
        return {
            "contact_id": row.contact_id, "answer_id": row.answer_id, "ticket_id": row.ticket_id,
        }  # fmt: skip
    said = next((one.id for one in row.answers if one.text), None)
    return {"contact_id": row.contact_id, "answer_id": said}


@action("feedback.pass_over", "No suggestion", key="P", needs=_is(Wish), icon="close")
def pass_over(screen: "FeedbackScreen") -> None:
    """Take it that an answer wishes for nothing."""
    row = screen.row()
    if isinstance(row, Wish) and row.answer_id is not None:
        screen.desk.do(pass_over_answers, [row.answer_id]).tell()


@action(
    "feedback.decide", "What becomes of it…", key="B", needs=_is(SuggestionRow), icon="flag",
    synonyms="state planned declined состояние решить",
)  # fmt: skip
def decide(screen: "FeedbackScreen") -> None:
    """Say what becomes of a suggestion, and open the tasks to tell the clients."""
    row = screen.row()
    if not isinstance(row, SuggestionRow):
        return
    FormCard(
        screen.desk, screen, tr("What becomes of “{title}”", title=row.title),
        [
            Choice("state", tr("State"), [(one, of(one)) for one in SuggestionState]),
            Text("reply", tr("What the clients are to hear"), lines=3),
            Check("opens_tasks", tr("Open a task to tell each client")),
        ],
        lambda values: screen.desk.do(set_state, row.id, **values).tell(),
        place="feedback.decide", subject=row.id.hex, button=tr("Announce"),
        values={"state": row.state, "reply": row.reply, "opens_tasks": True},
    )  # fmt: skip


@action("feedback.vote", "Add client…", key="V", needs=_is(SuggestionRow), icon="plus")
def vote(screen: "FeedbackScreen") -> None:
    """Note that another client wishes for the same."""
    row = screen.row()
    if not isinstance(row, SuggestionRow):
        return

    def save(values: dict[str, Any]) -> Any:
        client, contact = read_ids(values["client"])
        assert client is not None  # the field is required
        words = values["words"]
        return screen.desk.do(add_vote, row.id, client, contact_id=contact, words=words).tell()

    FormCard(
        screen.desk, screen, tr("Add client"),
        [Whose(screen.desk, required=True), Text("words", tr("What they said"), lines=2)],
        save, place="feedback.vote", subject=row.id.hex, about=row.title, button=tr("Add client"),
    )  # fmt: skip


@action("feedback.told", "All were told", key="T", needs=_is(SuggestionRow), icon="mail")
def told(screen: "FeedbackScreen") -> None:
    """Note that every client has heard what became of it."""
    waiting = [one.id for one in screen.record.votes if one.is_to_tell]
    if waiting:
        screen.desk.do(mark_told, waiting).tell()
    else:
        screen.desk.tell(tr("Nobody has to hear of it."))


@action("feedback.merge", "Merge into…", key="G", needs=_is(SuggestionRow), icon="merge")
def merge(screen: "FeedbackScreen") -> None:
    """Let a suggestion be read in another that wishes for the same."""
    screen.desk.ask((screen, "merge"), list_suggestions).then(partial(_merge, screen))


def _merge(screen: "FeedbackScreen", known: list[SuggestionRow]) -> None:
    row = screen.row()
    if not isinstance(row, SuggestionRow):
        return
    others = [(one.id, one.title) for one in known if one.id != row.id]
    if not others:
        screen.desk.tell(tr("There is no other suggestion."))
        return
    FormCard(
        screen.desk, screen, tr("Merge “{title}”", title=row.title),
        [Choice("into_id", tr("Into"), others, required=True)],
        lambda values: screen.desk.do(merge_suggestions, [row.id], **values).tell(),
        place="feedback.merge", subject=row.id.hex, button=tr("Merge"), width=460,
    )  # fmt: skip


def part(screen: "FeedbackScreen", suggestion_id: SuggestionId) -> None:
    """Let a suggestion stand by itself again."""
    screen.desk.do(part_suggestion, suggestion_id).tell()


def _is_sent(screen: Any) -> bool:
    row = screen.row()
    return isinstance(row, ResponseRow) and row.state is ResponseState.SENT


@action(
    "feedback.message", "Message to send…", key="M", needs=_is_sent, icon="mail",
    synonyms="link text copy письмо ссылка текст",
)  # fmt: skip
def message(screen: "FeedbackScreen") -> None:
    """Show the text of a form that was sent, to be pasted into a letter or a messenger."""
    row = screen.row()
    if isinstance(row, ResponseRow):
        open_invitation(screen.desk, screen, row.id, row.client)


@action(
    "feedback.code", "Enter answers by code…", key="Shift+E", icon="search",
    synonyms="reply link код ответ письмо",
)  # fmt: skip
def by_code(screen: "FeedbackScreen") -> None:
    """Find the form that a reply answers by the code in it, and write the answers down."""
    open_by_code(screen.desk, screen)


@action(
    "feedback.never", "Never ask again, or ask again", key="Shift+X", needs=_is(ResponseRow),
    icon="close", synonyms="opt out unsubscribe больше не спрашивать отказ",
)  # fmt: skip
def never(screen: "FeedbackScreen") -> None:
    """Ask whoever was asked never again; or take that back."""
    row = screen.row()
    if isinstance(row, ResponseRow):
        screen.desk.do(let_be_asked if row.never_again else never_ask, row.id).tell()


@action(
    "feedback.client", "Open client", key="O", needs=_is(Wish, ResponseRow), icon="external",
    synonyms="клиент",
)  # fmt: skip
def client(screen: "FeedbackScreen") -> None:
    """Go to the client who said it."""
    row = screen.row()
    if isinstance(row, Wish | ResponseRow):
        screen.desk.go("clients", client=row.client_id)


@action("feedback.preview", "Read as it is asked", key="R", needs=_is(FormRow), icon="eye")
def preview(screen: "FeedbackScreen") -> None:
    """Go through a form as it is read out; nothing is kept."""
    row = screen.row()
    if isinstance(row, FormRow):
        PreviewCard(screen, row)


@action("feedback.retire", "Retire or use again", needs=_is(FormRow), icon="archive")
def retire(screen: "FeedbackScreen") -> None:
    """Ask nobody with a form any more, or ask with it again."""
    row = screen.row()
    if isinstance(row, FormRow):
        screen.desk.do(retire_form if row.retired_at is None else take_up_form, row.id).tell()


@action("feedback.standard", "Add standard forms", icon="download", synonyms="стандартные анкеты")
def standard(screen: "FeedbackScreen") -> None:
    """Add the forms that come with the program."""
    screen.desk.do(add_shipped_forms).tell()


@action(
    "feedback.delete", "Delete", key="Del", needs=_is(ResponseRow, SuggestionRow, FormRow),
    icon="trash", synonyms="удалить",
)  # fmt: skip
def delete(screen: "FeedbackScreen") -> None:
    """Delete what should not be there; Undo brings it back."""
    row = screen.row()
    if isinstance(row, ResponseRow):
        screen.desk.do(delete_response, row.id).tell()
    elif isinstance(row, SuggestionRow):
        screen.desk.do(delete_suggestion, row.id).tell()
    elif isinstance(row, FormRow):
        screen.desk.do(delete_form, row.id).tell()
