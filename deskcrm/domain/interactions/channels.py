"""What other features need to know of an interaction: its id, channel and direction."""

from enum import StrEnum
from typing import NewType
from uuid import UUID

InteractionId = NewType("InteractionId", UUID)


class Channel(StrEnum):
    """By which way something was said."""

    CALL = "call"
    EMAIL = "email"
    CHAT = "chat"
    SOCIAL = "social"
    MEETING = "meeting"
    VIDEO = "video"
    VISIT = "visit"
    PORTAL = "portal"
    NOTE = "note"

    @property
    def is_face_to_face(self) -> bool:
        """Tell whether both sides are there at once, so that it is an answer by itself."""
        return self in (Channel.MEETING, Channel.VIDEO, Channel.VISIT)


class Direction(StrEnum):
    """Who turned to whom."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    NONE = "none"
