"""Figures in words, the same on the screen, on paper, in files and on the command line."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from deskcrm.base.days import said_day
from deskcrm.base.words import language, of, tr
from deskcrm.domain.metrics.catalogue import MEANINGS, Metric
from deskcrm.domain.metrics.figures import Figure, Period, Unit
from deskcrm.domain.sla.words import span_words

Money = Callable[[int, str], str]
"""Writes minor units of a currency, as the place where it is read writes money."""


def number_words(value: float, decimals: int = 0) -> str:
    """Write a number as the language does: "12,480.5" or "12 480,5"; a whole one without a part."""
    rounded = round(value, decimals)
    text = f"{abs(rounded):,.{0 if rounded == int(rounded) else decimals}f}"
    if language() == "ru":
        text = text.translate({ord(","): "\u00a0", ord("."): ","})
    return f"−{text}" if rounded < 0 else text


def money_words(minor: int, currency: str) -> str:
    """Write money with the code of its currency."""
    return f"{number_words(minor / 100, 2)}\u00a0{currency}"


def title_of(metric: Metric, currency: str = "") -> str:
    """Name a metric, with what the field calls it and the currency, if it has any."""
    short = MEANINGS[metric].short
    beside = " · ".join(part for part in (short, currency) if part)
    return f"{of(metric)} ({beside})" if beside else of(metric)


def figure_words(figure: Figure, money: Money = money_words) -> str:
    """Write a figure with its unit."""
    if figure.value is None:
        return tr("no data")
    return value_words(figure.value, figure.unit, figure.currency, money)


def value_words(value: float, unit: Unit, currency: str = "", money: Money = money_words) -> str:
    """Write a value in its unit."""
    if unit is Unit.PERCENT:
        return tr("{n}%", n=number_words(value, 1))
    if unit is Unit.SECONDS:
        return span_words(timedelta(seconds=abs(value)))
    if unit is Unit.MONEY:
        return money(round(value), currency)
    return number_words(value, 0 if unit is Unit.COUNT else 1)


def change_words(change: float, figure: Figure, money: Money = money_words) -> str:
    """Write by how much a figure rose or fell; a percentage in percentage points."""
    unit = Unit.POINTS if figure.unit is Unit.PERCENT else figure.unit
    size = figure_words(replace(figure, value=abs(change), unit=unit), money)
    if value_words(0, unit, figure.currency, money) == size:
        return tr("unchanged")
    risen = f"{'+' if change > 0 else '−'}{size}"
    return tr("{change} pp", change=risen) if figure.unit is Unit.PERCENT else risen


def interval_words(figure: Figure, money: Money = money_words) -> str:
    """Write the interval of a figure, or why a median is missing; else nothing."""
    if figure.unit is Unit.SECONDS and figure.value is None and figure.n:
        return tr("more than half go on, so there is no median yet")
    if figure.interval is None or figure.value is None:
        return ""
    low, high = figure.interval
    least = value_words(low, figure.unit, figure.currency, money)
    if high is None:
        return tr("with 95% confidence at least {least}", least=least)
    most = value_words(high, figure.unit, figure.currency, money)
    return tr("with 95% confidence from {least} to {most}", least=least, most=most)


def period_words(period: Period) -> str:
    """Write a period."""
    return f"{said_day(period.first)} – {said_day(period.last)}"
