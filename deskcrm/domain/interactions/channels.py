"""What other features need to know of an interaction: its id, channel and direction."""

from enum import StrEnum
from typing import Final, NewType
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

    @property
    def is_live(self) -> bool:
        """Tell whether a person of ours hears the client at the moment of speaking."""
        return self is Channel.CALL or self.is_face_to_face


WRITTEN: Final = tuple(channel for channel in Channel if not channel.is_live and channel != "note")
"""The channels by which a client's word lies waiting until somebody answers it."""


class Direction(StrEnum):
    """Who turned to whom."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    NONE = "none"
