"""What is new in the tickets that a person watches, in the shape of what is told."""

from deskcrm.domain.today.queries import TodayAction, TodayItem, TodayKind
from deskcrm.domain.watchers.queries import list_news
from deskcrm.store.reader import Reader


def news_items(db: Reader) -> list[TodayItem]:
    """Give the news of watched tickets, the newest first; never what one did oneself."""
    return [
        TodayItem(
            TodayKind.WATCHED_NEWS,
            f"#{news.ticket.number} {news.ticket.subject}",
            news.said,
            TodayAction.REPLY,
            news.ticket.client_id,
            news.ticket.client,
            at=news.at,
            ticket_id=news.ticket.id,
            ticket_number=news.ticket.number,
        )
        for news in list_news(db)
    ]
