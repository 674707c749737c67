"""The card that a deed of the Renewals screen opens: every one of them begins the same way."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from deskcrm.ui.drafts.card import FormCard, Save
from deskcrm.ui.kit.fields import Field

if TYPE_CHECKING:
    from deskcrm.ui.renewals.screen import RenewalsScreen


def about_of(screen: Any) -> Any:
    """Give what the current row is about, or None."""
    row = screen.row()
    return row.about if row is not None else None


def open_card(
    screen: "RenewalsScreen",
    row: Any,
    deed: str,
    title: str,
    fields: Sequence[Field | tuple[Field, ...]],
    save: Save,
    **options: Any,
) -> FormCard:
    """Ask what a deed needs to know of a row; None: of nothing that is there yet."""
    subject = row.id.hex if row is not None else ""
    place = f"renewals.{deed}"
    return FormCard(
        screen.desk, screen, title, fields, save, place=place, subject=subject, **options
    )
