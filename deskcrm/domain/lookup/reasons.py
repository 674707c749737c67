"""Says in words why something was found."""

from collections.abc import Iterable

from deskcrm.base import words
from deskcrm.base.words import ptr, tr
from deskcrm.domain.contacts import phones
from deskcrm.domain.lookup.fields import Field, Kind, shown
from deskcrm.store.search import Match, Reason

_MOST = 2


def in_words(reasons: Iterable[Reason], said: str, kind: Kind) -> str:
    """Say why something of a kind was found, the pieces one after the other.

    ``said`` is the stretch of a text that matched. The texts of clients and contacts are our own
    notes; those of the others were said or written to somebody.
    """
    told = dict.fromkeys(_one(reason, said, kind) for reason in reasons)
    return " · ".join(list(told)[:_MOST])


def _one(reason: Reason, said: str, kind: Kind) -> str:
    in_notes = kind in (Kind.CLIENT, Kind.CONTACT)
    if reason.field in tuple(Field):
        return _of_field(reason.match, Field(reason.field), reason.piece, kind)
    number = phones.display("+" + reason.piece) if reason.piece else ""
    match reason.match:
        case Match.PHONE:
            return tr("Phone: {number}", number=number)
        case Match.PHONE_ENDING:
            return tr("Phone ends with these digits: {number}", number=number)
        case Match.PHONE_BEGINNING:
            return tr("Phone begins with these digits: {number}", number=number)
        case Match.MENTIONED if in_notes:
            return tr("Mentioned in the notes: {number}", number=reason.piece)
        case Match.MENTIONED:
            return tr("Mentioned in a conversation: {number}", number=reason.piece)
        case _ if kind is Kind.ARTICLE:
            return tr("In the article: {text}", text=said)
        case _ if in_notes:
            return tr("Notes: {text}", text=said)
        case _:
            return tr("Said: {text}", text=said)


def _of_field(match: Match, field: Field, text: str, kind: Kind) -> str:
    is_of_client = kind is Kind.CLIENT and field is Field.NAME
    # A company has a name of another kind than a person, in languages that tell them apart.
    name = ptr("client", "Name") if is_of_client else words.of(field)
    text = shown(field, text)
    match match:
        case Match.SPELLING:
            return tr("{field}, spelled differently: {text}", field=name, text=text)
        case Match.TRANSLITERATION:
            return tr("{field}, in another alphabet: {text}", field=name, text=text)
        case Match.CALLED:
            return tr("{field}, by another form of it: {text}", field=name, text=text)
        case Match.LAYOUT:
            return tr("{field}, typed in the other keyboard layout: {text}", field=name, text=text)
        case Match.TYPO:
            return tr("{field}, with a typo: {text}", field=name, text=text)
        case _:
            return tr("{field}: {text}", field=name, text=text)
