"""Makes reply templates, changes them, shares them, and takes them away."""

from typing import TypedDict, Unpack

from deskcrm.base.words import tr
from deskcrm.domain.naming import check_name_free
from deskcrm.domain.templates.model import ReplyTemplate, ReplyTemplateId
from deskcrm.store.commands import command
from deskcrm.store.tables import WORKSPACE
from deskcrm.store.work import Work


class TemplateChanges(TypedDict, total=False):
    """What can be edited of a template; only what is given is written."""

    name: str
    text_en: str
    text_ru: str
    is_shared: bool


@command("templates.create", "Create reply template")
def create_template(
    work: Work, *, name: str, text_en: str = "", text_ru: str = "", is_shared: bool = False
) -> ReplyTemplateId:
    """Make a template, for oneself or for all."""
    template = ReplyTemplate(name=name)
    template.scope = WORKSPACE if is_shared else work.actor
    template.rename(name)
    template.write(text_en=text_en, text_ru=text_ru)
    _check_free(work, template)
    return ReplyTemplateId(work.add(template).id)


@command("templates.edit", "Edit reply template")
def edit_template(
    work: Work, /, template_id: ReplyTemplateId, **changes: Unpack[TemplateChanges]
) -> None:
    """Change what a template says, how it is called, or who has it."""
    template = work.get(ReplyTemplate, template_id)
    if "name" in changes:
        template.rename(changes["name"])
    if "is_shared" in changes:
        template.scope = WORKSPACE if changes["is_shared"] else work.actor
    template.write(text_en=changes.get("text_en"), text_ru=changes.get("text_ru"))
    _check_free(work, template)


@command("templates.delete", "Delete reply template")
def delete_template(work: Work, template_id: ReplyTemplateId) -> None:
    """Take a template away; what was written with it stays."""
    work.delete(work.get(ReplyTemplate, template_id))


def _check_free(work: Work, template: ReplyTemplate) -> None:
    """Refuse a second template of one name where both would stand in one list."""
    title = tr("There is a template “{name}” already.", name=template.name)
    check_name_free(work, template, title, ReplyTemplate.scope == template.scope)
