"""Every trouble has its words: on the command line, on the sync page, on its chip, at a sign-in."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from deskcrm.base import words
from deskcrm.store.store import Store
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station.status import NEEDS_A_PERSON, State, in_words
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.sync import words as said
from deskcrm.ui.sync.connect import explained
from deskcrm.ui.sync.posing import PosedLink
from deskcrm.ui.sync.standing import Standing

PASSING = {Trouble.OFFLINE, Trouble.BUSY, Trouble.MISSING}
"""What ends by itself, or is told where a file is opened, needs no card: the chip says it."""


@pytest.fixture(params=["en", "ru"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    before = words.language()
    words.set_language(request.param)
    yield request.param
    words.set_language(before)


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_is_said_everywhere(
    desk: Desk, store: Store, qtbot: QtBot, language: str, trouble: Trouble
) -> None:
    link, standing = PosedLink(), Standing(desk)
    standing.follow(link)
    link.pose(state=State.STOPPED, trouble=trouble)
    found = in_words(trouble)
    sentences = [found.title, found.detail, said.chip(standing).text]
    advice = said.advice(standing)
    assert (advice is None) is (trouble in PASSING)
    if advice is not None:
        sentences += [advice.title, advice.text]
    sentences.append(explained(SyncError(trouble))[0].title)
    assert all(sentences)
    is_russian = [any("а" <= letter <= "я" for letter in one.lower()) for one in sentences]
    assert set(is_russian) == {language == "ru"}


def test_what_needs_a_person_can_be_done_something_about() -> None:
    assert {Trouble(name) for name in said._DEEDS} == set(Trouble) - PASSING
    assert {Trouble(name) for name in said._DEEDS} >= NEEDS_A_PERSON
