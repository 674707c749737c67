"""The pictures of sync: every way it can stand, and conflicts that never happened."""

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from deskcrm.base import clock
from deskcrm.base.ids import new_id
from deskcrm.base.words import language
from deskcrm.domain.clients.commands import edit_client, rename_client, set_tier
from deskcrm.domain.clients.model import Client, ClientId, Tier
from deskcrm.domain.clients.queries import list_client_ids
from deskcrm.domain.conflicts.model import Conflict
from deskcrm.domain.conflicts.queries import count_conflicts
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.users.queries import list_users
from deskcrm.store.derived import write_meta
from deskcrm.store.store import Arrived, Store
from deskcrm.store.tables import shape_of, step_table
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station.receipt import Receipt
from deskcrm.sync.station.status import State
from deskcrm.ui.conflicts.screen import ConflictsScreen
from deskcrm.ui.kit.columns import Selection
from deskcrm.ui.shell import places
from deskcrm.ui.sync.connect import ConnectCard
from deskcrm.ui.sync.posing import PosedLink
from deskcrm.ui.sync.screen import SHELVES, SyncScreen

if TYPE_CHECKING:
    from deskcrm.ui.shell.pictures import Camera
    from deskcrm.ui.shell.window import Window

_WORDS: Final[dict[str, dict[str, Any]]] = {
    "en": {
        "goals": (
            "One tool for the whole service desk by autumn.",
            (
                "One tool for both service desks by ⟦spring, and sales by ⟧the end of the"
                " year. Reports every Monday⟦ and a review each quarter⟧."
            ),
            "One tool for both service desks by the end of the year. Reports every Monday.",
        ),
        "streets": ("Mill Lane 4", "Harbour Street 17", "Station Road 2"),
        "cities": ("Leeds", "Bristol", "York"),
        "tasks": ("Send the new price list", "Ask about the pilot", "Call the accountant"),
        "about": "Moved to the new office in May; the reception is on the second floor.",
    },
    "ru": {
        "goals": (
            "К осени одна программа для всей поддержки.",
            (
                "К концу года одна программа для обеих служб⟦ поддержки и продаж⟧. Отчёты по"
                " понедельникам⟦ и обзор раз в квартал⟧."
            ),
            "К концу года одна программа для обеих служб. Отчёты по понедельникам.",
        ),
        "streets": ("Садовая, 4", "Портовая, 17", "Вокзальная, 2"),
        "cities": ("Тула", "Калуга", "Рязань"),
        "tasks": ("Отправить новый прайс", "Спросить про пилот", "Позвонить бухгалтеру"),
        "about": "В мае переехали в новый офис, ресепшен на втором этаже.",
    },
}


def walk(window: "Window", camera: "Camera") -> None:
    """Take the pictures of the sync page and of the inbox, in each of their states."""
    link = PosedLink()
    window.sync.follow(link)
    _show_connecting(window, camera, link)
    if not window.desk.store.ask(count_conflicts):  # they are there in the next colours too
        _settle_all(window.desk.store)
        _pose_steps(window)
        _pose_conflicts(window.desk.store)
    else:
        window.sync.say_refused(window.sync.counts.refused)
    _pose_at_rest(link, clock.now())
    camera.take("sync-told", window)
    _show_standing(window, camera, link)
    _show_conflicts(window, camera)


def _show_connecting(window: "Window", camera: "Camera", link: PosedLink) -> None:
    window.desk.go(places.SYNC.id)
    camera.take("sync", window)
    screen = window.pages.page()
    assert isinstance(screen, SyncScreen)
    card = ConnectCard(window.sync, screen)
    camera.take("sync-connect", window)
    link.fails = SyncError(Trouble.OFFLINE)
    card.form.fill({"url": "desk.example.com", "name": "anna", "password": "secret"})
    card.form.save()
    camera.take("sync-connect-wrong", window)
    card.close_card()
    camera.settle()


