"""How much a record weighs in a search: who matters more, and what is open, comes first."""

from typing import Final

from deskcrm.domain.clients.model import Lifecycle, Tier

_KNOWN: Final = 7
_GONE: Final = 4
_OPEN_TICKET: Final = 5
_CLOSED_TICKET: Final = 3
_ARTICLE: Final = 4
_DRAFT: Final = 1
_OF_TIER: Final = {Tier.DIAMOND: 3, Tier.GOLD: 2, Tier.SILVER: 1, Tier.STANDARD: 0}
INTERACTION: Final = 0


def of_client(tier: Tier, lifecycle: Lifecycle) -> int:
    """Weigh a client, 4 to 10."""
    return _GONE if lifecycle is Lifecycle.CHURNED else _KNOWN + _OF_TIER[tier]


def of_contact(client: int, *, is_active: bool) -> int:
    """Weigh a contact: as the client does, less when they left."""
    return client if is_active else min(client, _GONE)


def of_ticket(*, is_open: bool) -> int:
    """Weigh a ticket: open ones first."""
    return _OPEN_TICKET if is_open else _CLOSED_TICKET


def of_article(*, is_published: bool) -> int:
    """Weigh an article: behind clients and open tickets, one in use before a draft."""
    return _ARTICLE if is_published else _DRAFT
