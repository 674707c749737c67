"""What two people do alike without having met is done once, and nothing of either is lost."""

from uuid import UUID

import pytest

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.custom_fields import add_custom_field, set_custom_value
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.conflicts.queries import count_conflicts, list_conflicts
from deskcrm.domain.contacts.model import PointKind
from deskcrm.domain.contacts.points import add_point
from deskcrm.domain.tags.commands import (
    create_tag,
    delete_tag,
    rename_tag,
    tag_clients,
    tag_clients_by_name,
    untag_clients,
)
from deskcrm.domain.tags.model import TagColour, TagId
from deskcrm.domain.tasks.commands import (
    FollowUp,
    complete_and_follow_up,
    complete_task,
    create_task,
    reopen_task,
)
from deskcrm.domain.tasks.model import TaskId
from deskcrm.domain.teams.commands import add_member, create_team, remove_member
from deskcrm.sync.hub import applying
from tests.sync.conftest import MakeDesk, join
from tests.sync.desks import Desk
from tests.sync.http_world import Site, rows_of
from tests.sync.people import both, one, tables

Pair = tuple[Desk, Desk]


def pair(site: Site, make_desk: MakeDesk) -> Pair:
    anna, ivan = (join(site, make_desk, name) for name in ("anna", "ivan"))
    both(anna, ivan)
    return anna, ivan


@pytest.fixture
def desks(site: Site, make_desk: MakeDesk) -> Pair:
    return pair(site, make_desk)


@pytest.fixture
def acme(desks: Pair) -> ClientId:
    made: ClientId = desks[0].store.do(create_company, name="Acme").value
    both(*desks)
    desks[0].watch.move(minutes=1)
    return made


def worn(desk: Desk) -> list[str]:
    """Give the names of the tags that stand on clients."""
    names = {row.id: row.name for row in rows_of(desk.store, "tag")}
    return sorted(names[row.tag_id] for row in rows_of(desk.store, "client_tag"))


def test_one_of_each_kind_stands_on_both_sides(either_site: Site, make_desk: MakeDesk) -> None:
    anna, ivan = desks = pair(either_site, make_desk)
    acme = anna.store.do(create_company, name="Acme").value
    team = anna.store.do(create_team, name="North").value
    due = anna.watch().date()
    task = anna.store.do(
        create_task, title="Report", client_id=acme, due=due, recurrence="FREQ=WEEKLY"
    ).value
    both(*desks)
    for desk in desks:
        desk.store.do(tag_clients_by_name, [acme], name="VIP")
        desk.store.do(add_member, team, user_id=ivan.user)
        desk.store.do(complete_task, task)
        desk.store.do(add_point, acme, kind=PointKind.PHONE, text="+7 912 345-67-89")
    both(*desks)
    assert tables(anna) == tables(ivan)
    for table, count in (("tag", 1), ("client_tag", 1), ("team_member", 1), ("contact_point", 1)):
        assert len(rows_of(anna.store, table)) == count, table
    (following,) = [row for row in rows_of(anna.store, "task") if row.id != task]
    assert following.follows_id == task
    # That both did the task is told: it was somebody's time.
    assert [row.table_name for row in rows_of(anna.store, "conflict")] == ["task"]


def test_a_tag_made_in_two_spellings_is_one_and_the_other_spelling_is_kept(
    desks: Pair, acme: ClientId
) -> None:
    anna, ivan = desks
    anna.store.do(create_tag, name="Ёлка", colour=TagColour.GREEN)
    ivan.store.do(tag_clients_by_name, [acme], name="елка")
    both(*desks)
    assert worn(anna) == worn(ivan)
    (tag,) = rows_of(anna.store, "tag")
    assert tag.folded == "елка"
    told = str([row.lost for row in anna.store.ask(list_conflicts)])
    assert ("Ёлка" in told) != (tag.name == "Ёлка")


