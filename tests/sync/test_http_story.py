"""A client's history is told in the order in which things happened, on every workstation alike."""

import json
from argparse import Namespace
from contextlib import nullcontext
from datetime import timedelta

import pytest

from deskcrm.cli import clients as cli
from deskcrm.domain.clients.commands import create_company, edit_client, rename_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.store.history import HistoryEntry, list_history
from deskcrm.store.store import Store
from tests.sync.conftest import MakeDesk
from tests.sync.desks import Desk
from tests.sync.http_world import Site
from tests.sync.people import both


def person(site: Site, make_desk: MakeDesk, name: str) -> Desk:
    site.add_person(name)
    desk = make_desk(name, site)
    desk.connect()
    return desk


def told(store: Store, client: ClientId) -> list[str]:
    """Give the history as pages of two, in the words of its lines."""
    entries: list[HistoryEntry] = []
    while True:
        before = entries[-1].step if entries else None
        page = store.ask(list_history, client, limit=2, before=before)
        if not page:
            return [entry.lines[0] for entry in entries]
        entries += page


def test_steps_stand_by_their_moment_whoever_comes_last(
    either_site: Site, make_desk: MakeDesk
) -> None:
    anna, ivan = (person(either_site, make_desk, name) for name in ("anna", "ivan"))
    watch = anna.watch
    acme = anna.store.do(create_company, name="Acme").value
    both(anna, ivan)
    # His clock is years off; what he does offline between hers comes last of all.
    ivan.store.clock = lambda: watch() + timedelta(days=2_000)
    watch.move(minutes=1)
    anna.store.do(edit_client, acme, city="first")
    anna.sync()
    watch.move(minutes=1)
    ivan.store.do(edit_client, acme, industry="second")
    watch.move(minutes=1)
    anna.store.do(rename_client, acme, name="third")
    anna.sync()
    both(anna, ivan)
    stories = [told(desk.store, acme) for desk in (anna, ivan)]
    stories.append(told(either_site.hub.store, acme))
    assert stories[0] == stories[1] == stories[2]
    words = ("Added", "first", "second", "third")
    order = [next(word for word in words if word in line) for line in stories[0]]
    assert order == ["third", "second", "first", "Added"]
    # What waits is the newest, whatever its own clock says.
    ivan.store.clock = lambda: watch() - timedelta(days=2_000)
    ivan.store.do(edit_client, acme, city="waiting")
    assert "waiting" in told(ivan.store, acme)[0]
    anna.store.do(edit_client, acme, website="later.example")
    anna.sync()
    both(ivan, anna)
    assert told(anna.store, acme) == told(ivan.store, acme)


def test_the_command_line_tells_it_in_the_same_order(
    site: Site, make_desk: MakeDesk, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    anna, ivan = (person(site, make_desk, name) for name in ("anna", "ivan"))
    acme = anna.store.do(create_company, name="Acme").value
    both(anna, ivan)
    anna.watch.move(minutes=1)
    ivan.store.do(edit_client, acme, industry="earlier, and last to come")
    anna.watch.move(minutes=1)
    anna.store.do(edit_client, acme, city="later")
    anna.sync()
    both(ivan, anna)
    monkeypatch.setattr(cli, "asking", lambda _: nullcontext(anna.store))
    options = Namespace(id=str(acme), profile=None, limit=9, json=True)
    assert cli.run_history(options) == 0
    entries = json.loads(capsys.readouterr().out)
    assert [entry["actor"] for entry in entries] == ["anna", "ivan", "anna"]
    assert [entry["at"] for entry in entries] == sorted((e["at"] for e in entries), reverse=True)
