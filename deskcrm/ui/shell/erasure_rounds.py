"""The round through the erasure of a person, for the pictures; nobody is erased."""

from datetime import timedelta
from typing import TYPE_CHECKING

from deskcrm.domain.erasures.model import ErasureId, PersonKind
from deskcrm.domain.erasures.queries import ErasureRow
from deskcrm.ui.clients.screen import ClientsScreen
from deskcrm.ui.erasures.card import ErasureCard, open_erasure
from deskcrm.ui.erasures.certificate import CertificateCard
from deskcrm.ui.kit.overlay import Overlay

if TYPE_CHECKING:
    from deskcrm.ui.shell.pictures import Camera
    from deskcrm.ui.shell.window import Window


def walk(window: "Window", camera: "Camera") -> None:
    """Take pictures of what would go, and of a certificate."""
    window.desk.go("clients")
    camera.settle()
    screen = window.pages.page()
    assert isinstance(screen, ClientsScreen)
    row = screen.row()
    if row is None:
        return
    open_erasure(window.desk, window, row.id)
    camera.settle()
    camera.take("erasure", window)
    for card in window.findChildren(ErasureCard):
        assert card.form is not None
        card.form.fields["typed_name"].set_value("?")
        card.form.save()
    camera.settle()
    camera.take("erasure-refused", window)
    _close(window)
    now = window.desk.store.clock()
    said = ErasureRow(
        ErasureId(row.id), "E-2026-3F9A2C", PersonKind.CONTACT, row.id, now, "Anna",
        {"contact": 1, "contact_point": 3, "interaction": 12}, "3f9a2c" * 10, 2,
        (now + timedelta(days=30)).date(),
    )  # fmt: skip
    CertificateCard(window.desk, window, [said])
    camera.take("erasure-certificate", window)
    _close(window)


def _close(window: "Window") -> None:
    for card in window.findChildren(Overlay):
        card.close_card()
