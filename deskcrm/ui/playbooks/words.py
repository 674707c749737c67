"""How playbooks, their triggers and their steps are said."""

from typing import Final

from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.playbooks.model import PlayState, TriggerKind
from deskcrm.domain.playbooks.progress import PlayRow, Standing, StepRow, StepStanding
from deskcrm.domain.playbooks.steps import Doer, Step
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.tokens import Tone

_STANDINGS: Final = {
    Standing.STUCK: (Tone.DANGER, "danger"),
    Standing.BEHIND: (Tone.WARNING, "warning"),
    Standing.ON_TRACK: (Tone.OK, "check"),
    Standing.FINISHED: (Tone.NEUTRAL, "done"),
    Standing.STOPPED: (Tone.NEUTRAL, "close"),
}
_STEPS: Final = {
    StepStanding.WAITING: (Tone.NEUTRAL, "clock"),
    StepStanding.OPEN: (Tone.INFO, "play"),
    StepStanding.DONE: (Tone.OK, "check"),
    StepStanding.SKIPPED: (Tone.NEUTRAL, "close"),
    StepStanding.NOT_NEEDED: (Tone.NEUTRAL, "minus"),
}


def standing_chip(play: PlayRow) -> Chip:
    """Say how a play stands; of one that is over how it ended."""
    tone, icon = _STANDINGS[play.standing]
    words = of(play.ending) if play.ending is not None else of(play.standing)
    return Chip(words, tone, icon)


def step_chip(row: StepRow) -> Chip:
    """Say how a step stands, and until when it is to be done."""
    tone, icon = _STEPS[row.standing]
    if row.standing is StepStanding.WAITING:
        return Chip(dates.due(row.planned_on), tone, icon)
    if row.standing is StepStanding.OPEN:
        return Chip(
            dates.due(row.due_on or row.planned_on), Tone.DANGER if row.is_late else tone, icon
        )
    return Chip(of(row.standing), tone, icon)


def progress_words(play: PlayRow) -> str:
    """Say how many of the steps are over; of a play that ended how many were done."""
    done = play.done
    if play.state is not PlayState.RUNNING:  # whatever was left is not needed, which is not done
        done = sum(one.standing is StepStanding.DONE for one in play.steps)
    return ntr("{done} of {n} step", "{done} of {n} steps", len(play.steps), done=done)


def trigger_words(kind: TriggerKind, days: int) -> str:
    """Say what a playbook begins with."""
    match kind:
        case TriggerKind.NEW_CLIENT:
            return ntr("A client for {n} day or less", "A client for {n} days or less", days)
        case TriggerKind.NEW_CONTRACT:
            return ntr(
                "A contract began {n} day ago or less",
                "A contract began {n} days ago or less",
                days,
            )
        case TriggerKind.SILENCE:
            return ntr("No word for {n} day", "No word for {n} days", days)
        case TriggerKind.RENEWAL:
            return ntr(
                "{n} day left to decide on the renewal",
                "{n} days left to decide on the renewal",
                days,
            )
        case TriggerKind.CHAMPION_LEFT:
            return ntr(
                "The champion left {n} day ago or less, and there is no other",
                "The champion left {n} days ago or less, and there is no other",
                days,
            )
        case _:
            return _uncounted()[kind]


def _uncounted() -> dict[TriggerKind, str]:
    return {
        TriggerKind.BY_HAND: tr("Somebody starts it"),
        TriggerKind.GOING_COLD: tr("No word for longer than the touch policy allows"),
        TriggerKind.RISK_ENTERED: tr("A client comes onto the list of those at risk"),
        TriggerKind.RISK_LEFT: tr("A client is not at risk any more"),
        TriggerKind.LOW_RATING: tr("A client gives a low answer"),
        TriggerKind.DETRACTOR: tr("A client would not recommend us"),
        TriggerKind.EXPANSION: tr("A client shows a sign of growth"),
        TriggerKind.SEGMENT_ENTERED: tr("A client comes into the segment"),
        TriggerKind.SEGMENT_LEFT: tr("A client leaves the segment"),
    }


def after_words(days: int) -> str:
    """Say on which day after the start a step is."""
    if not days:
        return tr("at once")
    return ntr("after {n} working day", "after {n} working days", days)


def doer_words(step: Step, person: str = "") -> str:
    """Say who does a step."""
    if step.doer is Doer.PERSON:
        return person or of(Doer.PERSON)
    if step.doer is Doer.ROLE and step.role is not None:
        return of(step.role)
    return of(Doer.OWNER)


def step_words(step: Step) -> str:
    """Say all of a step but its title, in one line."""
    said = [after_words(step.after_days), of(step.kind).lower(), doer_words(step).lower()]
    if not step.is_required:
        said.append(tr("may be left out"))
    if step.only_if:
        said.append(tr("only for some clients"))
    return " · ".join(said)
