"""A person is erased by name from the client's page, and the certificate is saved."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QShortcut
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.erasures.queries import list_erasures
from deskcrm.domain.users.commands import add_user, create_first_user
from deskcrm.domain.users.model import UserRole
from deskcrm.ui.clients.screen import ClientsScreen
from deskcrm.ui.erasures import certificate
from deskcrm.ui.erasures.card import ErasureCard
from deskcrm.ui.erasures.certificate import CertificateCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk
from tests.domain.erasures.people import Known, found_in, make_marfa
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def known(desk: Desk) -> Known:
    desk.store.do(create_first_user, name="Ann")
    return make_marfa(desk.store)


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot, known: Known) -> ClientsScreen:
    made = ClientsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    settle(desk)
    return made


def card_in(widget: Any, kind: type[Any]) -> Any:
    return next(one for one in widget.window().findChildren(kind) if one.isVisible())


def test_a_person_is_erased_once_the_name_is_typed(
    screen: ClientsScreen, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_action("clients.erase", screen)
    settle(desk)
    card = card_in(screen, ErasureCard)
    assert unnamed(card) == [] and unreachable(card) == []
    assert "Contact: 1 record" in card.what.text()
    assert len(card.form.fields["texts"].value()) == 4
    assert len(card.form.fields["files"].value()) == 1
    card.form.fields["typed_name"].set_value("Marfa")
    name = card.form.fields["typed_name"].stop()
    # Not typed: here the screen is the window, and has the key itself.
    keys = {one.key().toString(): one for one in name.parentWidget().findChildren(QShortcut)}
    keys["Ctrl+Return"].activated.emit()
    settle(desk)
    assert "does not match" in name.accessibleDescription()
    assert card.page.verticalScrollBar().maximum() == 0, "there is room for the whole card"
    card.form.fields["typed_name"].set_value("Марфа Селиванова")
    card.form.save()
    settle(desk)
    (row,) = desk.store.ask(list_erasures)
    assert row.mentions_left == 0
    paper = card_in(screen, CertificateCard)
    assert unnamed(paper) == []
    for name in ("certificate.pdf", "certificate.txt"):
        monkeypatch.setattr(certificate, "choose_where", lambda *_, name=name: tmp_path / name)
        paper._save(Path(name).suffix)
    assert (tmp_path / "certificate.pdf").read_bytes().startswith(b"%PDF")
    assert row.reference in (tmp_path / "certificate.txt").read_text("utf-8")
    assert not found_in(paper.view.toPlainText().encode())
    paper.close_card()
    settle(desk)
    run_action("clients.erasures", screen)
    settle(desk)
    assert card_in(screen, CertificateCard).row() == row


def test_who_may_not_is_told_so(screen: ClientsScreen, desk: Desk) -> None:
    desk.store.sign_in(desk.store.do(add_user, name="Lena", role=UserRole.LEAD).value)
    told: list[Any] = []
    desk.told.connect(told.append)
    run_action("clients.erase", screen)
    settle(desk)
    assert screen.window().findChildren(ErasureCard) == []
    assert "Only an administrator" in told[0].text
