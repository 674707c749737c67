"""``risk``: which clients are at risk, why, and since when."""

import argparse
from typing import TYPE_CHECKING, Any

from deskcrm.base.words import of, tr
from deskcrm.cli.rows import at_least_one, write_json, write_line
from deskcrm.cli.workspace import asking, writing

if TYPE_CHECKING:
    from deskcrm.domain.risk.queries import RiskRow
    from deskcrm.store.profile import Profile


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--mine", action="store_true", help=tr("only clients of one’s own"))
    parser.add_argument(
        "--by", choices=("worth", "probability"), default="worth",
        help=tr("what the list is ordered by"),
    )  # fmt: skip
    parser.add_argument(
        "--limit", type=at_least_one, default=200, metavar="N", help=tr("so many at most")
    )
    parser.add_argument("--json", action="store_true", help=tr("for scripts"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List the clients at risk as of now."""
    from deskcrm.domain.risk.queries import page_risk

    look(options.profile)
    with asking(options.profile) as store:
        rows = store.ask(page_risk, limit=options.limit, sort=options.by, mine=options.mine)
    if options.json:
        write_json([_plain(row) for row in rows])
        return 0
    for row in rows:
        for line in _lines(row):
            write_line(line)
    if not rows:
        write_line(tr("Nobody is at risk, as far as is known here."))
    return 0


def look(profile: "Profile") -> None:
    """Score whom it is time to score; an open window does so by itself."""
    from deskcrm.base.jobs import Job
    from deskcrm.domain.risk.rounds import go_round
    from deskcrm.store.profile import AlreadyOpen

    try:
        with writing(profile) as store:
            go_round(Job(), store, looks_back=True)
    except AlreadyOpen:
        pass


def _plain(row: "RiskRow") -> dict[str, Any]:
    """Give what a script needs of a row: figures, reasons in words, and ids to go on with."""
    from deskcrm.domain.health.words import reason_words
    from deskcrm.domain.risk.words import why

    found: dict[str, Any] = {
        "client_id": row.client_id,
        "client": row.client,
        "tier": row.tier,
        "owner": row.owner,
        "entered_at": row.entered_at,
        "cause": row.cause,
    }
    if row.health is None:
        return found
    score = row.health.score
    return found | {
        "points": round(score.points, 1),
        "probability": round(score.probability, 4),
        "coverage": round(score.coverage, 3),
        "has_enough_data": score.is_enough,
        "annual_value": row.health.annual_value / 100,
        "currency": row.health.currency,
        "why": why(row.health),
        "reasons": [
            {
                "signal": one.name,
                "points": round(one.points, 1),
                "value": one.value,
                "words": reason_words(one, score.model),
            }
            for one in score.top(4)
        ],
        "my_read": row.health.read,
        "model": score.model.version,
    }


def _lines(row: "RiskRow") -> list[str]:
    from deskcrm.domain.health.words import coverage_words, points_words, reason_words
    from deskcrm.domain.risk.words import cause_sentence

    since = f"{row.entered_at.astimezone():%Y-%m-%d}"
    about = ", ".join(filter(None, (of(row.tier), row.owner)))
    lines = [
        tr("{client} ({about}), at risk since {day}", client=row.client, about=about, day=since)
    ]
    if row.health is None:
        return lines
    score, cause = row.health.score, row.health.cause
    if cause is not None:
        lines.append(f"  {cause_sentence(cause)}")
    lines += [
        f"  {points_words(one.points):>4}  {reason_words(one, score.model)}" for one in score.top(4)
    ]
    lines.append(f"  {coverage_words(score)}")
    return lines
