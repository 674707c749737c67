"""The pages that a client sees who opens the link to a form: HTML without script or anything else.

Every word in them is escaped where it is put in. Nothing is loaded from anywhere: the one style
sheet stands in the page, and the policy that goes with it lets nothing else in.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from html import escape

from fastapi.responses import HTMLResponse

from deskcrm.base import paths
from deskcrm.base.words import LANGUAGES, language, ptr, speaking, tr
from deskcrm.domain.feedback.linking import Linked
from deskcrm.domain.feedback.questions import Option, Question, QuestionKind, said_in
from deskcrm.server.form_fields import LONGEST_TEXT, NEVER, Filled, field_name


@cache
def _style() -> str:
    return (paths.resources() / "styles" / "form.css").read_text("utf-8")


@cache
def _policy() -> str:
    digest = b64encode(sha256(_style().encode()).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    )


def form_page(linked: Linked, filled: Filled) -> HTMLResponse:
    """Show a form with what was filled in, and say what is amiss."""
    with speaking(linked.language):
        title, opening = tr("A few questions"), said_in(linked, "opening", language())
        parts = [f"<h1>{escape(title)}</h1>"]
        parts += [f"<p>{escape(line)}</p>" for line in opening.splitlines() if line.strip()]
        parts += _alert(linked.questions, filled)
        parts.append('<form method="post" accept-charset="utf-8" novalidate>')
        for at, question in enumerate(linked.questions):
            parts += _question(at, question, filled)
        parts.append(_never(filled))
        parts.append(f'<button type="submit">{escape(tr("Send the answers"))}</button></form>')
        if filled.wrong:
            title = f"{tr('Something is missing')} – {title}"
        return _page(title, "\n".join(parts), 422 if filled.wrong else 200)


def thanks_page(linked: Linked, filled: Filled | None = None) -> HTMLResponse:
    """Thank for what was just sent; without it, for answers that were there already."""
    with speaking(linked.language):
        title, said = tr("Thank you!"), list[str]()
        if filled is None:
            said.append(
                tr(
                    "Your answers are here already. To say something more, reply to the message"
                    " that the link was in."
                )
            )
        elif filled.answers:
            said.append(tr("Your answers have arrived. You can close this page."))
        if filled is not None and filled.never_again:
            said.append(tr("We will not ask you again."))
        words = "".join(f"\n<p>{escape(one)}</p>" for one in said)
        return _page(title, f"<h1>{escape(title)}</h1>{words}", 200)


def closed_page() -> HTMLResponse:
    """Say that a link opens nothing, and nothing of why: whoever guesses learns nothing."""
    return _both_ways(404, lambda: (
        tr("This link opens no form"),
        tr("It may be incomplete, too old or taken back. Copy the whole link from the message; if"
           " you got it just now, try again in a few minutes. Otherwise ask for a new one."),
    ))  # fmt: skip


def later_page(status: int, retry_after: int) -> HTMLResponse:
    """Ask to come back later."""
    page = _both_ways(status, lambda: (
        tr("Please try again a little later"),
        tr("This page cannot be opened right now. If you have just sent your answers, go back and"
           " send them once more in a few minutes."),
    ))  # fmt: skip
    page.headers["Retry-After"] = str(retry_after)
    return page


def too_long_page() -> HTMLResponse:
    """Say that more was written than is taken."""
    return _both_ways(413, lambda: (
        tr("That is more than can be sent"),
        tr("Go back, shorten your answers, and send them again."),
    ))  # fmt: skip


def _both_ways(status: int, say: Callable[[], tuple[str, str]]) -> HTMLResponse:
    """Say something in all languages: whose page it is is not known."""
    parts, titles = [], []
    for spoken in LANGUAGES:
        with speaking(spoken):
            title, text = say()
        titles.append(title)
        words = f"<h1>{escape(title)}</h1>\n<p>{escape(text)}</p>"
        parts.append(f'<section lang="{spoken}">\n{words}\n</section>')
    with speaking(LANGUAGES[0]):
        return _page(" · ".join(titles), "\n".join(parts), status)


def _page(title: str, body: str, status: int) -> HTMLResponse:
    content = f"""<!doctype html>
<html lang="{language()}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<title>{escape(title)}</title>
<style>{_style()}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
    headers = {"Content-Security-Policy": _policy(), "X-Robots-Tag": "noindex, nofollow"}
    return HTMLResponse(content, status, headers)


def _alert(questions: Sequence[Question], filled: Filled) -> Iterator[str]:
    """Say above everything what is amiss, with the way to it."""
    if not filled.wrong:
        return
    yield '<div class="alert" role="alert" tabindex="-1" autofocus>'
    yield f"<p>{escape(filled.wrong.get('') or tr('Something is missing:'))}</p>"
    places = [name for name in _names(questions) if name in filled.wrong]
    if places:
        links = (
            f'<li><a href="#{at}">{escape(_asked_at(questions, at))}</a></li>' for at in places
        )
        yield f"<ul>{''.join(links)}</ul>"
    yield "</div>"


