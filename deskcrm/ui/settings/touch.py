"""Touch policies: how often to hear of which clients, in order, with how many are going cold."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.clients.model import Lifecycle, Tier
from deskcrm.domain.touch.commands import delete_touch_policy, order_touch_policies
from deskcrm.domain.touch.queries import TouchPolicyRow, list_touch_policies
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.settings.levels import tag_words
from deskcrm.ui.settings.lists import LiveCard, another, deeds, move_up
from deskcrm.ui.settings.rows import Card, Row
from deskcrm.ui.settings.touch_form import open_touch_policy

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window


def cards(desk: Desk, window: "Window") -> list[Card]:
    """Build the section of touch policies."""
    card = LiveCard(
        desk,
        tr("How often we are in touch"),
        tr(
            "The first policy that matches a client holds; a client may have a rhythm of its own."
            " Whatever the client says starts it anew, an attempt of ours does not."
        ),
        list_touch_policies,
        frozenset({"touch_policy", "touch_rhythm", "client", "interaction"}),
        partial(_row, desk, window),
        another(
            tr("Another policy"),
            tr("It is added after the others."),
            tr("New policy…"),
            partial(open_touch_policy, desk, window, None),
        ),
    )
    return [card]


def _row(desk: Desk, window: "Window", rows: Sequence[TouchPolicyRow], at: int) -> Row:
    row = rows[at]
    held = ntr("{n} client", "{n} clients", row.clients)
    cold = ntr("{n} going cold", "{n} going cold", row.cold)
    state = f"{held} · {cold}" if row.is_active else tr("switched off")
    return Row(
        f"{at + 1}. {row.name}",
        "\n".join((asked_words(row), rhythm_words(row.ideal_days, row.max_days), state)),
        move_up(desk, rows, at, order_touch_policies),
        *deeds(desk, row, partial(open_touch_policy, desk, window, row), delete_touch_policy),
    )


def rhythm_words(ideal_days: int, max_days: int) -> str:
    """Say how often to be in touch."""
    ideal = ntr("Every {n} day", "Every {n} days", ideal_days)
    most = ntr("{n} day at the most", "{n} days at the most", max_days)
    return f"{ideal}, {most}"


def asked_words(row: TouchPolicyRow) -> str:
    """Say which clients a policy asks for."""
    said: list[str] = []
    if row.tiers:
        said.append(", ".join(of(Tier(one)) for one in row.tiers))
    if row.lifecycles:
        said.append(", ".join(of(Lifecycle(one)) for one in row.lifecycles))
    if row.owners:
        said.append(ntr("of {n} owner", "of {n} owners", len(row.owners)))
    said += tag_words(len(row.tags))
    if row.least_value_minor is not None:
        least = dates.money(row.least_value_minor, row.currency)
        said.append(tr("{money} a year or more", money=least))
    return " · ".join(said) or tr("Every client that is with us")
