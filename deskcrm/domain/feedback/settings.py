"""What a workspace sets about asking clients: how often, what is a low answer, how soon we act."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from deskcrm.base.settings import Scope, Setting
from deskcrm.domain.clients.rules import check_website
from deskcrm.domain.feedback.questions import Question, QuestionKind
from deskcrm.domain.settings.model import Preference
from deskcrm.store.reader import Reader
from deskcrm.store.tables import WORKSPACE

ASK_AGAIN_AFTER: Final = Setting(
    "feedback.ask_again_after_days", 90, "Days until the same person is asked again", Scope.SHARED
)
LOW_NPS: Final = Setting(
    "feedback.low_nps", 6, "A recommendation is low up to, of 10", Scope.SHARED
)
LOW_CSAT: Final = Setting("feedback.low_csat", 2, "Satisfaction is low up to, of 5", Scope.SHARED)
LOW_STARS: Final = Setting("feedback.low_stars", 2, "Stars are low up to, of 5", Scope.SHARED)
LOW_CES: Final = Setting("feedback.low_ces", 3, "Ease is low up to, of 7", Scope.SHARED)
LOW_SCALE: Final = Setting(
    "feedback.low_scale_percent", 30, "Another scale is low up to, in percent", Scope.SHARED
)
FOLLOW_UP_WITHIN: Final = Setting(
    "feedback.follow_up_hours",
    8,
    "Working hours until a low answer must be followed up",
    Scope.SHARED,
)
LINK_DAYS: Final = Setting(
    "feedback.link_days", 30, "Days that a link to a form works", Scope.SHARED
)
LINK_ADDRESS: Final = Setting(
    "feedback.link_address", "", "Address that links to forms begin with", Scope.SHARED,
    check=check_website,
)  # fmt: skip
_ALL: Final = (
    ASK_AGAIN_AFTER, LOW_NPS, LOW_CSAT, LOW_STARS, LOW_CES, LOW_SCALE, FOLLOW_UP_WITHIN, LINK_DAYS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeedbackRules:
    """What holds in this workspace now."""

    ask_again_after_days: int
    low: dict[QuestionKind, int]
    low_percent: int
    follow_up_hours: int
    link_days: int

    def is_low(self, question: Question, number: int | None) -> bool:
        """Tell whether a number is so low that somebody has to act."""
        if number is None:
            return False
        if not question.kind.has_own_range:
            return number <= self.low[question.kind]
        lowest, highest = question.range
        return (number - lowest) * 100 <= self.low_percent * (highest - lowest)


def read_rules(db: Reader) -> FeedbackRules:
    """Give what this workspace has set."""
    stored = {
        row.key: row.value
        for row in db.all(
            select(Preference.key, Preference.value).where(
                Preference.key.in_([one.key for one in _ALL]),
                Preference.scope == WORKSPACE,
                ~Preference.is_deleted,
            )
        )
    }

    def value(setting: Setting[int]) -> int:
        return setting.read(stored.get(setting.key))

    return FeedbackRules(
        max(value(ASK_AGAIN_AFTER), 0),
        {
            QuestionKind.NPS: value(LOW_NPS),
            QuestionKind.CSAT: value(LOW_CSAT),
            QuestionKind.STARS: value(LOW_STARS),
            QuestionKind.CES: value(LOW_CES),
        },
        value(LOW_SCALE),
        max(value(FOLLOW_UP_WITHIN), 1),
        max(value(LINK_DAYS), 1),
    )
