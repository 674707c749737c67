"""Keeps what is being written, on this device, until it is saved or thrown away."""

from typing import Any

from deskcrm.domain.drafts.model import Draft
from deskcrm.store.commands import command
from deskcrm.store.work import Work


@command("drafts.save", "Keep draft")
def save_draft(work: Work, *, place: str, subject: str, content: dict[str, Any]) -> None:
    """Keep what stands in an editor now; one row is written, no history."""
    draft = work.find_local(Draft, (place, subject))
    if draft is None:
        work.add(Draft(place=place, subject=subject, content=content, updated_at=work.now))
    else:
        draft.content, draft.updated_at = content, work.now


@command("drafts.discard", "Discard draft")
def discard_draft(work: Work, *, place: str, subject: str) -> None:
    """Forget a draft: it was saved as what it became, or thrown away."""
    draft = work.find_local(Draft, (place, subject))
    if draft is not None:
        work.delete(draft)
