"""duplicates says which records are likely one, in lines for people and in JSON for scripts."""

import json

from tests.cli.conftest import Run, deskcrm

AS_BUILT_IN = "Built-in weights: 0 decisions so far, learning begins at 12."


def test_the_json_says_who_how_likely_and_why(run: Run) -> None:
    rows = json.loads(run("duplicates", "--threshold", "0", "--json").stdout)
    assert rows, "colleagues share enough to be compared"
    for row in rows:
        assert row["kind"] in ("client", "contact")
        assert row["one"]["id"] != row["other"]["id"] and row["one"]["name"]
        assert 0 <= row["probability"] <= 1
        assert row["because"]
    for kind in ("client", "contact"):
        how = [row["probability"] for row in rows if row["kind"] == kind]
        assert how == sorted(how, reverse=True)


def test_people_read_it_in_lines_and_nothing_alike_is_said(run: Run) -> None:
    assert "%  " in run("duplicates", "--threshold", "0").stdout
    lines = run("duplicates", "--threshold", "1").stdout.splitlines()
    assert lines == ["No two of them look like one.", AS_BUILT_IN]
    wrong = deskcrm("duplicates", "--threshold", "2")
    assert (wrong.returncode, "between 0 and 1" in wrong.stderr) == (2, True)
