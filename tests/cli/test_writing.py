"""log-call, rename-client, undo and redo acknowledge what is durable, each step once."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from deskcrm.store.opening import open_profile
from deskcrm.store.profile import Profile
from tests.cli.conftest import (
    PASSPHRASE,
    ROOT,
    Run,
    complaint,
    deskcrm,
    environment,
    process,
)


def test_a_call_is_logged_found_and_undone(run: Run, client: dict[str, Any]) -> None:
    said = run(
        "log-call", "--client", client["client"], "--text", "Обсудили жирафов", "--minutes", "12.5"
    ).stdout
    word, _, step_word, step = said.split()
    assert (word, step_word) == ("logged", "step")
    rows = json.loads(run("lookup", "жирафов", "--json").stdout)
    assert [row["match"] for row in rows] == ["text"]
    assert rows[0]["client"] == client["client"]
    assert run("undo", step).stdout == "Undone: Log call\n"
    assert json.loads(run("lookup", "жирафов", "--json").stdout) == []
    assert run("redo").stdout == "Redone: Log call\n"
    assert len(json.loads(run("lookup", "жирафов", "--json").stdout)) == 1
    run("undo")


def test_a_client_is_renamed_and_named_back(run: Run, script: Run, client: dict[str, Any]) -> None:
    def name() -> str:
        known: dict[str, str] = json.loads(run("client", client["client"], "--json").stdout)
        return known["name"]

    said = script("rename-client", client["client"], "Ромашка и Ко").stdout
    assert said.startswith(f"renamed {client['client']} step ")
    assert name() == "Ромашка и Ко"
    assert script("undo").stdout == "Undone: Rename client\n"
    assert name() == client["name"]
    assert script("redo").stdout == "Redone: Rename client\n"
    run("undo")


def test_many_calls_are_acknowledged_one_by_one(sample: Profile, client: dict[str, Any]) -> None:
    command = [sys.executable, "-m", "deskcrm", "--profile", str(sample.folder), "log-call"]
    with subprocess.Popen(
        [*command, "--stdin"],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as calls:
        assert calls.stdin is not None
        assert calls.stdout is not None
        assert calls.stderr is not None
        for number in (1, 2):
            line = json.dumps({"client": client["client"], "text": f"Звонок {number}"})
            calls.stdin.write(line + "\n")
            calls.stdin.flush()
            # Read before the next is written: each is acknowledged by itself.
            assert calls.stdout.readline().startswith("logged ")
        calls.stdin.write('{"text": "whose?"}\n')
        calls.stdin.close()
        said = calls.stderr.read()
    assert calls.returncode == 1
    assert said.startswith("deskcrm: Line 3 is not a call; those before it are logged.")
    for _ in range(2):
        assert deskcrm("--profile", str(sample.folder), "undo").returncode == 0


def test_bad_calls_are_refused_in_one_line(sample: Profile, client: dict[str, Any]) -> None:
    at = ("--profile", str(sample.folder), "log-call")
    assert "required" in complaint(deskcrm(*at, "--text", "whose?"))
    assert "not an id" in complaint(deskcrm(*at, "--client", "no", "--text", "x"))
    less = complaint(deskcrm(*at, "--client", client["client"], "--minutes", "-3"))
    assert "less than no time" in less
    renamed = deskcrm("--profile", str(sample.folder), "rename-client", client["client"], "  ")
    assert "needs a name" in complaint(renamed)


def test_nothing_is_undone_that_is_not_there(sample: Profile) -> None:
    folder = str(sample.folder)
    assert "no such step" in complaint(deskcrm("--profile", folder, "undo", "999999"))


def test_while_the_window_is_open_asking_works_and_writing_is_refused(
    sample: Profile, script: Run, client: dict[str, Any]
) -> None:
    with open_profile(sample, passphrase=PASSPHRASE):
        assert json.loads(script("lookup", client["name"], "--json").stdout)
        assert script("history", client["client"]).stdout
        assert "is good" in script("verify").stdout
        refused = process("--profile", str(sample.folder), "undo")
    said = complaint(refused)
    assert "already open" in said
    assert "close it and try again" in said


def test_what_the_server_has_not_taken_can_be_carried_out(run: Run, client: dict[str, Any]) -> None:
    run("rename-client", client["client"], "Unsent Ltd")
    newest = json.loads(run("unsent", "--json").stdout)[-1]
    assert (newest["state"], newest["row"]["label"]) == ("waiting", "Renamed client")
    (value,) = newest["changes"][0]["values"]
    assert (value["before"], value["after"]) == (client["name"], "Unsent Ltd")
    assert f"{client['name']} → Unsent Ltd" in run("unsent").stdout
    run("undo")


def test_a_feed_is_taken_in_once_with_true_counts(
    run: Run, client: dict[str, Any], tmp_path: Path
) -> None:
    feed = tmp_path / "usage.csv"
    lines = ["client;metric;day;value", f"{client['client']};Жирафы;2026-01-05;3", "Nobody;x;now;1"]
    feed.write_text("\n".join(lines), encoding="utf-8-sig")
    said = json.loads(run("feed", str(feed), "--as", "usage", "--json").stdout)
    assert {key: said[key] for key in ("read", "new", "changed", "same", "rejected")} == {
        "read": 2, "new": 1, "changed": 0, "same": 0, "rejected": 1,
    }  # fmt: skip
    assert said["rejects"] == [{"line": 3, "why": "“now” is not a day like 2026-11-28."}]
    again = run("feed", str(feed), "--as", "usage").stdout
    assert again.startswith("2 lines: 0 new, 0 changed, 1 known already, 1 rejected\nLine 3: ")
    run("undo", str(said["step"]))


def test_a_feed_in_another_encoding_is_refused(run: Run, sample: Profile, tmp_path: Path) -> None:
    feed = tmp_path / "usage.csv"
    feed.write_bytes("client;metric;day;value\nРомашка;x;2026-01-05;1".encode("cp1251"))
    asked = deskcrm("--profile", str(sample.folder), "feed", str(feed), "--as", "usage")
    assert "usage.csv is not in UTF-8. Save it as" in complaint(asked)
    missing = deskcrm("--profile", str(sample.folder), "feed", "none.csv", "--as", "usage")
    assert "none.csv cannot be read" in complaint(missing)