def test_a_tag_that_the_other_has_renamed_meanwhile_is_that_one(
    desks: Pair, acme: ClientId
) -> None:
    anna, ivan = desks
    tag = anna.store.do(create_tag, name="VIP").value
    both(*desks)
    anna.store.do(rename_tag, tag, name="Gold")
    ivan.store.do(tag_clients_by_name, [acme], name="vip")
    both(*desks)
    assert worn(anna) == worn(ivan) == ["Gold"]
    # The old word is free again, for a tag of its own.
    for desk in desks:
        desk.store.do(create_tag, name="VIP")
    both(*desks)
    assert sorted(row.name for row in rows_of(anna.store, "tag")) == ["Gold", "VIP"]
    assert tables(anna) == tables(ivan)


def test_a_tag_that_is_made_again_stands_on_nobody_who_wore_the_deleted_one(
    desks: Pair, acme: ClientId
) -> None:
    anna, ivan = desks
    tag = anna.store.do(tag_clients_by_name, [acme], name="VIP").value
    both(*desks)
    anna.store.do(delete_tag, tag)
    both(*desks)
    made = [desk.store.do(create_tag, name="VIP").value for desk in desks]
    assert made[0] == made[1] != tag
    both(*desks)
    assert [row.id for row in rows_of(ivan.store, "tag")] == [made[0]]
    assert not [row for row in rows_of(ivan.store, "client_tag") if row.tag_id == made[0]]


def test_a_tag_is_put_on_taken_off_and_put_on_again_as_one_record(
    desks: Pair, acme: ClientId
) -> None:
    anna, ivan = desks
    tag = anna.store.do(create_tag, name="VIP").value
    for desk in (anna, ivan, anna):
        desk.store.do(tag_clients, [acme], tag_id=tag)
        both(*desks)
        desk.store.do(untag_clients, [acme], tag_id=tag)
        both(*desks)
    assert worn(anna) == worn(ivan) == []
    done = ivan.store.do(tag_clients, [acme], tag_id=tag)
    assert done.value == 1
    ivan.store.undo()
    ivan.store.redo()
    both(*desks)
    assert worn(anna) == ["VIP"]


def test_one_who_takes_back_their_own_does_not_take_it_from_the_other(
    desks: Pair, acme: ClientId
) -> None:
    """Undo before the exchange has not seen that the other did the same; one after it has."""
    for late in desks:
        first = next(desk for desk in desks if desk is not late)
        tag: TagId = first.store.do(create_tag, name=f"of {late.name}").value
        both(*desks)
        first.store.do(tag_clients, [acme], tag_id=tag)
        late.store.do(tag_clients, [acme], tag_id=tag)
        late.store.undo()
        first.sync()
        both(*desks)
        assert len(worn(first)) == len(worn(late)) == 1
        assert first.store.ask(count_conflicts) == 0
        first.store.undo()
        both(*desks)
        assert worn(first) == worn(late) == []


def test_a_removal_that_had_not_seen_that_another_added_it_too_does_not_win(
    desks: Pair, acme: ClientId
) -> None:
    anna, ivan = desks
    tag = anna.store.do(create_tag, name="VIP").value
    both(*desks)
    for desk in desks:
        desk.store.do(tag_clients, [acme], tag_id=tag)
    anna.sync()
    ivan.sync()
    anna.store.do(untag_clients, [acme], tag_id=tag)  # she has not heard of his
    both(*desks)
    assert worn(anna) == worn(ivan) == ["VIP"]


