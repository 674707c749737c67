"""backtest says what the score would have said, in lines for people and in JSON for scripts."""

import json

from tests.cli.conftest import Run


def test_the_json_has_figures_with_their_n(run: Run) -> None:
    found = json.loads(run("backtest", "--json", "--months", "6").stdout)
    assert found["model"] == "scorecard-1"
    assert found["cases"] == found["base"]["of"] > 0
    named = len(found["hits"]) + len(found["false_alarms"])
    assert 0 < named <= found["precision"]["of"]
    assert [one["signal"] for one in found["baselines"]] == ["renewal_due", "silence"]


def test_people_read_it_in_lines(run: Run) -> None:
    said = run("backtest", "--months", "6").stdout
    assert "as they were known then" in said
    assert "Of those named, left: " in said
