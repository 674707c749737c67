"""risk says who is at risk and why, in lines for people and in JSON for scripts."""

import json

from tests.cli.conftest import Run


def test_the_json_has_reasons_that_explain_the_points(run: Run) -> None:
    rows = json.loads(run("risk", "--json").stdout)
    assert rows, "a sample has clients at risk"
    for row in rows:
        assert row["entered_at"] and row["client_id"] and row["why"]
        assert 0 < row["probability"] < 1
        assert 0 <= row["coverage"] <= 1
        assert all(reason["points"] > 0 and reason["words"] for reason in row["reasons"])
    for currency in {row["currency"] for row in rows}:  # each by what is usual in its own
        worths = [
            row["probability"] * row["annual_value"] for row in rows if row["currency"] == currency
        ]
        assert worths == sorted(worths, reverse=True)
    by_risk = [
        row["probability"]
        for row in json.loads(run("risk", "--json", "--by", "probability").stdout)
    ]
    assert by_risk == sorted(by_risk, reverse=True)


def test_people_read_it_in_lines(run: Run) -> None:
    said = run("risk").stdout
    assert "at risk since 20" in said
    assert "of what counts is known" in said
    assert "+" in said
