"""What stands beside the list: one response, wish, suggestion or form, and what can be done."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base.words import language, of, ptr, tr
from deskcrm.domain.feedback.answers import Given
from deskcrm.domain.feedback.model import ResponseState
from deskcrm.domain.feedback.queries import FormRow, list_versions
from deskcrm.domain.feedback.questions import Question, name_of, option_named, said_in
from deskcrm.domain.feedback.responses import AnswerRow, ResponseRow
from deskcrm.domain.suggestions.queries import (
    SuggestionRow,
    VoteRow,
    Wish,
    list_merged,
    list_votes,
)
from deskcrm.domain.tasks.model import TaskState
from deskcrm.ui.feedback.lines import (
    STATE_TONES,
    WAY_ICONS,
    Line,
    number_chip,
    to_tell_words,
    worth_words,
)
from deskcrm.ui.feedback.question_view import answer_words
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip, ChipRow
from deskcrm.ui.kit.deed_bar import DeedBar
from deskcrm.ui.kit.elided_button import ElidedButton
from deskcrm.ui.kit.scroll import Scroll
from deskcrm.ui.kit.tokens import Tone

if TYPE_CHECKING:
    from deskcrm.ui.feedback.screen import FeedbackScreen

Deed = tuple[str, str, Callable[..., object]]


class FeedbackRecord(QWidget):
    """``show_line`` shows a row of whatever kind; its buttons are the screen's actions."""

    def __init__(self, screen: "FeedbackScreen") -> None:
        super().__init__()
        self.screen_ = screen
        self.votes: Sequence[VoteRow] = ()
        self.inside = QWidget()
        self.body = QVBoxLayout(self.inside)
        self.body.setContentsMargins(24, 20, 16, 20)
        self.body.setSpacing(8)
        self.setLayout(parts.column(Scroll(self.inside)))

    def show_line(self, row: Line) -> None:
        """Show a row at once; what belongs to it follows."""
        parts.clear(self.body)
        self.votes = ()
        match row:
            case ResponseRow():
                self._show_response(row)
            case Wish():
                self._show_wish(row)
            case SuggestionRow():
                self._show_suggestion(row)
            case FormRow():
                self._show_form(row)
        self.body.addStretch(1)

    def _head(self, title: str, chips: Sequence[Chip], deeds: Sequence[Deed]) -> None:
        heading = parts.label(title, "display", wrap=True, select=True)
        heading.setAccessibleName(title)
        self.body.addWidget(heading)
        marks = ChipRow()
        marks.set_chips(list(chips))
        self.body.addWidget(marks)
        self.body.addWidget(DeedBar(self.screen_, *deeds))
        self.body.addSpacing(6)

    def _caption(self, text: str) -> None:
        self.body.addSpacing(10)
        self.body.addWidget(parts.label(text, "caption"))

    def _say(self, text: str, role: str = "") -> None:
        self.body.addWidget(parts.label(text, role, wrap=True, select=True))

    def _link(self, text: str, run: Callable[[], object], icon: str = "") -> None:
        self.body.addLayout(parts.flush(ElidedButton(text, run, icon=icon)))

    # Responses.

    def _show_response(self, row: ResponseRow) -> None:
        from deskcrm.ui.feedback import actions

        deeds: list[Deed] = []
        if row.open:
            deeds.append((tr("Mark as followed up…"), "check", actions.close))
        elif row.low:
            deeds.append((tr("Follow up again"), "undo", actions.reopen))
        if row.state is ResponseState.SENT:
            deeds.append((tr("Write down answers…"), "edit", actions.edit))
            deeds.append((tr("Message to send…"), "mail", actions.message))
        if row.state is ResponseState.ANSWERED:
            deeds.append((tr("Correct…"), "edit", actions.edit))
            deeds.append((tr("Make suggestion…"), "star", actions.suggest))
        deeds.append((tr("Open client"), "external", actions.client))
        again = tr("May be asked again") if row.never_again else tr("Never ask again")
        deeds.append((again, "undo" if row.never_again else "close", actions.never))
        self._head(row.client, _about(row), deeds)
        for said in _told(row):
            self._say(said, "muted")
        for answer in row.answers:
            self._show_answer(answer)

    def _show_answer(self, answer: AnswerRow) -> None:
        spoken = language()
        asked = said_in(answer.question, "text", spoken)
        option = option_named(answer.question, answer.row_key) if answer.row_key else None
        if option is not None:
            asked = f"{asked} {said_in(option, 'text', spoken)}"
        self._caption(asked)
        if answer.number is not None:
            marks = ChipRow()
            marks.set_chips([number_chip(answer)])
            self.body.addWidget(marks)
        else:
            given = Given("", choices=answer.choices, text=answer.text)
            self._say(answer_words(answer.question, given, spoken))
        if answer.is_low:
            self._say(_follow_up_words(answer), "muted")
            if answer.task_state is TaskState.OPEN:
                go = partial(self.screen_.desk.go, "tasks", task=answer.task_id)
                self._link(tr("Open the follow-up"), go, "tasks")

    # Wishes and suggestions.

    def _show_wish(self, row: Wish) -> None:
        from deskcrm.ui.feedback import actions

        deeds: list[Deed] = [(tr("Make suggestion…"), "star", actions.suggest)]
        if row.answer_id is not None:
            deeds.append((tr("No suggestion"), "close", actions.pass_over))
        deeds.append((tr("Open client"), "external", actions.client))
        source = tr("Answer") if row.answer_id is not None else tr("Ticket")
        self._head(row.client, [Chip(source), Chip(dates.ago(row.said_at))], deeds)
        self._say(row.words)

    def _show_suggestion(self, row: SuggestionRow) -> None:
        from deskcrm.ui.feedback import actions

        chips = [Chip(of(row.state), STATE_TONES[row.state])]
        if row.to_tell:
            chips.append(Chip(to_tell_words(row.to_tell), Tone.WARNING, "mail"))
        deeds: list[Deed] = [
            (tr("What becomes of it…"), "flag", actions.decide),
            (tr("Add client…"), "plus", actions.vote),
            (tr("Merge into…"), "merge", actions.merge),
            (tr("Edit…"), "edit", actions.edit),
        ]
        if row.to_tell:
            deeds.insert(2, (tr("All were told"), "mail", actions.told))
        self._head(row.title, chips, deeds)
        if row.text:
            self._say(row.text)
        if row.reply:
            self._caption(tr("What became of it"))
            self._say(row.reply)
        desk, more = self.screen_.desk, QVBoxLayout()
        more.setSpacing(6)
        self.body.addSpacing(10)  # as before any other caption
        self.body.addLayout(more)
        worth = worth_words(row.worth)
        desk.ask((self, "votes"), list_votes, row.id).then(partial(self._show_votes, more, worth))
        desk.ask((self, "merged"), list_merged, row.id).then(self._show_merged)

    def _show_votes(self, more: QVBoxLayout, worth: str, votes: Sequence[VoteRow]) -> None:
        self.votes = votes
        head = tr("Who wishes for it")
        more.addWidget(parts.label(f"{head} · {worth}" if worth else head, "caption"))
        if not votes:
            more.addWidget(parts.label(tr("Nobody yet."), "muted"))
        for vote in votes:
            go = partial(self.screen_.desk.go, "clients", client=vote.client_id)
            more.addLayout(parts.flush(ElidedButton(vote.client, go, icon="company")))
            said = [
                one for one in (vote.contact, worth_words(vote.worth), _told_words(vote)) if one
            ]
            more.addWidget(parts.label(" · ".join(said), "muted", wrap=True))
            if vote.words:
                more.addWidget(
                    parts.label(tr("“{words}”", words=vote.words), wrap=True, select=True)
                )

    def _show_merged(self, merged: Sequence[tuple[Any, str]]) -> None:
        from deskcrm.ui.feedback import actions

        for suggestion_id, title in merged:
            words = tr("Part “{title}” again", title=title)
            run = partial(actions.part, self.screen_, suggestion_id)
            self.body.insertLayout(self.body.count() - 1, parts.flush(
                ElidedButton(words, run, icon="split")
            ))  # fmt: skip

    # Forms.

    def _show_form(self, row: FormRow) -> None:
        from deskcrm.ui.feedback import actions

        is_resting = row.retired_at is not None
        rest = tr("Use again") if is_resting else ptr("feedback", "Retire")
        chips = [Chip(tr("Version {n}", n=row.version))]
        if is_resting:
            chips.append(Chip(tr("Retired"), Tone.WARNING, "archive"))
        self._head(
            row.name, chips,
            [
                (tr("New version…"), "edit", actions.edit),
                (tr("Read it as it is asked"), "eye", actions.preview),
                (rest, "undo" if is_resting else "archive", actions.retire),
            ],
        )  # fmt: skip
        opening = row.opening_ru if language() == "ru" else row.opening_en
        if opening:
            self._say(tr("“{words}”", words=opening), "muted")
        for at, question in enumerate(row.questions, start=1):
            self._caption(f"{at}. {_kind_words(question)}")
            self._say(name_of(question))
        versions = self.screen_.desk.ask((self, "versions"), list_versions, row.family_id)
        versions.then(self._show_versions)

    def _show_versions(self, versions: Sequence[FormRow]) -> None:
        if len(versions) < 2:
            return
        at = self.body.count() - 1
        self.body.insertWidget(at, parts.label(tr("Versions"), "caption"))
        for one in versions:
            said = tr("Version {n}", n=one.version)
            more = [said, dates.full(one.created_at), one.note]
            text = " · ".join(part for part in more if part)
            at += 1
            self.body.insertWidget(at, parts.label(text, "muted", wrap=True))


