"""The tables of contacts and of the ways to reach them."""

from datetime import date
from enum import StrEnum
from typing import NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.names import one_line
from deskcrm.store.indexes import index_where
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, follows, merges, refers

ContactId = NewType("ContactId", UUID)
ContactPointId = NewType("ContactPointId", UUID)


class ContactRole(StrEnum):
    """What a contact means for our standing at the client."""

    CHAMPION = "champion"
    DECISION_MAKER = "decision_maker"
    USER = "user"
    BILLING = "billing"
    DETRACTOR = "detractor"
    OTHER = "other"


class ContactStatus(StrEnum):
    """Whether a contact is still there."""

    ACTIVE = "active"
    LEFT = "left"


class PreferredChannel(StrEnum):
    """How a contact likes to be reached."""

    ANY = "any"
    PHONE = "phone"
    EMAIL = "email"
    MESSENGER = "messenger"
    MEETING = "meeting"


class Consent(StrEnum):
    """Whether a contact allowed us to write and call."""

    UNKNOWN = "unknown"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class Contact(Record, kw_only=True):
    """A person we talk to at a client."""

    __tablename__ = "contact"
    __subject__ = "client_id"
    __title__ = "name"

    client_id: Mapped[ClientId] = mapped_column(info=refers("client"), index=True)
    name: Mapped[str]
    greeting: Mapped[str] = mapped_column(default="")
    """How to address the person in a reply, when the first name will not do."""
    position: Mapped[str] = mapped_column(default="")
    role: Mapped[ContactRole] = mapped_column(default=ContactRole.USER)
    status: Mapped[ContactStatus] = mapped_column(
        default=ContactStatus.ACTIVE, info=merges(Merge.REGISTER, group="status")
    )
    left_on: Mapped[date | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="status")
    )
    language: Mapped[str] = mapped_column(default="")
    preferred_channel: Mapped[PreferredChannel] = mapped_column(default=PreferredChannel.ANY)
    consent: Mapped[Consent] = mapped_column(
        default=Consent.UNKNOWN, info=merges(Merge.REGISTER, group="consent")
    )
    consent_on: Mapped[date | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="consent")
    )
    notes: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    merged_into_id: Mapped[ContactId | None] = mapped_column(
        default=None, info={**refers("contact"), "is_silent": True}
    )
    """As whom one goes on who was merged, and is deleted therefore."""

    def rename(self, name: str) -> None:
        """Give the contact another name."""
        name = one_line(name)
        if not name:
            raise UserError(tr("A contact needs a name."), tr("Type the name and save again."))
        self.name = name

    def leave(self, day: date) -> None:
        """Note that the person is no longer at the client; the history stays."""
        if self.status is ContactStatus.LEFT:
            raise UserError(tr("{name} is already marked as left.", name=self.name))
        self.status, self.left_on = ContactStatus.LEFT, day

    def come_back(self) -> None:
        """Note that the person is at the client again."""
        if self.status is ContactStatus.ACTIVE:
            raise UserError(tr("{name} has not left.", name=self.name))
        self.status, self.left_on = ContactStatus.ACTIVE, None


class PointKind(StrEnum):
    """What kind of address a contact point is."""

    PHONE = "phone"
    EMAIL = "email"
    MESSENGER = "messenger"


class ContactPoint(Record, kw_only=True):
    """One way to reach a contact, or a client itself (a switchboard).

    ``typed`` is what the person wrote, ``normal`` what is compared: E.164, a folded address.
    """

    __tablename__ = "contact_point"
    __subject__ = "client_id"
    __title__ = "typed"
    __table_args__ = (
        Index(None, "normal", "kind"),
        # With all rows in it, SQLite took it for "of no contact": it looked through every client.
        index_where("ix_contact_point_contact_id", "contact_id", where="contact_id IS NOT NULL"),
    )

    client_id: Mapped[ClientId] = mapped_column(info=refers("client"), index=True)
    contact_id: Mapped[ContactId | None] = mapped_column(default=None, info=refers("contact"))
    kind: Mapped[PointKind] = mapped_column(info=merges(Merge.FINAL))
    label: Mapped[str] = mapped_column(default="")
    typed: Mapped[str] = mapped_column(info=merges(Merge.REGISTER, group="address"))
    normal: Mapped[str] = mapped_column(info=follows("address"))
    extension: Mapped[str] = mapped_column(default="", info=follows("address"))
    is_preferred: Mapped[bool] = mapped_column(default=False)