def test_without_the_stamp_of_who_made_it_too_that_removal_wins(
    desks: Pair, acme: ClientId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the one before."""
    monkeypatch.setattr(applying, "is_meant", lambda _: False)
    test = test_a_removal_that_had_not_seen_that_another_added_it_too_does_not_win
    with pytest.raises(AssertionError):
        test(desks, acme)


def test_what_one_took_away_before_the_other_put_it_there_comes_back(
    desks: Pair, acme: ClientId
) -> None:
    anna, ivan = desks
    anna.store.do(tag_clients_by_name, [acme], name="VIP")
    anna.store.do(rename_tag, TagId(rows_of(anna.store, "tag")[0].id), name="Gold")
    anna.store.undo()
    anna.store.undo()
    anna.sync()
    ivan.store.do(tag_clients_by_name, [acme], name="VIP")
    both(*desks)
    assert worn(anna) == worn(ivan) == ["VIP"]
    assert tables(anna) == tables(ivan)


def test_a_person_who_left_a_team_is_put_in_again_as_one_record(desks: Pair) -> None:
    anna, ivan = desks
    team = anna.store.do(create_team, name="North").value
    anna.store.do(add_member, team, user_id=ivan.user)
    both(*desks)
    ivan.store.do(remove_member, team, user_id=ivan.user)
    both(*desks)
    for desk in desks:
        desk.store.do(add_member, team, user_id=ivan.user)
    both(*desks)
    assert len(rows_of(ivan.store, "team_member")) == 1


def repeating(desk: Desk, client: ClientId) -> TaskId:
    day = desk.watch().date()
    more = {"client_id": client, "due": day, "recurrence": "FREQ=WEEKLY"}
    return desk.store.do(create_task, title="Report", **more).value  # type: ignore[arg-type]  # as the command takes them


def test_what_comes_back_once_may_be_done_reopened_and_done_again(
    desks: Pair, acme: ClientId
) -> None:
    anna, ivan = desks
    task = repeating(anna, acme)
    both(*desks)
    following = anna.store.do(complete_task, task).value
    assert following is not None
    both(*desks)
    ivan.store.do(complete_task, following)
    both(*desks)
    anna.store.do(reopen_task, following)
    both(*desks)
    for desk in desks:
        desk.store.do(complete_task, following)
    both(*desks)
    assert tables(anna) == tables(ivan)
    assert len({row.id for row in rows_of(anna.store, "task")}) == len(rows_of(anna.store, "task"))


def test_of_two_next_times_one_stands_and_what_differs_is_told(desks: Pair, acme: ClientId) -> None:
    anna, ivan = desks
    task = repeating(anna, acme)
    both(*desks)
    anna.store.do(complete_task, task)
    ivan.store.do(complete_and_follow_up, task, follow_up=FollowUp(2, title="Ask how it went"))
    both(*desks)
    (following,) = [row for row in rows_of(anna.store, "task") if row.id != task]
    assert following.due_on == min(
        row.due_on for row in rows_of(ivan.store, "task") if row.id != task
    )
    titles = {following.title, *(row.lost for row in anna.store.ask(list_conflicts))}
    assert any("Report" in title for title in titles)
    assert any("Ask how it went" in title for title in titles)


def test_a_field_that_both_filled_in_has_one_value_and_the_other_is_kept(
    desks: Pair, acme: ClientId
) -> None:
    anna, ivan = desks
    field = anna.store.do(add_custom_field, name="Size").value
    both(*desks)
    anna.store.do(set_custom_value, acme, field_id=field, text="small")
    anna.watch.move(minutes=1)
    ivan.store.do(set_custom_value, acme, field_id=field, text="large")
    ivan.sync()  # the later one comes first
    both(*desks)
    (value,) = rows_of(anna.store, "custom_value")
    assert value.text == one(ivan, "custom_value", value.id).text == "large"
    (conflict,) = anna.store.ask(list_conflicts)
    assert "small" in conflict.lost


def test_rows_whose_ids_were_drawn_before_go_on_as_they_are(desks: Pair, acme: ClientId) -> None:
    from deskcrm.domain.tags.model import ClientTag, Tag
    from deskcrm.store.commands import Command
    from deskcrm.store.work import Work

    def draw(work: Work) -> UUID:
        tag = work.add(Tag(name="VIP"))
        work.add(ClientTag(client_id=acme, tag_id=TagId(tag.id)))
        return tag.id

    anna, ivan = desks
    tag = anna.store.do(Command("tests.draw", "Draw", draw)).value
    both(*desks)
    assert ivan.store.do(tag_clients_by_name, [acme], name="vip").value == tag
    assert worn(ivan) == ["VIP"]
    ivan.store.do(untag_clients, [acme], tag_id=TagId(tag))
    anna.store.do(untag_clients, [acme], tag_id=TagId(tag))
    anna.store.do(tag_clients, [acme], tag_id=TagId(tag))
    both(*desks)
    assert worn(anna) == worn(ivan) == ["VIP"]
