"""Plans and writes rows of answers to a survey: a number or two, what was said, and when."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.feedback.answers import Given, check_answers, is_asked
from deskcrm.domain.feedback.commands import record_answers
from deskcrm.domain.feedback.model import CaptureWay, SurveyForm, SurveyResponse
from deskcrm.domain.feedback.queries import FormRow, list_forms
from deskcrm.domain.feedback.questions import QuestionKind
from deskcrm.domain.imports.fields import ImportField
from deskcrm.domain.imports.matching import Known
from deskcrm.domain.imports.plan import Fate, Mode, Plan, RowPlan, Wish
from deskcrm.domain.imports.preparing import Prepared
from deskcrm.domain.imports.whom import begin
from deskcrm.domain.names import fold
from deskcrm.store.reader import Reader
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Work

F = ImportField
KINDS: Final = {
    F.NPS: QuestionKind.NPS, F.CSAT: QuestionKind.CSAT, F.CES: QuestionKind.CES,
}  # fmt: skip
_LATE: Final = timedelta(minutes=10)
_AT_ONCE: Final = 500


class AnswerPlanner:
    """Plans row after row; what a client answered at one moment is taken in once."""

    def __init__(self, db: Reader, known: Known, wish: Wish) -> None:
        self._known, self._wish, self._now = known, wish, db.now
        self._forms = list_forms(db, with_retired=True)
        self._there = _there(db, list(known.titles))
        self._seen: dict[tuple[Any, ...], int] = {}

    def plan(self, row: Prepared) -> RowPlan:
        """Say what comes of a row."""
        plan, client = begin(self._known, self._wish, row)
        if client is None:
            return plan
        plan.why = self._lacking(row)
        form = self._form(row) if not plan.why else None
        if plan.why or form is None:
            plan.why = plan.why or tr("there is no form that asks this")
            return plan
        try:
            plan.figure = form.id, check_answers(form.questions, given(form, row))
        except UserError as error:
            plan.why = error.title
            return plan
        self._decide(plan, (client, form.family_id, row.values[F.STARTED_AT]))
        return plan

    def _lacking(self, row: Prepared) -> str:
        if F.STARTED_AT not in row.values:
            return tr("there is no date in it")
        if row.values[F.STARTED_AT] > self._now + _LATE:
            return tr("it has not happened yet")
        if not row.values.keys() & {*KINDS, F.IN_THEIR_WORDS}:
            return tr("nothing was answered")
        return ""

    def _form(self, row: Prepared) -> FormRow | None:
        """Give the form that a row names, or the first that asks all that it answers."""
        named = fold(row.text(F.FORM))
        if named:
            return next((form for form in self._forms if fold(form.name) == named), None)
        wanted = {kind for key, kind in KINDS.items() if key in row.values}
        if F.IN_THEIR_WORDS in row.values:
            wanted.add(QuestionKind.TEXT)
        for form in self._forms:
            asked = {question.kind for question in form.questions}
            if form.retired_at is None and wanted <= asked:
                return form
        return None

    def _decide(self, plan: RowPlan, meaning: tuple[Any, ...]) -> None:
        earlier = self._seen.get(meaning)
        if meaning in self._there:
            plan.fate, plan.why = Fate.DUPLICATE, tr("it is there already")
        elif earlier is not None:
            plan.fate, plan.why = Fate.DUPLICATE, tr("line {n} says it already", n=earlier)
        elif self._wish.mode is Mode.UPDATE:
            plan.why = tr("nothing like this is there to be changed")
        else:
            plan.fate = Fate.NEW
            self._seen[meaning] = plan.number


def given(form: FormRow, row: Prepared) -> list[Given]:
    """Give the answers of a row to the questions of a form; what was said goes where it is asked.

    That is the first question in words after the numbers.
    """
    found: list[Given] = []
    is_said = F.IN_THEIR_WORDS not in row.values
    by_kind = {kind: key for key, kind in KINDS.items() if key in row.values}
    for question in form.questions:
        if question.kind in by_kind:
            number = row.values[by_kind.pop(question.kind)]
            found.append(Given(question.key, number=number))
        elif question.kind is QuestionKind.TEXT and not is_said and is_asked(question, found):
            found.append(Given(question.key, text=row.values[F.IN_THEIR_WORDS]))
            is_said = True
    if by_kind or not is_said:
        raise UserError(tr("The form “{form}” does not ask all of this.", form=form.name))
    return found


def _there(db: Reader, clients: Sequence[UUID]) -> set[tuple[Any, ...]]:
    r = SurveyResponse
    found: set[tuple[Any, ...]] = set()
    for some in in_chunks(clients):
        at = select(r.client_id, SurveyForm.family_id, r.answered_at)
        joined = at.join(SurveyForm, SurveyForm.id == r.form_id)
        rows = db.all(joined.where(r.client_id.in_(some), ~r.is_deleted))
        found.update(tuple(row) for row in rows)
    return found


def write_answers(work: Work, plan: Plan, job: Job) -> None:
    """Write the answers that are new, as they would be written down from paper."""
    new = [row for row in plan.rows if row.fate is Fate.NEW]
    for place, row in enumerate(new):
        if place % _AT_ONCE == 0:
            job.progress(place, len(new), tr("Writing"))
        assert row.row is not None
        assert row.client is not None
        form_id, answers = row.figure
        record_answers(
            work, ClientId(row.client), form_id=form_id, answers=answers, way=CaptureWay.PAPER,
            contact_id=None if row.contact is None else ContactId(row.contact),
            answered_at=row.row.values[F.STARTED_AT],
        )  # fmt: skip
