"""The form of a touch policy: which clients, how often, and how long at the most."""

from typing import Any, Final
from uuid import UUID

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.absences.queries import Choosable, list_choosable
from deskcrm.domain.clients.model import Lifecycle, Tier
from deskcrm.domain.tags.queries import TagChip, list_tag_names
from deskcrm.domain.touch.commands import create_touch_policy, edit_touch_policy
from deskcrm.domain.touch.queries import TouchPolicyRow
from deskcrm.store.reader import Reader
from deskcrm.ui.absences.words import person_options
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Check, Line
from deskcrm.ui.kit.fields_parsed import Money
from deskcrm.ui.kit.several import Several

_CURRENCY: Final = "RUB"


def open_touch_policy(desk: Desk, over: QWidget, row: TouchPolicyRow | None) -> None:
    """Ask for a new policy, or edit one."""
    asked = desk.ask((over, "touch choices"), _choices)
    asked.then(lambda choices: _open(desk, over, row, *choices))


def _choices(db: Reader) -> tuple[list[Choosable], list[TagChip]]:
    return list_choosable(db), list_tag_names(db)


def _open(
    desk: Desk,
    over: QWidget,
    row: TouchPolicyRow | None,
    people: list[Choosable],
    tags: list[TagChip],
) -> FormCard:
    def save(values: dict[str, Any]) -> Any:
        given = _read(values)
        if row is None:
            return desk.do(create_touch_policy, **given).tell()
        return desk.do(edit_touch_policy, row.id, **given).tell()

    return FormCard(
        desk,
        over,
        tr("New policy") if row is None else tr("Edit policy"),
        _fields(people, tags),
        save,
        place="touch.policy",
        subject="" if row is None else row.id.hex,
        values=_values(row),
        changes_only=row is not None,
        width=640,
    )


def days_wrong(text: Any) -> str:
    """Say what is wrong with a number of days."""
    typed = str(text).strip()
    return "" if typed.isdigit() and int(typed) else tr("Enter 1 or more days.")


def _fields(people: list[Choosable], tags: list[TagChip]) -> list[Any]:
    return [
        (
            Line("name", ptr("thing", "Name"), required=True),
            Check("is_active", tr("In force")),
        ),
        (
            Line("ideal_days", tr("Ideal interval, days"), required=True, check=days_wrong),
            Line("max_days", tr("Longest interval, days"), required=True, check=days_wrong),
        ),
        Several("tiers", tr("Tiers"), [(one, of(one)) for one in Tier]),
        Several("lifecycles", tr("Lifecycles"), [(one, of(one)) for one in Lifecycle],
                hint=tr("None: the clients that are with us.")),
        Several("owners", tr("Owners"), person_options(people)),
        Several("tags", tr("Tags"), [(one.id, one.name) for one in tags]),
        Money("value", tr("Contracts bring in a year, at the least")),
    ]  # fmt: skip


def _read(values: dict[str, Any]) -> dict[str, Any]:
    given = dict(values)
    for key in ("ideal_days", "max_days"):
        if key in given:
            given[key] = int(given[key])
    if "value" in given:
        value = given.pop("value")
        given["least_value_minor"], given["currency"] = value or (None, "")
    return given


def _values(row: TouchPolicyRow | None) -> dict[str, Any]:
    if row is None:
        return {"is_active": True, "ideal_days": "30", "max_days": "45"}
    values: dict[str, Any] = {
        "name": row.name, "is_active": row.is_active,
        "ideal_days": str(row.ideal_days), "max_days": str(row.max_days),
        "tiers": tuple(Tier(one) for one in row.tiers),
        "lifecycles": tuple(Lifecycle(one) for one in row.lifecycles),
        "owners": tuple(UUID(one) for one in row.owners),
        "tags": tuple(UUID(one) for one in row.tags),
    }  # fmt: skip
    if row.least_value_minor is not None:
        values["value"] = (row.least_value_minor, row.currency)
    return values
