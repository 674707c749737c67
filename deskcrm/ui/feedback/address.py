"""Where links to forms lead, as far as this workstation knows; and why there are none."""

from dataclasses import dataclass
from typing import Final

from deskcrm.base.words import tr
from deskcrm.domain.feedback.settings import LINK_ADDRESS
from deskcrm.sync.credentials import Credentials
from deskcrm.ui.kit.desk import Desk

_FOR_ALL: Final = "https://"
"""A server that is spoken to in any other way is on this computer, where no client can reach it."""


@dataclass(frozen=True, slots=True)
class Address:
    """What links begin with; empty with the reason, in a sentence."""

    begins: str
    why_none: str = ""


def address_of(desk: Desk) -> Address:
    """Give what links begin with: what was set for everybody, else the server's address."""
    given = desk.setting(LINK_ADDRESS)
    login = Credentials(desk.store).login()
    if login is None:
        return Address("", tr("There is no link: this workspace has no server that opens forms."))
    if not given and not login.url.startswith(_FOR_ALL):
        return Address("", tr("There is no link: clients cannot reach a server on this computer."))
    return Address(given or login.url)
