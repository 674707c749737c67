"""Learns the team's own weights by itself, once a month, where enough clients have left."""

import logging
from enum import StrEnum

from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.domain.backtests.gathering import gather
from deskcrm.domain.backtests.learning import learn_from_history
from deskcrm.domain.health.commands import LEARNED_IN, month_of, note_month, renew_weights
from deskcrm.domain.health.evidence import FEWEST_FOR_BANDS
from deskcrm.domain.health.fitting import has_numpy
from deskcrm.domain.health.model import SCORECARD
from deskcrm.domain.health.queries import get_weights
from deskcrm.domain.health.records import ModelOrigin
from deskcrm.domain.risk.queries import count_churned
from deskcrm.store.derived import read_meta
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store

_log = logging.getLogger("deskcrm.server")


class Outcome(StrEnum):
    """What came of the wish to learn."""

    NOT_DUE = "not_due"
    """There is nothing new to learn from, or too little, or a person decided on the weights."""
    NOT_ABLE = "not_able"
    NOTHING_NEW = "nothing_new"
    LEARNED = "learned"


def learn_when_due(job: Job, store: Store) -> Outcome:
    """Learn from the months gone by; what cannot be believed is left alone, and the log says so."""
    if not store.ask(is_due):
        return Outcome.NOT_DUE
    if not has_numpy():
        _log.warning(
            "Clients enough have left to learn from, but the package numpy is missing: they are"
            " scored by the starting rules. Install deskcrm[server] to learn."
        )
        return Outcome.NOT_ABLE
    store.do(note_month)
    try:
        found = learn_from_history(job, gather(job, store).cases, SCORECARD)
    except UserError as refused:
        _log.info("No weights were learned this month: %s %s", refused.title, refused.detail)
        return Outcome.NOTHING_NEW
    kept = store.do(renew_weights, found.model, cases=found.cases, churned=found.churned).value
    return Outcome.NOTHING_NEW if kept is None else Outcome.LEARNED


def is_due(db: Reader) -> bool:
    """Tell whether a month has gone by that is not learned from, and weights are not set by hand.

    Months are replayed as of their first day, so within one there is nothing new.
    """
    if read_meta(db.connection, LEARNED_IN) == month_of(db):
        return False
    if get_weights(db).origin is ModelOrigin.BY_HAND:
        return False
    return count_churned(db) >= FEWEST_FOR_BANDS
