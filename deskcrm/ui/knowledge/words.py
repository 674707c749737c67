"""How an article's facts are said and marked, wherever they stand."""

from typing import Final

from deskcrm.base.words import ntr, of, ptr, tr
from deskcrm.domain.knowledge.model import ArticleKind, ArticleState, Audience
from deskcrm.domain.knowledge.queries import ArticleDetail, ArticleRow
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.tokens import Tone

KIND_ICONS: Final = {
    ArticleKind.ANSWER: "help",
    ArticleKind.GUIDE: "tasks",
    ArticleKind.REFERENCE: "knowledge",
    ArticleKind.STANDARD: "star",
}


def language_name(code: str) -> str:
    """Name a language in the person's own."""
    return ptr("language", "Russian") if code == "ru" else ptr("language", "English")


def list_chips(row: ArticleRow) -> list[Chip]:
    """What a line of the list shows besides the title."""
    chips = []
    if row.is_stale:
        chips.append(Chip(tr("Look it over"), Tone.WARNING, "clock"))
    if row.is_pinned:
        chips.append(Chip("", Tone.ACCENT, "pin"))
    return chips


def under(row: ArticleRow) -> str:
    """The second line of the list."""
    used = ntr("{n} ticket", "{n} tickets", row.tickets) if row.tickets else ""
    said = (of(row.kind), of(row.audience), language_name(row.language), used)
    return " · ".join(one for one in said if one)


def marks(detail: ArticleDetail) -> list[Chip]:
    """What the record shows under the title."""
    row = detail.row
    tones = {ArticleState.PUBLISHED: Tone.OK, ArticleState.DRAFT: Tone.ACCENT}
    chips = [Chip(of(row.state), tones.get(row.state, Tone.NEUTRAL))]
    if detail.is_ahead:
        chips.append(Chip(tr("Changed since it was published"), Tone.WARNING, "edit"))
    if row.is_stale:
        chips.append(Chip(tr("Look it over"), Tone.WARNING, "clock"))
    if row.is_pinned:
        chips.append(Chip(tr("Pinned"), Tone.ACCENT, "pin"))
    chips.append(Chip(of(row.kind), Tone.NEUTRAL, KIND_ICONS[row.kind]))
    is_public = row.audience is Audience.PUBLIC
    chips.append(Chip(of(row.audience), Tone.NEUTRAL, "portal" if is_public else "lock"))
    chips.append(Chip(language_name(row.language)))
    return chips


def service(detail: ArticleDetail) -> str:
    """How an article has served, in a line, and below when it was written and is to be checked."""
    row, said, dated = detail.row, [], []
    if row.tickets:
        said.append(ntr("Answered {n} ticket", "Answered {n} tickets", row.tickets))
    if row.helpful or row.unhelpful:
        said.append(
            tr("helpful to {yes} of {all}", yes=row.helpful, all=row.helpful + row.unhelpful)
        )
    if detail.published is not None:
        who = detail.published.published_by.replace(" ", "\u00a0")  # a name is not broken
        when = dates.ago(detail.published.published_at)
        dated.append(tr("Published {when}, {who}", when=when, who=who))
    if row.check_on is not None and row.state is ArticleState.PUBLISHED:
        when = dates.due(row.check_on)
        words = tr("Was to be checked {when}", when=when) if row.is_stale else ""
        dated.append(words or tr("To be checked {when}", when=when))
    line = " · ".join(said)
    return "\n".join(one for one in (line[:1].upper() + line[1:], *dated) if one)
