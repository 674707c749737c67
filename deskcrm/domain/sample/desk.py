"""The support desk of the sample: who is good at what, whose a ticket becomes, and replies."""

from collections.abc import Iterator
from itertools import cycle
from typing import Final

from deskcrm.base import paths
from deskcrm.domain.assignment.model import AssignmentRule, Skill, SkillId, UserSkill, Way
from deskcrm.domain.clients.model import Tier
from deskcrm.domain.macros.model import Handing, Macro
from deskcrm.domain.sample.staff import Staff
from deskcrm.domain.templates.model import ReplyTemplate, ReplyTemplateId
from deskcrm.domain.tickets.model import SupportLine, TicketKind
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.tables import Record

_HEAD: Final = "::: "
_NAMES: Final = {
    "ru": {
        "faults": "Сбои и настройка", "answers": "Вопросы по работе",
        "vip": "Важные: тому, кто их знает", "rest": "Остальные: тому, кто свободнее",
        "details": "Спросить подробности и ждать", "solved": "Решено: всё ли работает?",
        "up": "Передать на вторую линию", "why": "Нужен доступ к журналам сервера.",
        "tried": "Проверили настройки и перезапустили службу.",
        "note": "Клиент: {клиент}. Обещано: {срок|срок не назван}.",
    },
    "en": {
        "faults": "Faults and set-up", "answers": "Questions about daily work",
        "vip": "Important ones: to whoever knows them",
        "rest": "The rest: to whoever is least busy",
        "details": "Ask for details and wait", "solved": "Solved: ask whether it works",
        "up": "Up to the second line", "why": "It needs a look into the server's log.",
        "tried": "Checked the settings and restarted the service.",
        "note": "Client: {client name}. Promised: {deadline|no moment yet}.",
    },
}  # fmt: skip
_SKILLS: Final = {
    "faults": [TicketKind.INCIDENT, TicketKind.SERVICE_REQUEST],
    "answers": [TicketKind.QUESTION, TicketKind.SUGGESTION],
}


def make_desk(languages: tuple[str, ...], staff: Staff) -> Iterator[Record]:
    """Make skills and who has them, two rules, reply templates and macros that all have."""
    names = _NAMES[languages[0]]
    agents = cycle(staff.support)
    for skill, kinds in _SKILLS.items():
        made = Skill(name=names[skill], kinds=[kind.value for kind in kinds])
        yield made
        for _ in range(2):
            yield UserSkill(skill_id=SkillId(made.id), user_id=next(agents).id)
    dear = [tier.value for tier in (Tier.DIAMOND, Tier.GOLD)]
    yield AssignmentRule(name=names["vip"], way=Way.LAST_SERVED, position=1, tiers=dear)
    yield AssignmentRule(name=names["rest"], way=Way.LEAST_BUSY, position=2)
    templates = _make_templates(languages)
    yield from templates.values()
    yield from _make_macros(names, templates)


def _make_macros(names: dict[str, str], templates: dict[str, ReplyTemplate]) -> Iterator[Macro]:
    ask, solved = (ReplyTemplateId(templates[key].id) for key in ("ask", "solved"))
    waiting = TicketState.WAITING_ON_CLIENT
    yield Macro(name=names["details"], template_id=ask, state=waiting, handing=Handing.ME)
    yield Macro(name=names["solved"], template_id=solved, state=TicketState.RESOLVED)
    yield Macro(
        name=names["up"],
        note=names["note"],
        line=SupportLine.SECOND,
        line_reason=names["why"],
        line_tried=names["tried"],
    )


def _make_templates(languages: tuple[str, ...]) -> dict[str, ReplyTemplate]:
    made: dict[str, ReplyTemplate] = {}
    for language in languages:
        folder = paths.resources() / "sample" / language
        for piece in (folder / "replies.md").read_text("utf-8").split(_HEAD)[1:]:
            key, title, text = (part.strip() for part in piece.strip().split("\n", 2))
            template = made.setdefault(key, ReplyTemplate(name=title.removeprefix("# ")))
            if language == "ru":
                template.write(text_ru=text)
            else:
                template.write(text_en=text)
    return made
