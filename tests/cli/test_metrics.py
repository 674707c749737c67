"""metrics says how we do over a period, in lines for people and in JSON for scripts."""

import json

from deskcrm.domain.metrics.catalogue import Metric
from deskcrm.store.profile import Profile
from tests.cli.conftest import Run, complaint, deskcrm


def test_the_json_has_every_figure_with_its_formula(run: Run) -> None:
    said = json.loads(run("metrics", "--from", "2020-01-01", "--json").stdout)
    figures = {one["metric"]: one for one in said["figures"]}
    assert set(figures) <= set(Metric) and {"nps", "backlog", "grr", "ltv"} <= set(figures)
    backlog = figures["backlog"]
    assert backlog["value"] > 0 and backlog["unit"] == "count" and len(backlog["trend"]) == 12
    assert all(one["formula"] and one["n"] >= 0 for one in said["figures"])
    assert said["from"] == "2020-01-01" and said["people"] and len(said["lines"]) == 3


def test_the_rows_behind_a_figure_are_as_many_as_it_says(run: Run) -> None:
    said = json.loads(run("metrics", "--rows", "backlog", "--json").stdout)
    assert said["total"] == len(said["rows"]) == said["figure"]["n"] > 0
    assert said["rows"][0]["ticket_id"] and said["rows"][0]["title"]
    lines = run("metrics", "--rows", "backlog").stdout.splitlines()
    assert lines[0].startswith("Backlog: ") and len(lines) == said["total"] + 1


def test_a_person_reads_a_line_for_each_figure(run: Run) -> None:
    lines = run("metrics", "--from", "2020-01-01", "--to", "2020-01-31").stdout.splitlines()
    assert lines[0] == "1 January 2020 – 31 January 2020"
    (nps,) = [line for line in lines if line.startswith("Net promoter score (NPS)")]
    assert "no data" in nps and nps.endswith("n=0")


def test_what_cannot_be_answered_is_refused_in_words(sample: Profile) -> None:
    def refused(*arguments: str) -> str:
        return complaint(deskcrm("metrics", "--profile", str(sample.folder), *arguments))

    assert "ends before it begins" in refused("--from", "2026-02-01", "--to", "2026-01-01")
    assert "no metric “x”" in refused("--rows", "x") and "nps" in refused("--rows", "x")
    assert "no “Nobody”" in refused("--person", "Nobody")
    assert "is not a day" in refused("--from", "yesterday")
