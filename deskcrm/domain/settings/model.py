"""The tables of what people set."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.store.tables import Local, Record


class Preference(Record, kw_only=True):
    """A setting of a person (its scope is the person) or of the whole workspace."""

    __tablename__ = "preference"
    __title__ = "key"

    key: Mapped[str]
    value: Mapped[str]

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the id that every workstation gives the setting."""
        return preference_id(values["scope"], values["key"])


class DevicePreference(Local, kw_only=True):
    """A setting of this workstation."""

    __tablename__ = "device_preference"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


def preference_id(scope: UUID, key: str) -> UUID:
    """Give the id of a setting.

    It is worked out, not drawn: two workstations that set the same thing offline must write the
    same record.
    """
    return uuid5(scope, f"preference {key}")
