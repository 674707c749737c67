"""The support desk of the sample: who is good at what, whose a ticket becomes, and replies."""

from collections.abc import Iterator
from itertools import cycle
from typing import Final

from deskcrm.base import paths
from deskcrm.domain.assignment.model import AssignmentRule, Skill, SkillId, UserSkill, Way
from deskcrm.domain.clients.model import Tier
from deskcrm.domain.sample.staff import Staff
from deskcrm.domain.templates.model import ReplyTemplate
from deskcrm.domain.tickets.model import TicketKind
from deskcrm.store.tables import Record

_HEAD: Final = "::: "
_NAMES: Final = {
    "ru": {
        "faults": "Сбои и настройка", "answers": "Вопросы по работе",
        "vip": "Важные: тому, кто их знает", "rest": "Остальные: тому, кто свободнее",
    },
    "en": {
        "faults": "Faults and set-up", "answers": "Questions about daily work",
        "vip": "Important ones: to who knows them", "rest": "The rest: to who is least busy",
    },
}  # fmt: skip
_SKILLS: Final = {
    "faults": [TicketKind.INCIDENT, TicketKind.SERVICE_REQUEST],
    "answers": [TicketKind.QUESTION, TicketKind.SUGGESTION],
}


def make_desk(languages: tuple[str, ...], staff: Staff) -> Iterator[Record]:
    """Make skills and who has them, two rules, and the reply templates that all have."""
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
    yield from _make_templates(languages)


def _make_templates(languages: tuple[str, ...]) -> Iterator[ReplyTemplate]:
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
    yield from made.values()
