"""The playbooks that come with the program: data in both languages, to take over and change."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from deskcrm.base import paths
from deskcrm.base.words import language
from deskcrm.domain.playbooks.model import TriggerKind
from deskcrm.domain.playbooks.steps import Doer, Step
from deskcrm.domain.tasks.model import TaskKind
from deskcrm.domain.users.model import UserRole

SHIPPED: Final = (
    "onboarding", "going_cold", "low_rating", "renewal", "champion_left", "upsell",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shipped:
    """A playbook that comes with the program, in the language in force."""

    key: str
    name: str
    about: str
    trigger: TriggerKind
    days: int
    rest_days: int
    ends_when_gone: bool
    steps: tuple[Step, ...]


def list_shipped() -> list[Shipped]:
    """List the playbooks that come with the program."""
    return [_read(key, language()) for key in SHIPPED]


def find_shipped(key: str) -> Shipped | None:
    """Give one of the playbooks that come with the program; None when there is no such."""
    return _read(key, language()) if key in SHIPPED else None


@cache
def _read(key: str, code: str) -> Shipped:
    path = paths.resources() / "playbooks" / f"{key}.json"
    kept: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return Shipped(
        key,
        kept["name"][code],
        kept["about"][code],
        TriggerKind(kept["trigger"]),
        kept.get("days", 0),
        kept.get("rest_days", 0),
        kept.get("ends_when_gone", False),
        tuple(_step(one, code) for one in kept["steps"]),
    )


def _step(kept: dict[str, Any], code: str) -> Step:
    role = kept.get("role")
    return Step(
        title=kept["title"][code],
        key=kept["key"],
        kind=TaskKind(kept["kind"]),
        after_days=kept["after_days"],
        doer=Doer.ROLE if role else Doer.OWNER,
        role=UserRole(role) if role else None,
        is_required=kept.get("required", True),
        message=kept.get("message", {}).get(code, ""),
    )