def _names(questions: Sequence[Question]) -> Iterator[str]:
    for at, question in enumerate(questions):
        yield from (field_name(at, row_at) for row_at in range(len(question.rows)))


def _asked_at(questions: Sequence[Question], name: str) -> str:
    at, row_at = map(int, name.removeprefix("q").split("-"))
    question = questions[at]
    said = said_in(question, "text", language())
    if question.kind is QuestionKind.MATRIX:
        return f"{said} {said_in(question.rows[row_at], 'text', language())}"
    return said


def _question(at: int, question: Question, filled: Filled) -> Iterator[str]:
    """Write a question with all it may be answered with."""
    names = [field_name(at, row_at) for row_at in range(len(question.rows))]
    bad = " bad" if any(name in filled.wrong for name in names) else ""
    asked = escape(said_in(question, "text", language()))
    if question.is_required and not question.after:
        asked += f' <span class="needed">{escape(tr("(please answer)"))}</span>'
    if question.after:
        asked += f' <span class="needed">{escape(tr("(only if it applies to you)"))}</span>'
    if question.kind is QuestionKind.TEXT:
        yield f'<div class="question{bad}">'
        yield f'<label class="asked" for="{names[0]}">{asked}</label>'
        yield from _text(names[0], filled)
        yield "</div>"
        return
    yield f'<fieldset class="question{bad}"><legend>{asked}</legend>'
    if question.kind is QuestionKind.MATRIX:
        for name, row in zip(names, question.rows, strict=True):
            yield f"<fieldset><legend>{escape(said_in(row, 'text', language()))}</legend>"
            yield from _numbers(name, question, filled)
            yield "</fieldset>"
    elif question.kind.has_number:
        yield from _numbers(names[0], question, filled)
    else:
        yield from _choices(names[0], question, filled)
    yield "</fieldset>"


def _text(name: str, filled: Filled) -> Iterator[str]:
    yield from _wrong(name, filled)
    held = escape("\n".join(filled.held.get(name, ())))
    # The first line break after the tag is not part of the text.
    yield (
        f'<textarea id="{name}" name="{name}" rows="3" maxlength="{LONGEST_TEXT}"'
        f"{_described(name, filled)}>\n{held}</textarea>"
    )


def _numbers(name: str, question: Question, filled: Filled) -> Iterator[str]:
    lowest, highest = question.range
    low, high = (said_in(question, end, language()) for end in ("low", "high"))
    yield from _wrong(name, filled)
    yield '<div class="numbers">'
    for number in range(lowest, highest + 1):
        end = {lowest: low, highest: high}.get(number, "")
        said = f"{number}: {end}" if end else ""
        yield _radio(name, str(number), str(number), filled, is_first=number == lowest, said=said)
    if not question.is_required:
        yield _radio(name, "", ptr("survey", "No answer"), filled, is_first=False)
    yield "</div>"
    means = [f"{number} – {said}" for number, said in ((lowest, low), (highest, high)) if said]
    if means:
        # Who listens hears it with the numbers.
        yield f'<p class="ends" aria-hidden="true">{escape("; ".join(means))}</p>'


def _radio(
    name: str, value: str, words: str, filled: Filled, *, is_first: bool, said: str = ""
) -> str:
    here = f' id="{name}"' if is_first else ""
    aloud = f' aria-label="{escape(said)}"' if said else ""
    look = "" if value else ' class="none"'
    held = filled.held.get(name, ())
    checked = " checked" if value and value in held else ""
    return (
        f'<label{look}><input type="radio"{here} name="{name}" value="{escape(value)}"{aloud}'
        f"{checked}{_described(name, filled)}>{escape(words)}</label>"
    )


def _choices(name: str, question: Question, filled: Filled) -> Iterator[str]:
    is_one = question.kind is QuestionKind.CHOICE
    options = list(question.options)
    if is_one and not question.is_required:
        options.append(Option("", ptr("survey", "No answer")))
    held = filled.held.get(name, ())
    yield from _wrong(name, filled)
    yield '<div class="choices">'
    for at, option in enumerate(options):
        here = f' id="{name}"' if at == 0 else ""
        checked = " checked" if option.key and option.key in held else ""
        yield (
            f'<label><input type="{"radio" if is_one else "checkbox"}"{here} name="{name}"'
            f' value="{escape(option.key)}"{checked}{_described(name, filled)}>'
            f"<span>{escape(said_in(option, 'text', language()))}</span></label>"
        )
    yield "</div>"


def _never(filled: Filled) -> str:
    checked = " checked" if filled.never_again else ""
    return (
        f'<div class="choices"><label><input type="checkbox" name="{NEVER}" value="1"{checked}>'
        f"<span>{escape(tr('Please do not ask me again'))}</span></label></div>"
    )


def _wrong(name: str, filled: Filled) -> Iterator[str]:
    if name in filled.wrong:
        yield f'<p class="bad-words" id="{name}-wrong">{escape(filled.wrong[name])}</p>'


def _described(name: str, filled: Filled) -> str:
    if name not in filled.wrong:
        return ""
    return f' aria-invalid="true" aria-describedby="{name}-wrong"'
