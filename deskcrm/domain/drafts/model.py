"""The table of drafts, which stay on this device."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.store.tables import Local


class Draft(Local, kw_only=True):
    """What is being written in one place about one thing."""

    __tablename__ = "draft"

    place: Mapped[str] = mapped_column(primary_key=True)
    """The editor: "interactions.note", "caller_card"."""
    subject: Mapped[str] = mapped_column(primary_key=True)
    """What it is about, as the editor names it: an id, a number; empty for something new."""
    content: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]
