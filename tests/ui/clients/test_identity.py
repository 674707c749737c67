"""Who a client is, on its page: whose each number is can be seen from where it stands."""

from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from deskcrm.domain.clients.commands import create_person
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contacts.model import PointKind
from deskcrm.domain.contacts.points import add_point
from deskcrm.ui.clients.screen import ClientsScreen
from deskcrm.ui.kit.desk import Desk
from tests.ui.clients.conftest import AddClient
from tests.ui.settle import settle

SWITCHBOARD = "+7 495 123-45-67"


def order(screen: ClientsScreen) -> list[str]:
    """Give the headings and what can be copied, as they stand from top to bottom."""
    page = screen.view.identity

    def place(widget: QWidget) -> int:
        return widget.mapTo(page, widget.rect().topLeft()).y()

    heads = [one for one in page.findChildren(QLabel) if one.property("role") == "caption"]
    copies = [one for one in page.findChildren(QToolButton) if "Copy" in one.accessibleName()]
    named = [(place(one), one.text()) for one in heads]
    named += [(place(one), one.accessibleName().removeprefix("Copy ")) for one in copies]
    return [words for _, words in sorted(named)]


def test_a_company_s_own_number_stands_under_the_company(
    screen: ClientsScreen, desk: Desk, add: AddClient
) -> None:
    acme = add("Acme")
    eva = desk.store.do(add_contact, acme, name="Eva").value
    desk.store.do(add_point, acme, kind=PointKind.PHONE, text=SWITCHBOARD)
    desk.store.do(add_point, acme, contact_id=eva, kind=PointKind.EMAIL, text="eva@acme.example")
    settle(desk)
    screen.table.go_to(0)
    settle(desk)
    assert order(screen) == ["People", "eva@acme.example", "Company", SWITCHBOARD]


def test_of_a_private_person_the_person_comes_first(screen: ClientsScreen, desk: Desk) -> None:
    eva = desk.store.do(create_person, name="Eva").value
    desk.store.do(add_point, eva, kind=PointKind.PHONE, text=SWITCHBOARD)
    settle(desk)
    screen.table.go_to(0)
    settle(desk)
    assert order(screen) == ["Person", SWITCHBOARD, "People"]
