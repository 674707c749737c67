"""``backtest``: what the score would have said in months gone by; learns the team's own weights."""

import argparse
from typing import TYPE_CHECKING, Any

from deskcrm.base.words import tr
from deskcrm.cli.rows import at_least_one, write_json, write_line
from deskcrm.cli.workspace import asking, writing

if TYPE_CHECKING:
    from deskcrm.domain.backtests.gathering import Gathered
    from deskcrm.domain.backtests.replay import Result
    from deskcrm.domain.health.model import Model
    from deskcrm.store.store import Store


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--months", type=at_least_one, default=24, metavar="N", help=tr("so many months back")
    )
    parser.add_argument(
        "--learn", action="store_true", help=tr("learn weights from these months and keep them")
    )
    parser.add_argument("--json", action="store_true", help=tr("for scripts"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Replay the months under the weights in force; with --learn, learn them first."""
    from deskcrm.base.jobs import Job
    from deskcrm.domain.backtests.gathering import gather
    from deskcrm.domain.backtests.replay import Replay
    from deskcrm.domain.health.queries import get_weights

    opening = writing if options.learn else asking
    with opening(options.profile) as store:
        found = gather(Job(), store, months=options.months)
        if options.learn:
            _learn(store, found)
        model = store.ask(get_weights).model
    result = Replay(found.cases).measure(model)
    if options.json:
        write_json(_plain(result, found, model))
        return 0
    for line in _lines(result, model):
        write_line(line)
    return 0


def _learn(store: "Store", found: "Gathered") -> None:
    """Learn from all months and let it hold for everybody; refuses, in words, what is no use."""
    from deskcrm.base.jobs import Job
    from deskcrm.domain.backtests.learning import keep_learned, learn_from_history
    from deskcrm.domain.health.model import SCORECARD

    keep_learned(store, learn_from_history(Job(), found.cases, SCORECARD))


def _lines(result: "Result", model: "Model") -> list[str]:
    from deskcrm.domain.backtests.words import (
        auc_words,
        baseline_words,
        covered_words,
        evidence_of_result,
        interval_words,
        share_words,
        times_words,
    )

    precision, caught = result.precision, result.caught
    return [
        covered_words(result),
        evidence_of_result(result),
        f"{tr('Of those named, left')}: {share_words(precision)} ({interval_words(precision)})",
        f"{tr('Of those that left, named')}: {share_words(caught)} ({interval_words(caught)})",
        f"{tr('Lift')}: {times_words(result.lift)}",
        f"{tr('Ranking (AUC)')}: {auc_words(result.auc)}",
        *(baseline_words(one, model) for one in result.baselines),
    ]


def _plain(result: "Result", found: "Gathered", model: "Model") -> dict[str, Any]:
    """Give what a script needs: figures with their n, and the clients by name."""

    def named(those: Any) -> list[dict[str, Any]]:
        return [
            {
                "client_id": one.client_id,
                "client": found.names.get(one.client_id, ""),
                "on": one.on,
                "noticed_on": one.noticed_on,
                "probability": round(one.probability, 4),
            }
            for one in those
        ]

    def share(one: Any) -> dict[str, Any]:
        return {"count": one.count, "of": one.of, "low": one.low, "high": one.high}

    return {
        "model": model.version,
        "months": list(result.months),
        "clients": result.clients,
        "cases": result.cases,
        "base": share(result.base),
        "precision": share(result.precision),
        "caught": share(result.caught),
        "lift": result.lift,
        "auc": result.auc,
        "lead_days": result.lead_days,
        "calibration": [{"foretold": b.foretold, **share(b.seen)} for b in result.calibration],
        "baselines": [
            {"signal": b.name, "precision": b.precision, "lift": b.lift, "auc": b.auc}
            for b in result.baselines
        ],
        "hits": named(result.hits),
        "misses": named(result.misses),
        "false_alarms": named(result.false_alarms),
    }
