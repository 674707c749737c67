"""The ledger of promises: what was kept, broken and owed, by client and by person."""

from datetime import timedelta

import pytest

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.promises.commands import (
    break_promise,
    cancel_promise,
    keep_promise,
    make_promise,
)
from deskcrm.domain.promises.ledger import (
    Ledger,
    PromiseShelf,
    count_ledger,
    get_ledger,
    page_ledger,
)
from deskcrm.domain.users.model import UserId
from deskcrm.store.store import Store
from tests.watch import START, Watch

TODAY = START.date()


@pytest.fixture
def other(desk: Store, client: ClientId, watch: Watch) -> ClientId:
    """Give a second client; to the two of them six promises were made."""
    found = desk.do(create_company, name="ООО «Ёлка»").value
    made = {
        name: desk.do(make_promise, whom, text=name, due_on=TODAY + timedelta(days=days)).value
        for name, whom, days in (
            ("kept", client, 1),
            ("kept late", client, -1),
            ("broken", found, -5),
            ("let off", client, -5),
            ("owed", found, 3),
            ("overdue", client, -2),
        )
    }
    for name, command in (
        ("kept", keep_promise),
        ("kept late", keep_promise),
        ("broken", break_promise),
        ("let off", cancel_promise),
    ):
        watch.move(minutes=1)
        desk.do(command, made[name])
    return ClientId(found)


def test_the_ledger_adds_up_by_hand(desk: Store, client: ClientId, other: ClientId) -> None:
    whole = desk.ask(get_ledger)
    assert whole == Ledger(open=2, overdue=1, kept=2, kept_late=1, broken=1)
    assert whole.share_kept == 0.5
    theirs = desk.ask(get_ledger, client_id=other)
    assert (theirs.broken, theirs.open, theirs.share_kept) == (1, 1, 0.0)
    assert desk.ask(get_ledger, made_by=UserId(client)).share_kept is None
    assert desk.ask(get_ledger, made_by=UserId(desk.actor)) == whole


@pytest.mark.parametrize(
    ("shelf", "texts"),
    [
        (PromiseShelf.OPEN, ["owed"]),
        (PromiseShelf.OVERDUE, ["overdue"]),
        (PromiseShelf.KEPT, ["kept late", "kept"]),
        (PromiseShelf.BROKEN, ["broken"]),
        (PromiseShelf.ALL, ["overdue", "owed", "let off", "broken", "kept late", "kept"]),
    ],
)
def test_each_shelf_has_what_it_says(
    desk: Store, other: ClientId, shelf: PromiseShelf, texts: list[str]
) -> None:
    assert [row.text for row in desk.ask(page_ledger, shelf=shelf)] == texts
    assert desk.ask(count_ledger, shelf=shelf) == len(texts)


def test_the_ledger_is_read_by_client_and_page_by_page(desk: Store, other: ClientId) -> None:
    assert [row.text for row in desk.ask(page_ledger, client_words="ЕЛКА")] == ["owed", "broken"]
    assert desk.ask(count_ledger, client_words="елка") == 2
    pages = [desk.ask(page_ledger, offset=at, limit=4) for at in (0, 4)]
    assert [len(page) for page in pages] == [4, 2]
    assert desk.ask(count_ledger, made_by=UserId(other)) == 0
