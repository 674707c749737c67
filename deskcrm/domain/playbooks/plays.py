"""Starts playbooks at clients, moves them on, leaves out steps, and ends them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.belonging import check_client
from deskcrm.domain.clients.model import Client, ClientId, Lifecycle
from deskcrm.domain.days import day_of
from deskcrm.domain.playbooks.advancing import advance, begin, end, open_tasks, settle
from deskcrm.domain.playbooks.asking import select_matching
from deskcrm.domain.playbooks.matching import Start, active_terms
from deskcrm.domain.playbooks.model import (
    Ending,
    Play,
    Playbook,
    PlaybookId,
    PlayId,
    PlayState,
    SegmentStay,
    StepState,
    TriggerKind,
)
from deskcrm.domain.playbooks.progress import PlayRow, StepRow, StepStanding, read_plays
from deskcrm.domain.playbooks.triggers.all import SEGMENTS
from deskcrm.domain.playbooks.triggers.trigger import Match
from deskcrm.domain.tasks.commands import cancel_tasks
from deskcrm.domain.tasks.model import TaskId
from deskcrm.domain.users.model import User, UserId
from deskcrm.domain.views.filters import filter_to_json
from deskcrm.store.commands import command
from deskcrm.store.work import Work


@command("playbooks.start", "Start playbook")
def start_playbook(work: Work, playbook_id: PlaybookId, client_ids: Sequence[ClientId]) -> int:
    """Start a playbook by hand at clients; where it runs already it goes on. Gives at how many.

    Refused when it runs at each of them.
    """
    playbook = work.get(Playbook, playbook_id)
    started = 0
    for client_id in dict.fromkeys(client_ids):
        client = check_client(work, client_id)
        if client.lifecycle is Lifecycle.CHURNED:
            raise UserError(
                tr("“{client}” has left.", client=client.name),
                tr("A playbook runs at clients that are with us, or may come."),
            )
        match = Match(client_id, work.now)
        started += _start(work, playbook, match, TriggerKind.BY_HAND, _actor(work)) is not None
    if client_ids and not started:
        raise UserError(
            tr("“{playbook}” runs there already.", playbook=playbook.name),
            tr("It goes on; look at its next step."),
        )
    return started


@command("playbooks.begin", "Begin playbook", is_automatic=True)
def begin_playbook(work: Work, start: Start) -> PlayId | None:
    """Start a playbook for a reason that was noticed; None where somebody was quicker."""
    playbook = work.get(Playbook, start.playbook_id)
    client = work.find(Client, start.match.client_id)
    if client is None or not playbook.is_active:
        return None
    return _start(work, playbook, start.match, playbook.trigger, None)


@command("playbooks.advance", "Go on with playbook", is_automatic=True)
def advance_play(work: Work, play_id: PlayId) -> None:
    """Begin the steps whose day has come, and end the play when that is due."""
    advance(work, play_id)


@command("playbooks.begin_step", "Begin step now")
def begin_step(work: Work, play_id: PlayId, *, step: str) -> TaskId:
    """Begin a step before its day; it is due today."""
    play, row = _running(work, play_id, step)
    if row.standing is not StepStanding.WAITING:
        raise UserError(
            tr("“{step}” has begun already.", step=row.step.title), tr("Look at its task.")
        )
    return begin(work, play, row, at_once=True)


@command("playbooks.skip_step", "Skip step")
def skip_step(work: Work, play_id: PlayId, *, step: str, reason: str) -> None:
    """Leave out a step, and say why; its task is cancelled."""
    play, row = _running(work, play_id, step)
    if row.standing.is_over:
        raise UserError(tr("“{step}” is over already.", step=row.step.title))
    if not reason.strip():
        raise UserError(
            tr("Say why “{step}” is left out.", step=row.step.title),
            tr("Whoever looks at the playbook later wants to know."),
        )
    settle(work, play, row.step, StepState.SKIPPED, reason=reason.strip())
    if row.standing is StepStanding.OPEN and row.task_id is not None:
        cancel_tasks(work, [row.task_id], reason=reason)
    advance(work, play_id)


@command("playbooks.finish", "Finish playbook")
def finish_play(work: Work, play_id: PlayId, *, is_achieved: bool, note: str = "") -> None:
    """End a play with its outcome; required steps must be done, or left out with a reason."""
    record = work.get(Play, play_id)
    play = _read_running(work, play_id)
    for one in play.steps:
        if one.step.is_required and not one.standing.is_over:
            raise UserError(
                tr("“{step}” is not done yet.", step=one.step.title),
                tr("Do it, skip it with a reason, or stop the playbook."),
            )
    ending = Ending.ACHIEVED if is_achieved else Ending.NOT_ACHIEVED
    end(work, record, PlayState.FINISHED, ending, open_tasks(play), note)


@command("playbooks.stop", "Stop playbook")
def stop_play(work: Work, play_id: PlayId, *, reason: str) -> None:
    """Give a play up, and say why; its open tasks are cancelled."""
    record = work.get(Play, play_id)
    record.check_running()
    if not reason.strip():
        raise UserError(
            tr("Say why the playbook is stopped."),
            tr("Whoever looks at it later wants to know."),
        )
    plays = read_plays(work, Play.id == play_id)
    tasks = [one for play in plays for one in open_tasks(play)]
    end(work, record, PlayState.STOPPED, Ending.STOPPED, tasks, reason)


@command("playbooks.note_segments", "Look at segments", is_automatic=True)
def note_segments(work: Work, *, owner_id: UserId | None = None) -> None:
    """Note, on this device, who came into the segments of playbooks and who left them."""
    for terms in active_terms(work):
        if terms.trigger not in SEGMENTS or terms.playbook_id is None:
            continue
        segment = repr(sorted(filter_to_json(terms.conditions)["all"], key=repr))
        inside = select_matching(work, terms.conditions)
        if owner_id is not None:
            inside = inside.where(Client.owner_id == owner_id)
        _note(work, terms.playbook_id, segment, set(work.scalars(inside)))


def _note(work: Work, playbook_id: PlaybookId, segment: str, inside: set[UUID]) -> None:
    stay = SegmentStay.__table__
    work.session.flush()
    former = stay.c.playbook_id == playbook_id
    work.connection.execute(delete(SegmentStay).where(former, stay.c.segment != segment))
    noted = {
        row.client_id: row
        for row in work.session.scalars(
            select(SegmentStay).where(SegmentStay.playbook_id == playbook_id)
        )
    }
    is_first = not noted
    for client_id in sorted(map(ClientId, inside)):
        known = noted.get(client_id)
        if known is None:
            since = None if is_first else work.now
            work.add(
                SegmentStay(
                    playbook_id=playbook_id, client_id=client_id, segment=segment,
                    is_within=True, changed_at=since,
                )
            )  # fmt: skip
        elif not known.is_within:
            known.is_within, known.changed_at = True, work.now
    for client_id, known in noted.items():
        if known.is_within and client_id not in inside:
            known.is_within, known.changed_at = False, work.now


def _start(
    work: Work, playbook: Playbook, match: Match, trigger: TriggerKind, by: UserId | None
) -> PlayId | None:
    """Make the play, unless it runs; its id is the same wherever it is begun."""
    if playbook.edition_id is None:
        raise UserError(
            tr("“{playbook}” has no steps yet.", playbook=playbook.name), tr("Add them first.")
        )
    runs = select(Play.id).where(
        Play.playbook_id == playbook.id,
        Play.client_id == match.client_id,
        Play.about == match.about,
        Play.state == PlayState.RUNNING,
        ~Play.is_deleted,
    )
    if work.first(runs.limit(1)) is not None:
        return None
    play = Play(
        id=work.unused_id(Play, playbook.id, match.client_id, match.about),
        playbook_id=PlaybookId(playbook.id), edition_id=playbook.edition_id,
        client_id=match.client_id, about=match.about, trigger=trigger,
        facts=dict(match.facts), since=match.since, started_on=day_of(work.now),
        started_at=work.now, started_by=by,
    )  # fmt: skip
    work.add(play)
    advance(work, PlayId(play.id))
    return PlayId(play.id)


def _read_running(work: Work, play_id: PlayId) -> PlayRow:
    """Give a play that runs, at a client that is there."""
    record = work.get(Play, play_id)
    record.check_running()
    check_client(work, record.client_id)
    (play,) = read_plays(work, Play.id == play_id)
    return play


def _running(work: Work, play_id: PlayId, step: str) -> tuple[PlayRow, StepRow]:
    play = _read_running(work, play_id)
    for row in play.steps:
        if row.step.key == step:
            return play, row
    raise UserError(tr("This playbook has no such step."), tr("Look at its steps again."))


def _actor(work: Work) -> UserId | None:
    return UserId(work.actor) if work.find(User, work.actor) is not None else None
