"""What a person can do about erasing people, in the list of clients."""

from typing import Any

from deskcrm.ui.erasures.card import open_erasure
from deskcrm.ui.erasures.certificate import open_certificates
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.list_detail import one_selected


@action(
    "clients.erase", "Erase a person…", needs=one_selected, icon="trash",
    synonyms="gdpr forget privacy personal data стереть забыть персональные данные",
)  # fmt: skip
def erase(screen: Any) -> None:
    """Erase a person at the current client on request, for good."""
    row = screen.row()
    if row is not None:
        open_erasure(screen.desk, screen, row.id)


@action(
    "clients.erasures", "Certificates of erasure", icon="note",
    synonyms="gdpr privacy erased акты стирание персональные данные",
)  # fmt: skip
def show_certificates(screen: Any) -> None:
    """Show the certificates of people who were erased."""
    open_certificates(screen.desk, screen)
