"""The tables of clients and of their custom fields."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID, uuid5

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.names import one_line, sort_key
from deskcrm.domain.users.model import UserId
from deskcrm.store.indexes import index_where
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, follows, merges, refers

ClientId = NewType("ClientId", UUID)
CustomFieldId = NewType("CustomFieldId", UUID)

FoldedText = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by code point on both databases, which is what folded text is made for."""


def of_living(name: str, *columns: str) -> Index:
    """Declare an index of the rows that are not deleted.

    A leading column ``is_deleted`` would do the same, were it not that SQLite takes any equality
    for selective: it would walk a million living rows rather than look up the ten it was given.
    """
    return index_where(name, *columns, where="is_deleted = 0", postgres="NOT is_deleted")


class ClientKind(StrEnum):
    """What a client is."""

    COMPANY = "company"
    PERSON = "person"


class Tier(StrEnum):
    """How important a client is to us.

    The texts fall into the order of importance by alphabet, so that an index on the column
    gives the order.
    """

    DIAMOND = "diamond"
    GOLD = "gold"
    SILVER = "silver"
    STANDARD = "standard"

    @property
    def is_vip(self) -> bool:
        """Tell whether the client is to be served before others."""
        return self in (Tier.DIAMOND, Tier.GOLD)


class Lifecycle(StrEnum):
    """How far a client has come with us."""

    PROSPECT = "prospect"
    ONBOARDING = "onboarding"
    ACTIVE = "active"
    AT_RENEWAL = "at_renewal"
    PAUSED = "paused"
    CHURNED = "churned"

    @property
    def is_customer(self) -> bool:
        """Tell whether the client is with us now."""
        return self not in (Lifecycle.PROSPECT, Lifecycle.CHURNED)


def merge_lifecycles(mine: Lifecycle, theirs: Lifecycle) -> Lifecycle:
    """Decide between two set without knowledge of one another: the gravest news, then the latest.

    That a client leaves must not be hidden by a colleague who moved it to renewal.
    """
    gravest_first = (Lifecycle.CHURNED, Lifecycle.PAUSED, *reversed(Lifecycle))
    return min(mine, theirs, key=gravest_first.index)


class Client(Record, kw_only=True):
    """A company or a person that we serve."""

    __tablename__ = "client"
    __title__ = "name"
    # The list of a million: counted, sorted and skipped through without a look at the rows.
    # Thin on purpose: what does not fit the page cache must be decrypted for every scroll.
    __table_args__ = (
        of_living("ix_client_sort_name", "sort_name", "lifecycle"),
        of_living("ix_client_tier", "tier", "sort_name", "lifecycle"),
        of_living("ix_client_lifecycle", "lifecycle", "sort_name"),
        of_living("ix_client_city", "city", "sort_name"),
        of_living("ix_client_owner_id", "owner_id", "sort_name"),
        index_where("ix_client_parent_id", "parent_id", where="parent_id IS NOT NULL"),
        index_where(
            "ix_client_deleted", "sort_name", where="is_deleted = 1", postgres="is_deleted"
        ),
    )

    kind: Mapped[ClientKind] = mapped_column(default=ClientKind.COMPANY)
    name: Mapped[str] = mapped_column(info=merges(Merge.REGISTER, group="name"))
    sort_name: Mapped[str] = mapped_column(FoldedText, default="", info=follows("name"))
    legal_name: Mapped[str] = mapped_column(default="")
    tax_number: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[ClientId | None] = mapped_column(default=None, info=refers("client"))
    owner_id: Mapped[UserId | None] = mapped_column(default=None, info=refers("user"))
    tier: Mapped[Tier] = mapped_column(default=Tier.STANDARD)
    lifecycle: Mapped[Lifecycle] = mapped_column(
        default=Lifecycle.ACTIVE,
        info={**merges(Merge.STATE, group="lifecycle"), "rule": merge_lifecycles},
    )
    customer_since: Mapped[date | None] = mapped_column(default=None, info=merges(Merge.EARLIER))
    churned_on: Mapped[date | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="lifecycle")
    )
    churn_reason: Mapped[str] = mapped_column(
        default="", info=merges(Merge.REGISTER, group="lifecycle")
    )
    goals: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    about: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    caution: Mapped[str] = mapped_column(default="")
    """One line to see before speaking: "never call before noon"."""
    language: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(default="")
    industry: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    street: Mapped[str] = mapped_column(default="", info=merges(Merge.REGISTER, group="address"))
    city: Mapped[str] = mapped_column(default="", info=merges(Merge.REGISTER, group="address"))
    province: Mapped[str] = mapped_column(default="", info=merges(Merge.REGISTER, group="address"))
    postal_code: Mapped[str] = mapped_column(
        default="", info=merges(Merge.REGISTER, group="address")
    )
    country: Mapped[str] = mapped_column(default="", info=merges(Merge.REGISTER, group="address"))

    def __post_init__(self) -> None:
        self.rename(self.name)

    def rename(self, name: str) -> None:
        """Give the client another name, and keep the key that it sorts by in step."""
        name = one_line(name)
        if not name:
            raise UserError(tr("A client needs a name."), tr("Type the name and save again."))
        self.name = name
        self.sort_name = sort_key(name)

    def set_lifecycle(self, lifecycle: Lifecycle, *, today: date, reason: str = "") -> None:
        """Move the client on; who leaves gets a date and a reason, who comes back loses them."""
        if lifecycle is Lifecycle.CHURNED:
            self.churned_on = self.churned_on or today
            self.churn_reason = one_line(reason) or self.churn_reason
        else:
            self.churned_on = None
            self.churn_reason = ""
        if lifecycle.is_customer and self.customer_since is None:
            self.customer_since = today
        self.lifecycle = lifecycle


class FieldKind(StrEnum):
    """What a custom field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHECK = "check"
    LINK = "link"


class CustomField(Record, kw_only=True):
    """A field that a team added to its clients."""

    __tablename__ = "custom_field"
    __title__ = "name"

    name: Mapped[str]
    kind: Mapped[FieldKind] = mapped_column(default=FieldKind.TEXT)
    choices: Mapped[list[str]] = mapped_column(default_factory=list)
    hint: Mapped[str] = mapped_column(default="")
    is_required: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)


class CustomValue(Record, kw_only=True):
    """What one client has in one custom field; a record of its own, so that fields merge apart.

    ``text`` is what the field's kind makes canonical: an ISO date, a plain number, "yes".
    """

    __tablename__ = "custom_value"
    __title__ = "field_id"
    __subject__ = "client_id"
    __table_args__ = (Index(None, "client_id", "field_id"), Index(None, "field_id", "text"))

    client_id: Mapped[ClientId] = mapped_column(info=refers("client", Merge.FINAL))
    field_id: Mapped[CustomFieldId] = mapped_column(info=refers("custom_field", Merge.FINAL))
    text: Mapped[str] = mapped_column(default="")

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of a client's value in a field."""
        return custom_value_id(values["client_id"], values["field_id"])


def custom_value_id(client_id: ClientId, field_id: CustomFieldId) -> UUID:
    """Give the id of a client's value in a field.

    It is worked out, not drawn: two people offline who fill the same field must write the same
    record, or the client would have two values.
    """
    return uuid5(field_id, client_id.hex)
