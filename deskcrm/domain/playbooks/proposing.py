"""Which playbook fits a client: the one that begins with what speaks most against it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.health import Signal
from deskcrm.domain.health.words import reason_words
from deskcrm.domain.playbooks.model import PlaybookId, TriggerKind
from deskcrm.domain.playbooks.queries import PlaybookRow, list_playbooks
from deskcrm.domain.risk.model import RiskCause
from deskcrm.domain.risk.queries import Health, get_health
from deskcrm.domain.risk.words import cause_sentence
from deskcrm.store.reader import Reader

_OF_CAUSE: Final[Mapping[RiskCause, tuple[TriggerKind, ...]]] = {
    RiskCause.RENEWAL: (TriggerKind.RENEWAL,),
    RiskCause.FAILURES: (TriggerKind.LOW_RATING,),
}
_QUIET: Final = (TriggerKind.GOING_COLD, TriggerKind.SILENCE)
_UNHAPPY: Final = (TriggerKind.LOW_RATING, TriggerKind.DETRACTOR)
_OF_SIGNAL: Final[Mapping[str, tuple[TriggerKind, ...]]] = {
    Signal.SILENCE: _QUIET,
    Signal.OUTREACH_UNANSWERED: _QUIET,
    Signal.RENEWAL_DUE: (TriggerKind.RENEWAL,),
    Signal.CHAMPION_LEFT: (TriggerKind.CHAMPION_LEFT,),
    Signal.CSAT_BELOW_OWN: _UNHAPPY,
    Signal.SECOND_FAILURE: _UNHAPPY,
    Signal.TICKETS_REOPENED: _UNHAPPY,
    Signal.DETRACTOR: _UNHAPPY[::-1],
    Signal.NPS_FALL: _UNHAPPY[::-1],
    Signal.FIRST_YEAR: (TriggerKind.NEW_CLIENT, TriggerKind.NEW_CONTRACT),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A playbook that fits, and the reason that it fits to, in a sentence."""

    playbook_id: PlaybookId
    reason: str


def propose_playbook(db: Reader, client_ids: Sequence[ClientId]) -> Proposal | None:
    """Give the playbook that fits the weightiest reason it can; of several clients the first's.

    Whoever is at risk for a reason that none begins with has the one for clients at risk, if any.
    """
    ready = {row.trigger: row for row in reversed(list_playbooks(db)) if can_start(row)}
    health = get_health(db, client_ids)
    for client_id in client_ids:
        if client_id in health:
            for kinds, reason in _reasons(health[client_id]):
                fitting = next((ready[kind] for kind in kinds if kind in ready), None)
                if fitting is not None:
                    return Proposal(fitting.id, reason)
    return None


def can_start(row: PlaybookRow) -> bool:
    """Tell whether a playbook can be started."""
    return row.is_active and bool(row.steps)


def _reasons(health: Health) -> Iterator[tuple[tuple[TriggerKind, ...], str]]:
    """Give what speaks against a client, the weightiest first, with what begins by that."""
    said = cause_sentence(health.cause) if health.cause is not None else ""
    if health.cause is not None:
        yield _OF_CAUSE.get(health.cause, ()), said
    for one in health.score.top():
        words = reason_words(one, health.score.model)
        said = said or words
        yield _OF_SIGNAL.get(one.name, ()), words
    if health.is_flagged:
        yield (TriggerKind.RISK_ENTERED,), said
