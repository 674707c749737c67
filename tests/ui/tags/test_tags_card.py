"""Tags: renamed, put together, deleted, and back."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.tags.commands import tag_clients_by_name
from deskcrm.domain.tags.queries import list_tags
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Desk, undo
from deskcrm.ui.tags.card import TagsCard
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def card(desk: Desk, qtbot: QtBot) -> TagsCard:
    desk.store.do(create_first_user, name="Ann")
    client = desk.store.do(create_company, name="Acme").value
    for name in ("pilot", "pilots"):
        desk.store.do(tag_clients_by_name, [client], name=name)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    made = TagsCard(desk, window)
    settle(desk)
    return made


def form(card: TagsCard) -> FormCard:
    return next(one for one in card.window().findChildren(FormCard) if one.isVisible())


def names(desk: Desk) -> list[str]:
    return [tag.name for tag in desk.store.ask(list_tags)]


def test_a_tag_is_renamed_and_a_taken_name_refused(card: TagsCard, desk: Desk) -> None:
    assert unnamed(card) == [] and unreachable(card) == []
    card.open_rename(card.tags[0])
    settle(desk)
    form(card).form.fields["name"].set_draft("pilots")
    form(card).form.save()
    settle(desk)
    assert form(card).form.banner.isVisible()
    form(card).form.fields["name"].set_draft("trial")
    form(card).form.save()
    settle(desk)
    assert names(desk) == ["pilots", "trial"]


def test_two_tags_become_one_and_two_again(card: TagsCard, desk: Desk) -> None:
    card.open_merge(card.tags[1])
    settle(desk)
    form(card).form.fields["into"].set_value(card.tags[0].id)
    form(card).form.save()
    settle(desk)
    assert names(desk) == ["pilot"]
    undo(desk)
    settle(desk)
    assert names(desk) == ["pilot", "pilots"]


def test_a_deleted_tag_comes_back(card: TagsCard, desk: Desk) -> None:
    card.delete(card.tags[0])
    settle(desk)
    assert names(desk) == ["pilots"]
    undo(desk)
    settle(desk)
    assert [tag.name for tag in card.tags] == ["pilot", "pilots"]
