"""The form of one question: its words in both languages, its answers, and when it is asked."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.feedback.questions import Option, Question, QuestionKind, checked, name_of
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Check, Choice, Line, Text

_RANGE: Final = re.compile(r"(\d+)\s*[-–—]\s*(\d+)")


def open_question(
    desk: Desk,
    over: QWidget,
    before: Sequence[Question],
    question: Question | None,
    on_kept: Callable[[Question], object],
) -> FormCard:
    """Ask for a question, a new one or one that is there; ``before`` are those asked before it."""

    def save(values: dict[str, Any]) -> None:
        made = _read(values, before, question)
        checked([*before, made])
        on_kept(made)

    return FormCard(
        desk, over, tr("Question"), _fields(before), save, place="feedback.question",
        subject=question.key if question is not None else f"new {len(before)}",
        values=_values(question), button=tr("Keep question"), width=640,
    )  # fmt: skip


def _fields(before: Sequence[Question]) -> list[Any]:
    numbers = [(n, str(n)) for n in range(11)]
    return [
        (
            Choice("kind", tr("Kind"), [(one, of(one)) for one in QuestionKind]),
            Line("key", tr("Key"), placeholder="delivery"),
        ),
        Text("text_en", tr("In English, as it is read out"), lines=2),
        Text("text_ru", tr("In Russian, as it is read out"), lines=2),
        (
            Check("is_required", tr("Needs an answer")),
            Check("is_suggestion", tr("Asks for suggestions")),
        ),
        (
            Choice("lowest", tr("A scale goes from"), numbers[:2]),
            Choice("highest", tr("to"), numbers[2:]),
        ),
        (
            Line("low_en", tr("The lowest, in English")),
            Line("low_ru", tr("The lowest, in Russian")),
        ),
        (
            Line("high_en", tr("The highest, in English")),
            Line("high_ru", tr("The highest, in Russian")),
        ),
        Text(
            "options", tr("Choices, or rows of a table"), lines=2,
            hint=tr("One in each line: English / Russian."),
        ),
        (
            Choice("after", tr("Asked"), [(one.key, _after(one)) for one in before],
                   none=tr("Always")),
            Line("when", tr("If the answer was"), placeholder="0–6"),
        ),
    ]  # fmt: skip


def _after(question: Question) -> str:
    return tr("After “{question}”", question=name_of(question))


def _values(question: Question | None) -> dict[str, Any]:
    shown = question or Question("", QuestionKind.CSAT, lowest=1, highest=5)
    plain = (
        "kind", "key", "text_en", "text_ru", "is_required", "is_suggestion", "lowest", "highest",
        "low_en", "low_ru", "high_en", "high_ru", "after",
    )  # fmt: skip
    values = {name: getattr(shown, name) for name in plain}
    values["options"] = "\n".join(f"{one.text_en} / {one.text_ru}" for one in shown.options)
    values["when"] = ", ".join(shown.chosen) or _range_words(shown)
    return values


def _range_words(question: Question) -> str:
    if question.at_least is None and question.at_most is None:
        return ""
    return f"{question.at_least or 0}–{10 if question.at_most is None else question.at_most}"


def _read(
    values: dict[str, Any], before: Sequence[Question], question: Question | None
) -> Question:
    given = dict(values)
    options = given.pop("options")
    when, after = given.pop("when"), given.pop("after") or ""
    given["key"] = given["key"] or f"q{len(before) + 1}"
    known = question.options if question is not None else ()
    return Question(
        **given, options=_options(options, known), after=after, **_condition(when if after else "")
    )


def _condition(text: str) -> dict[str, Any]:
    """Read "0–6" as a range, anything else as the keys of choices."""
    found = _RANGE.fullmatch(text.strip())
    if found is not None:
        return {"at_least": int(found[1]), "at_most": int(found[2])}
    if text.strip().isdecimal():
        return {"at_least": int(text), "at_most": int(text)}
    return {"chosen": tuple(one.strip() for one in text.split(",") if one.strip())}


def _options(text: str, known: Sequence[Option]) -> tuple[Option, ...]:
    """Read choices; one that is only reworded in its place keeps its key."""
    found = []
    for at, line in enumerate(filter(None, (one.strip() for one in text.splitlines()))):
        english, _, russian = (part.strip() for part in line.partition("/"))
        key = known[at].key if at < len(known) else _key_of(english or russian, at)
        found.append(Option(key, english, russian))
    return tuple(found)


def _key_of(words: str, at: int) -> str:
    plain = re.sub(r"\W+", "_", words.casefold()).strip("_")
    return plain[:24] or f"choice_{at + 1}"
