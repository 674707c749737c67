"""Says in a sentence what speaks for two records being one, and what against."""

from collections.abc import Iterable
from typing import Final

from deskcrm.base.words import ntr, tr
from deskcrm.domain.duplicates.learning import LEAST, Learned
from deskcrm.domain.duplicates.weighing import Ground, Weight

_SURE: Final = 6.0
"""From so many bits on it is not alike but the same."""


def reason_of(weights: Iterable[Weight]) -> str:
    """Say what two have in common, and what not, the weightiest first."""
    found = sorted(weights, key=lambda one: -abs(one.bits))
    same = [_same(one) for one in found if one.bits > 0]
    other = [_other(one.ground) for one in found if one.bits < 0]
    if not same:
        return _sentence(", ".join(other))
    if not other:
        return _sentence(", ".join(same))
    return _sentence(tr("{same}; but {other}", same=", ".join(same), other=", ".join(other)))


def _same(one: Weight) -> str:
    is_sure = one.bits >= _SURE
    return {
        Ground.NAME: tr("the same name") if is_sure else tr("a similar name"),
        Ground.COMPANY: tr("the same company"),
        Ground.PHONE: tr("the same phone") if is_sure else tr("a phone alike or shared"),
        Ground.EMAIL: tr("the same email") if is_sure else tr("an email alike or shared"),
        Ground.ADDRESS: tr("the same address"),
        Ground.CODE: tr("the same tax number"),
    }[one.ground]


def _other(ground: Ground) -> str:
    return {
        Ground.NAME: tr("another name"),
        Ground.COMPANY: tr("another company"),
        Ground.PHONE: tr("another phone"),
        Ground.EMAIL: tr("another email"),
        Ground.ADDRESS: tr("another address"),
        Ground.CODE: tr("another tax number"),
    }[ground]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "." if text else ""


def learned_words(learned: Learned) -> str:
    """Say whose judgement the probabilities are."""
    n = learned.decisions
    if learned.is_learned:
        return ntr(
            "Weighed as {n} decision of your team teaches: {merged} merged, {apart} not the same.",
            "Weighed as {n} decisions of your team teach: {merged} merged, {apart} not the same.",
            n, merged=learned.merged, apart=learned.apart,
        )  # fmt: skip
    return ntr(
        "Built-in weights: {n} decision so far, learning begins at {least}.",
        "Built-in weights: {n} decisions so far, learning begins at {least}.",
        n, least=LEAST,
    )  # fmt: skip
