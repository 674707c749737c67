"""Every trouble has its words: on the command line, on the sync page, on its chip, at a sign-in."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from deskcrm.base import words
from deskcrm.base.jobs import Job
from deskcrm.store.store import Store
from deskcrm.sync import troubles
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station.status import NEEDS_A_PERSON, State, in_words
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.sync import words as said
from deskcrm.ui.sync.connect import explained
from deskcrm.ui.sync.posing import PosedLink
from deskcrm.ui.sync.screen import SyncScreen
from deskcrm.ui.sync.standing import Standing
from tests.ui.settle import settle
from tests.ui.sync.conftest import Refuse

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


def test_there_is_one_list_and_every_trouble_is_in_it() -> None:
    assert {*troubles._WORDS, "mass_delete"} == {trouble.value for trouble in Trouble}


def test_what_needs_a_person_can_be_done_something_about() -> None:
    assert {Trouble(name) for name in said._DEEDS} == set(Trouble) - PASSING
    assert {Trouble(name) for name in said._DEEDS} >= NEEDS_A_PERSON


def test_a_large_deletion_says_how_much_and_waits_for_a_decision(
    screen: SyncScreen, link: PosedLink, desk: Desk
) -> None:
    link.pose(state=State.STOPPED, trouble=Trouble.MASS_DELETE, detail="4127")
    settle(desk)
    assert screen.trouble.isVisible()
    assert screen.trouble.heading.text() == "The server wants to delete 4,127 records here"
    screen.trouble.buttons["allow"].click()
    settle(desk)
    assert link.asked == ["allow_deletion"]
    screen.trouble.buttons["keep"].click()
    settle(desk)
    assert link.asked == ["allow_deletion", "keep_deleted"]
    assert not screen.trouble.isVisible()


def test_a_lease_that_runs_out_says_what_keeps_the_copy_open(
    screen: SyncScreen, link: PosedLink, desk: Desk
) -> None:
    link.pose(state=State.RETRYING, trouble=Trouble.OFFLINE)
    link.pose_lease(days=14, left=timedelta(days=10))
    settle(desk)
    assert not screen.trouble.isVisible()
    link.pose_lease(days=14, left=timedelta(days=2))
    settle(desk)
    assert screen.trouble.heading.text() == "Locks in 2 days"
    assert screen.trouble.text.text().startswith("One exchange with the server before then")
    assert screen.card.now.isVisible()


def test_there_is_one_way_to_try_again_and_one_primary_button(
    screen: SyncScreen, link: PosedLink, desk: Desk, refuse: Refuse
) -> None:
    refuse("Acme II")
    link.pose(state=State.STOPPED, trouble=Trouble.LINEAGE)
    screen.shelf.setCurrentIndex(2)
    settle(desk)
    assert screen.trouble.buttons["again"].isVisible() and not screen.card.now.isVisible()
    link.sign_out(Job())
    settle(desk)
    assert screen.card.join.isVisible()
    looks = [one.property("look") for one in screen.findChildren(QPushButton) if one.isVisible()]
    assert looks.count("primary") == 1


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_trouble_has_words(
    screen: SyncScreen, link: PosedLink, desk: Desk, trouble: Trouble
) -> None:
    link.pose(state=State.STOPPED, trouble=trouble, detail="7")
    settle(desk)
    # A file that the server does not have is told where it is opened.
    is_by_itself = trouble in (Trouble.OFFLINE, Trouble.BUSY, Trouble.MISSING)
    assert screen.trouble.isVisible() == (not is_by_itself)
    if not is_by_itself:
        assert screen.trouble.heading.text() and screen.trouble.text.text()
        # A copy that is being wiped leaves nothing to choose.
        offers = any(button.isVisible() for button in screen.trouble.buttons.values())
        assert offers == (trouble is not Trouble.WIPE)