def _show_standing(window: "Window", camera: "Camera", link: PosedLink) -> None:
    now = clock.now()
    screen = window.pages.page()
    assert isinstance(screen, SyncScreen)
    for at, shelf in enumerate(SHELVES):
        screen.shelf.setCurrentIndex(at)
        camera.take(f"sync-{shelf.value.replace('_', '-')}", window)
    screen.shelf.setCurrentIndex(2)
    camera.settle()
    screen.table.pick(Selection(is_everything=True))
    camera.take("sync-picked", window)
    screen.table.pick(Selection())
    screen.shelf.setCurrentIndex(0)
    for name, pose in _poses(now).items():
        link.pose(**pose)
        camera.take(f"sync-{name}", window)
    link.pose(**_poses(now)["offline"])
    link.pose_lease(days=14, left=timedelta(days=2))
    camera.take("sync-lease", window)
    link.pose_lease(days=14, left=timedelta(days=14))
    _pose_at_rest(link, now)


def _pose_at_rest(link: PosedLink, now: datetime) -> None:
    receipt = Receipt(Counter(client=3, task=1), Counter(client=12, interaction=31))
    link.pose(last_exchange=now - timedelta(minutes=4), receipt=receipt)


def _poses(now: datetime) -> dict[str, dict[str, Any]]:
    troubles = {
        "deletion": (Trouble.MASS_DELETE, "4127"),
        "signed-off": (Trouble.SIGN_IN, ""),
        "locked-out": (Trouble.REVOKED, ""),
        "another": (Trouble.LINEAGE, ""),
        "shrunken": (Trouble.SHRUNKEN, ""),
        "old": (Trouble.OLD_WORKSTATION, ""),
    }
    offline = {
        "state": State.RETRYING,
        "trouble": Trouble.OFFLINE,
        "last_exchange": now - timedelta(days=3),
        "next_try": now + timedelta(minutes=2),
    }
    stopped = {
        name: {"state": State.STOPPED, "trouble": trouble, "detail": detail}
        for name, (trouble, detail) in troubles.items()
    }
    return {
        "offline": offline,
        "exchanging": {"state": State.EXCHANGING},
        "paused": {"state": State.PAUSED, "last_exchange": now - timedelta(hours=5)},
        **stopped,
    }


def _show_conflicts(window: "Window", camera: "Camera") -> None:
    window.counters.refresh()
    window.desk.go("conflicts")
    camera.settle()
    screen = window.pages.page()
    assert isinstance(screen, ConflictsScreen)
    for at, name in enumerate(("value", "text", "group", "deleted")):
        screen.table.go_to(at)
        camera.take(f"conflicts-{name}", window)
    screen.table.pick(Selection(is_everything=True))
    camera.take("conflicts-picked", window)
    screen.table.pick(Selection())
    screen.shelf.setCurrentIndex(1)
    camera.take("conflicts-settled", window)
    screen.shelf.setCurrentIndex(0)


# What never happened.


def _settle_all(store: Store) -> None:
    """Let what made the sample count as handed over."""
    _mark(store, "settled", None, None)

    def take(connection: Connection) -> Arrived[None]:
        write_meta(connection, "lineage", str(new_id()))
        return Arrived(None)

    store.absorb(take)


def _mark(store: Store, state: str, refusal: str | None, step: int | None) -> None:
    c = step_table.c

    def take(connection: Connection) -> Arrived[None]:
        chosen = c.state == "waiting" if step is None else c.id == step
        connection.execute(update(step_table).where(chosen).values(state=state, refusal=refusal))
        return Arrived(None, (), ("preference",))

    store.absorb(take)


def _pose_steps(window: "Window") -> None:
    store, said = window.desk.store, _WORDS[language()]
    ids = store.ask(list_client_ids)
    day = clock.now().date() + timedelta(days=2)
    others = [user.id for user in store.ask(list_users) if user.id != store.actor]
    for number, title in enumerate(said["tasks"]):
        step = store.do(create_task, title=title, client_id=ids[number], due=day).step
        _mark(store, "arrived", None, step)
        _sign(store, step, others, number)
    refused = [
        store.do(edit_client, ids[4], about=said["about"]),
        store.do(set_tier, ids[5:9], tier=Tier.GOLD),
    ]
    for done, reason in zip(refused, ("gone", "rights"), strict=True):
        _mark(store, "refused", reason, done.step)
    store.do(edit_client, ids[1], street=said["streets"][0], city=said["cities"][0])
    store.do(create_task, title=said["tasks"][1], client_id=ids[2], due=day)
    store.do(rename_client, ids[3], name=_name_of(store, ids[3]) + " +")
    store.do(rename_client, ids[3], name=_name_of(store, ids[3]).removesuffix(" +"))


