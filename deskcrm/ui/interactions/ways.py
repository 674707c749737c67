"""By which way something was said, in words that agree with who turned to whom."""

from deskcrm.base.words import of, tr
from deskcrm.domain.interactions.channels import Channel, Direction


def way_words(channel: Channel, direction: Direction | None) -> str:
    """Say a channel with its direction; a meeting, a visit and a note have none.

    Each pair is a phrase of its own, because a Russian adjective agrees with its noun.
    """
    return _said(direction).get(channel) or of(channel)


def _said(direction: Direction | None) -> dict[Channel, str]:
    match direction:
        case Direction.OUTGOING:
            return {
                Channel.CALL: tr("Outgoing call"),
                Channel.EMAIL: tr("Outgoing email"),
                Channel.CHAT: tr("Outgoing chat message"),
                Channel.SOCIAL: tr("Outgoing social message"),
                Channel.PORTAL: tr("Outgoing portal message"),
            }
        case Direction.INCOMING:
            return {
                Channel.CALL: tr("Incoming call"),
                Channel.EMAIL: tr("Incoming email"),
                Channel.CHAT: tr("Incoming chat message"),
                Channel.SOCIAL: tr("Incoming social message"),
                Channel.PORTAL: tr("Incoming portal message"),
            }
        case _:
            return {}
