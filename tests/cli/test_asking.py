"""lookup, client and history answer in lines for people and in JSON for scripts."""

import json
from typing import Any
from uuid import UUID

from deskcrm.domain.lookup.queries import Found
from deskcrm.store.profile import Profile
from tests.cli.conftest import Run, complaint, deskcrm


def test_lookup_gives_json_best_first(run: Run, client: dict[str, Any]) -> None:
    rows = json.loads(run("lookup", client["name"], "--json").stdout)
    assert rows[0]["client"] == client["client"]
    for row in rows:
        assert set(row) == {"client", "name", "contact", "match", "why"}
        assert str(UUID(row["client"])) == row["client"]
        assert row["match"] in set(Found)
        assert row["why"]


def test_lookup_finds_by_the_last_digits_of_a_number(run: Run, client: dict[str, Any]) -> None:
    known = json.loads(run("client", client["client"], "--json").stdout)
    number = known["contacts"][0]["points"][0]["normal"]
    rows = json.loads(run("lookup", number[-7:], "--json").stdout)
    assert client["client"] in {row["client"] for row in rows}
    assert rows[0]["match"] in ("exact", "ending")


def test_lookup_keeps_to_its_limit_and_finds_nothing_quietly(run: Run) -> None:
    assert len(json.loads(run("lookup", "а", "--json", "--limit", "2").stdout)) <= 2
    assert json.loads(run("lookup", "xyzzyqwfp", "--json").stdout) == []
    assert run("lookup", "xyzzyqwfp").stdout == ""


def test_lookup_writes_a_table_for_people(run: Run, client: dict[str, Any]) -> None:
    lines = run("lookup", client["name"]).stdout.splitlines()
    assert any(line.startswith(client["client"]) and client["name"] in line for line in lines)


def test_a_client_is_shown_with_its_people_and_standing(run: Run, client: dict[str, Any]) -> None:
    known = json.loads(run("client", client["client"], "--json").stdout)
    assert known["id"] == client["client"]
    assert known["name"] == client["name"]
    assert {"tier", "lifecycle", "contacts", "contracts", "tags", "summary"} <= known.keys()
    assert {"last_contact_at", "open_tickets"} <= known["summary"].keys()
    said = run("client", client["client"]).stdout
    assert known["contacts"][0]["name"] in said
    assert client["client"] not in said


def test_history_says_who_did_what(run: Run, client: dict[str, Any]) -> None:
    entries = json.loads(run("history", client["client"], "--json").stdout)
    assert entries[-1]["label"] == "Added sample workspace"
    assert entries[-1]["actor"] == "Anna Lebedeva"
    assert "Added sample workspace" in run("history", client["client"]).stdout


def test_what_is_not_an_id_or_not_there_is_said(sample: Profile) -> None:
    folder = str(sample.folder)
    assert "is not an id" in complaint(deskcrm("--profile", folder, "client", "123"))
    nobody = str(UUID(int=5))
    gone = complaint(deskcrm("--profile", folder, "client", nobody))
    assert "not there any more" in gone
    assert "Nothing was ever" in complaint(deskcrm("--profile", folder, "history", nobody))


def test_names_go_in_and_out_in_an_ascii_locale(run: Run, script: Run) -> None:
    wide = run("lookup", "Анна", "--json").stdout
    assert json.loads(wide)
    narrow = script("lookup", "Анна", "--json", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert narrow.stdout == wide


def test_the_language_is_the_environments(sample: Profile) -> None:
    asked = deskcrm("--profile", str(sample.folder), "--help", DESKCRM_LANGUAGE="ru_RU.UTF-8")
    assert asked.returncode == 0
    assert "lookup" in asked.stdout