def _sign(store: Store, step: int | None, others: list[Any], number: int) -> None:
    """Let somebody else have done it, a while ago."""
    if not others:
        return
    values = {
        "actor": others[number % len(others)],
        "at": clock.now() - timedelta(minutes=7 + 55 * (2 - number)),
    }

    def take(connection: Connection) -> Arrived[None]:
        connection.execute(update(step_table).where(step_table.c.id == step).values(values))
        return Arrived(None)

    store.absorb(take)


def _name_of(store: Store, client: UUID) -> str:
    return str(store.ask(lambda db: db.scalar(select(Client.name).where(Client.id == client))))


def _sites(store: Store) -> tuple[ClientId, tuple[str, str, str]]:
    """Give a client that has a site, with it and what two colleagues made of it."""
    having = select(Client.id, Client.website).where(Client.website != "", ~Client.is_deleted)
    client, site = store.ask(lambda db: db.all(having.order_by(Client.name).limit(1)))[0]
    name = site.removeprefix("https://")
    return ClientId(client), (site, f"https://shop.{name}", f"https://group.{name}")


def _somebody_else(store: Store) -> UUID:
    people = [user.id for user in store.ask(list_users)]
    return next((one for one in people if one != store.actor), people[0])


def _pose_conflicts(store: Store) -> None:
    said, me = _WORDS[language()], store.actor
    first, sites = _sites(store)
    ids = [first, *(one for one in store.ask(list_client_ids) if one != first)]
    goals, other = said["goals"], _somebody_else(store)
    address: list[Any] = [
        {"street": street, "city": city}
        for street, city in zip(said["streets"], said["cities"], strict=True)
    ]
    store.do(edit_client, ids[0], website=sites[1])
    store.do(edit_client, ids[1], goals=goals[1])
    _mark(store, "settled", None, store.do(edit_client, ids[2], **address[1]).step)
    kinds: list[tuple[Any, ...]] = [
        ("website", "later", *({"website": site} for site in sites), other, me),
        ("goals", "text", *({"goals": goal} for goal in goals), me, other),
        ("address", "later", *address, me, other),
        ("is_deleted", "deleted", {}, {"is_deleted": False}, {"is_deleted": True}, other, me),
    ]
    rows = [
        _conflict(client, minutes, *kind)
        for minutes, (client, kind) in enumerate(zip(ids, kinds, strict=False), start=1)
    ]
    ruled = _conflict(
        ids[5],
        900,
        "tier",
        "rule",
        {"tier": "standard"},
        {"tier": "gold"},
        {"tier": "silver"},
        other,
        me,
    )
    rows.append(ruled | {"choice": "kept", "resolved_at": ruled["kept_at"]})

    def take(connection: Connection) -> Arrived[None]:
        connection.execute(insert(shape_of(Conflict).table), rows)
        return Arrived(None, (), ("conflict",))

    store.absorb(take)


def _conflict(
    client: UUID,
    minutes: int,
    field: str,
    kind: str,
    base: Any,
    kept: Any,
    lost: Any,
    kept_by: UUID,
    lost_by: UUID,
) -> dict[str, Any]:
    at = clock.now() - timedelta(minutes=minutes * 47)
    return {
        "id": new_id(),
        "scope": UUID(int=0),
        "seq": 0,
        "created_at": at,
        "is_deleted": False,
        "table_name": "client",
        "row_id": client,
        "subject_id": client,
        "field": field,
        "kind": kind,
        "base": json.dumps(base),
        "kept": json.dumps(kept),
        "lost": json.dumps(lost),
        "kept_by": kept_by,
        "lost_by": lost_by,
        "kept_at": at - timedelta(minutes=9),
        "lost_at": at - timedelta(hours=3),
        "resolved_by": None,
        "resolved_at": None,
        "choice": "",
    }