def _about(row: ResponseRow) -> list[Chip]:
    found = [Chip(of(row.way), Tone.NEUTRAL, WAY_ICONS[row.way.value])]
    if row.state is not ResponseState.ANSWERED:
        found.insert(0, Chip(of(row.state), Tone.INFO))
    if row.never_again:
        found.append(Chip(tr("Not to be asked again"), Tone.WARNING))
    form = tr("{form}, version {n}", form=row.form, n=row.version)
    return [*found, Chip(form)]


def _told(row: ResponseRow) -> list[str]:
    """Say who said it when, to whom, and why they were asked all the same."""
    at = row.answered_at or row.asked_at
    who = " · ".join(one for one in (row.contact, dates.full(at)) if one)
    found = [who, tr("Asked by {name}", name=row.asked_by)]
    if row.ticket_number is not None:
        found.append(tr("About ticket #{number}", number=row.ticket_number))
    if row.override_reason:
        found.append(tr("Asked all the same: {reason}", reason=row.override_reason))
    return found


def _follow_up_words(answer: AnswerRow) -> str:
    if answer.closed_at is not None:
        told = tr("the client was told") if answer.is_client_told else tr("the client was not told")
        return f"{answer.outcome} · {told} · {answer.closed_by}, {dates.ago(answer.closed_at)}"
    if answer.task_state is not TaskState.OPEN:
        return tr("Nobody said yet what was done.")
    name = answer.assignee or tr("nobody")
    if answer.task_due is None:
        return tr("Follow-up: {name}, no date", name=name)
    return tr("Follow-up: {name}, due {due}", name=name, due=dates.due(answer.task_due))


def _told_words(vote: VoteRow) -> str:
    if vote.is_to_tell:
        return tr("has to hear of it")
    if vote.told_state is not None and vote.told_at is not None:
        return tr("was told {when}", when=dates.ago(vote.told_at))
    return ""


def _kind_words(question: Question) -> str:
    said = [of(question.kind)]
    if question.is_required:
        said.append(tr("required"))
    if question.after:
        said.append(tr("only after “{key}”", key=question.after))
    return " · ".join(said)
