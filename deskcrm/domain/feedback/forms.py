"""Makes forms, new versions of them, and lets them rest."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.base import paths
from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id, new_id
from deskcrm.base.words import language, tr
from deskcrm.domain.feedback.model import SurveyForm, SurveyFormId, SurveyResponse
from deskcrm.domain.feedback.questions import Question, from_rows, to_rows
from deskcrm.domain.naming import check_name_free
from deskcrm.store.commands import command
from deskcrm.store.work import Work

SHIPPED: Final = ("standard", "after_ticket", "csi")
"""The forms that come with the program, by the names of their files."""


@command("feedback.create_form", "Create form")
def create_form(
    work: Work,
    *,
    name: str,
    questions: Sequence[Question],
    opening_en: str = "",
    opening_ru: str = "",
) -> SurveyFormId:
    """Make a form: its first version."""
    row_id = new_id()
    form = SurveyForm.of(
        name, tuple(questions), id=row_id, family_id=row_id, version=1,
        opening_en=opening_en.strip(), opening_ru=opening_ru.strip(),
    )  # fmt: skip
    _check_name(work, form)
    return SurveyFormId(work.add(form).id)


@command("feedback.publish_form", "Publish form")
def publish_form(
    work: Work,
    form_id: SurveyFormId,
    *,
    name: str,
    questions: Sequence[Question],
    opening_en: str = "",
    opening_ru: str = "",
    note: str = "",
) -> SurveyFormId:
    """Ask otherwise from now on: a new version; who answered the old one has answered that."""
    before = latest_version(work, work.get(SurveyForm, form_id).family_id)
    if before is None:
        raise UserError(tr("The form is not there any more."), tr("Create a new one."))
    form = SurveyForm.of(
        name, tuple(questions), family_id=before.family_id, version=before.version + 1,
        opening_en=opening_en.strip(), opening_ru=opening_ru.strip(), note=note.strip(),
    )  # fmt: skip
    if _said(form) == _said(before):
        raise UserError(tr("Nothing is different in it."), tr("Change something, then publish."))
    _check_name(work, form)
    return SurveyFormId(work.add(form).id)


@command("feedback.retire_form", "Retire form")
def retire_form(work: Work, form_id: SurveyFormId) -> None:
    """Ask nobody with a form any more; what was answered stays."""
    form = _latest(work, form_id)
    if form.retired_at is not None:
        raise UserError(tr("“{form}” is retired already.", form=form.name))
    form.retired_at = work.now


@command("feedback.take_up_form", "Use form again")
def take_up_form(work: Work, form_id: SurveyFormId) -> None:
    """Ask with a form again that was retired."""
    form = _latest(work, form_id)
    if form.retired_at is None:
        raise UserError(tr("“{form}” is in use.", form=form.name))
    form.retired_at = None


@command("feedback.delete_form", "Delete form")
def delete_form(work: Work, form_id: SurveyFormId) -> None:
    """Delete a form that nobody has been asked with, with all its versions."""
    family_id = work.get(SurveyForm, form_id).family_id
    versions = list(work.records(_versions(family_id)))
    used = work.first(
        select(SurveyResponse.id).where(
            SurveyResponse.form_id.in_([one.id for one in versions]), ~SurveyResponse.is_deleted
        )
    )
    if used is not None:
        raise UserError(
            tr("Clients have been asked with this form."),
            tr("Retire it: then nobody is asked any more, and the answers stay."),
        )
    for one in versions:
        work.delete(one)


@command("feedback.add_shipped_forms", "Add standard forms")
def add_shipped_forms(work: Work) -> int:
    """Add the forms that come with the program, where they are not there; gives how many came.

    Two who do it apart make the same: what they are is worked out from what they mean.
    """
    added = 0
    for which in SHIPPED:
        form = shipped_form(which)
        known = work.session.get(SurveyForm, form.id)
        if known is None:
            work.add(form)
        elif known.is_deleted:
            work.restore(known)
        else:
            continue
        added += 1
    return added


def shipped_form_id(which: str) -> SurveyFormId:
    """Give the id of the first version of a form that comes with the program."""
    return SurveyFormId(meant_id("survey_form", which, 1))


def shipped_form(which: str) -> SurveyForm:
    """Read a form that comes with the program."""
    path = paths.resources() / "forms" / f"{which}.json"
    content: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    row_id = shipped_form_id(which)
    name = content["name_ru"] if language() == "ru" else content["name_en"]
    return SurveyForm.of(
        name, from_rows(content["questions"]), id=row_id, family_id=row_id, version=1,
        opening_en=content["opening_en"], opening_ru=content["opening_ru"],
    )  # fmt: skip


def latest_version(work: Work, family_id: UUID) -> SurveyForm | None:
    """Give the version that is asked with now; None when the form was deleted.

    Two who published apart have made two of one number: the same one counts everywhere.
    """
    found = work.records(
        _versions(family_id).order_by(SurveyForm.version.desc(), SurveyForm.id.desc()).limit(1)
    )
    return next(iter(found), None)


def _latest(work: Work, form_id: SurveyFormId) -> SurveyForm:
    form = work.get(SurveyForm, form_id)
    return latest_version(work, form.family_id) or form


def _versions(family_id: UUID) -> Any:
    return select(SurveyForm).where(SurveyForm.family_id == family_id, ~SurveyForm.is_deleted)


def _check_name(work: Work, form: SurveyForm) -> None:
    title = tr("There is a form “{form}” already.", form=form.name)
    check_name_free(work, form, title, SurveyForm.family_id != form.family_id)


def _said(form: SurveyForm) -> Any:
    questions = to_rows(form.read_questions())
    return (form.name, form.opening_en, form.opening_ru, questions)
