"""What can be brought in: the kinds of records, their fields, and how a cell becomes a value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from typing import Any, Final

from deskcrm.base import words
from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientKind, Lifecycle, Tier
from deskcrm.domain.clients.rules import check_website
from deskcrm.domain.contacts.model import ContactRole
from deskcrm.domain.contracts.model import BillingPeriod
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.imports.reading import values
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.model import Outcome, Sentiment
from deskcrm.domain.invoices.model import InvoiceState
from deskcrm.domain.names import fold, one_line
from deskcrm.domain.tickets.model import Priority, TicketKind
from deskcrm.domain.tickets.states import TicketState


class Target(StrEnum):
    """What the rows of a file become."""

    CLIENTS = "clients"
    CONTACTS = "contacts"
    INTERACTIONS = "interactions"
    TICKETS = "tickets"
    CONTRACTS = "contracts"
    USAGE = "usage"
    INVOICES = "invoices"
    ANSWERS = "answers"
    DEPARTURES = "departures"


class ImportField(StrEnum):
    """What a column of a file can hold."""

    NAME = "name"
    LEGAL_NAME = "legal_name"
    TAX_NUMBER = "tax_number"
    KIND_OF_CLIENT = "client_kind"
    PERSON = "person"
    FIRST_NAME = "first_name"
    MIDDLE_NAME = "middle_name"
    LAST_NAME = "last_name"
    POSITION = "position"
    ROLE = "role"
    GREETING = "greeting"
    PHONE = "phone"
    EMAIL = "email"
    MESSENGER = "messenger"
    WEBSITE = "website"
    INDUSTRY = "industry"
    STREET = "street"
    CITY = "city"
    PROVINCE = "province"
    POSTAL_CODE = "postal_code"
    COUNTRY = "country"
    TIER = "tier"
    LIFECYCLE = "lifecycle"
    OWNER = "owner"
    CUSTOMER_SINCE = "customer_since"
    SOURCE = "source"
    GOALS = "goals"
    ABOUT = "about"
    CAUTION = "caution"
    TAGS = "tags"
    SUBJECT = "subject"
    TEXT = "text"
    CHANNEL = "channel"
    DIRECTION = "direction"
    OUTCOME = "outcome"
    STARTED_AT = "started_at"
    MINUTES = "minutes"
    SENTIMENT = "sentiment"
    KIND = "kind"
    PRIORITY = "priority"
    STATE = "state"
    CONTRACT = "contract"
    VALUE = "value"
    CURRENCY = "currency"
    PERIOD = "period"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    NOTICE_DAYS = "notice_days"
    AUTO_RENEWS = "auto_renews"
    METRIC = "metric"
    PRODUCT = "product"
    DAY = "day"
    AMOUNT_USED = "used"
    DAILY_LIMIT = "ceiling"
    INVOICE_NUMBER = "invoice"
    ISSUED_ON = "issued_on"
    DUE_ON = "due_on"
    PAID_ON = "paid_on"
    INVOICE_STATE = "invoice_state"
    FORM = "form"
    NPS = "nps"
    CSAT = "csat"
    CES = "ces"
    IN_THEIR_WORDS = "remark"
    GAVE_NOTICE_ON = "noticed_on"
    LEFT_ON = "left_on"
    REASON_FOR_LEAVING = "reason"
    COMPETITOR = "competitor"


F = ImportField
CUSTOM: Final = "custom:"
"""Begins the key of a custom field; its id follows."""
_WHO: Final = (
    F.NAME, F.TAX_NUMBER, F.PERSON, F.FIRST_NAME, F.MIDDLE_NAME, F.LAST_NAME, F.PHONE, F.EMAIL,
)  # fmt: skip
_CLIENT: Final = (
    *_WHO, F.LEGAL_NAME, F.KIND_OF_CLIENT, F.MESSENGER, F.POSITION, F.ROLE, F.GREETING, F.WEBSITE,
    F.INDUSTRY, F.STREET, F.CITY, F.PROVINCE, F.POSTAL_CODE, F.COUNTRY, F.TIER, F.LIFECYCLE,
    F.OWNER, F.CUSTOMER_SINCE, F.SOURCE, F.GOALS, F.ABOUT, F.CAUTION, F.TAGS,
)  # fmt: skip
FIELDS: Final[dict[Target, tuple[ImportField, ...]]] = {
    Target.CLIENTS: _CLIENT,
    Target.CONTACTS: _CLIENT,
    Target.INTERACTIONS: (
        *_WHO, F.STARTED_AT, F.CHANNEL, F.DIRECTION, F.OUTCOME, F.MINUTES, F.SUBJECT, F.TEXT,
        F.SENTIMENT,
    ),
    Target.TICKETS: (
        *_WHO, F.SUBJECT, F.TEXT, F.STARTED_AT, F.CHANNEL, F.KIND, F.PRIORITY, F.STATE, F.OWNER,
    ),
    Target.CONTRACTS: (
        *_WHO, F.CONTRACT, F.VALUE, F.CURRENCY, F.PERIOD, F.STARTS_ON, F.ENDS_ON, F.NOTICE_DAYS,
        F.AUTO_RENEWS, F.ABOUT,
    ),
    Target.USAGE: (*_WHO, F.METRIC, F.PRODUCT, F.DAY, F.AMOUNT_USED, F.DAILY_LIMIT),
    Target.INVOICES: (
        *_WHO, F.INVOICE_NUMBER, F.VALUE, F.CURRENCY, F.ISSUED_ON, F.DUE_ON, F.PAID_ON,
        F.INVOICE_STATE,
    ),
    Target.ANSWERS: (*_WHO, F.STARTED_AT, F.FORM, F.NPS, F.CSAT, F.CES, F.IN_THEIR_WORDS),
    Target.DEPARTURES: (
        *_WHO, F.GAVE_NOTICE_ON, F.LEFT_ON, F.REASON_FOR_LEAVING, F.IN_THEIR_WORDS, F.COMPETITOR,
    ),
}  # fmt: skip
SEVERAL: Final = frozenset(
    {F.PHONE, F.EMAIL, F.MESSENGER, F.ABOUT, F.TAGS, F.TEXT, F.IN_THEIR_WORDS}
)
"""More than one column may hold these."""
DAYS: Final = frozenset({
    F.CUSTOMER_SINCE, F.STARTED_AT, F.STARTS_ON, F.ENDS_ON, F.DAY, F.ISSUED_ON, F.DUE_ON,
    F.PAID_ON, F.GAVE_NOTICE_ON, F.LEFT_ON,
})  # fmt: skip
NUMBERS: Final = frozenset({F.VALUE, F.MINUTES, F.NOTICE_DAYS, F.AMOUNT_USED, F.DAILY_LIMIT})
_ENUMS: Final[dict[ImportField, type[StrEnum]]] = {
    F.KIND_OF_CLIENT: ClientKind, F.ROLE: ContactRole, F.TIER: Tier, F.LIFECYCLE: Lifecycle,
    F.CHANNEL: Channel, F.DIRECTION: Direction, F.OUTCOME: Outcome, F.SENTIMENT: Sentiment,
    F.KIND: TicketKind, F.PRIORITY: Priority, F.STATE: TicketState, F.PERIOD: BillingPeriod,
    F.INVOICE_STATE: InvoiceState, F.REASON_FOR_LEAVING: LossReason,
}  # fmt: skip
_ALSO_CALLED: Final = {
    "vip": Tier.GOLD, "phone": Channel.CALL, "звонок": Channel.CALL, "телефон": Channel.CALL,
    "e-mail": Channel.EMAIL, "письмо": Channel.EMAIL, "почта": Channel.EMAIL, "чат": Channel.CHAT,
    "встреча": Channel.MEETING, "заметка": Channel.NOTE, "inbound": Direction.INCOMING,
    "outbound": Direction.OUTGOING, "in": Direction.INCOMING, "out": Direction.OUTGOING,
    "вход": Direction.INCOMING, "исход": Direction.OUTGOING, "critical": Priority.URGENT,
    "критический": Priority.URGENT, "medium": Priority.NORMAL, "средний": Priority.NORMAL,
    "annual": BillingPeriod.YEARLY, "annually": BillingPeriod.YEARLY, "год": BillingPeriod.YEARLY,
    "month": BillingPeriod.MONTHLY, "месяц": BillingPeriod.MONTHLY, "in progress": TicketState.OPEN,
    "в работе": TicketState.OPEN, "done": TicketState.RESOLVED, "решено": TicketState.RESOLVED,
    "закрыто": TicketState.CLOSED, "юрлицо": ClientKind.COMPANY, "физлицо": ClientKind.PERSON,
    "лид": Lifecycle.PROSPECT, "lead": Lifecycle.PROSPECT, "customer": Lifecycle.ACTIVE,
    "unpaid": InvoiceState.OPEN, "не оплачен": InvoiceState.OPEN,
    "оплачено": InvoiceState.PAID, "отменен": InvoiceState.CANCELLED, "цена": LossReason.PRICE,
    "дорого": LossReason.PRICE, "клиент": Lifecycle.ACTIVE, "ушел": Lifecycle.CHURNED,
    "lost": Lifecycle.CHURNED,
}  # fmt: skip


_STEM: Final = 5


@dataclass(frozen=True, slots=True)
class Manner:
    """How the cells of one column are written."""

    dates: str = "dmy"
    decimal: str = "."


def label_of(key: str, custom: Mapping[str, str]) -> str:
    """Name a field in words; custom ones are called as the team calls them."""
    return custom.get(key, "") if key.startswith(CUSTOM) else words.of(ImportField(key))


def read_value(field: ImportField, text: str, manner: Manner) -> Any:
    """Read a cell as a value of a field; raises UserError, which says why it cannot be one."""
    reader = _READERS.get(field)
    if reader is not None:
        return reader(text, manner)
    if field in _ENUMS:
        return _member(_ENUMS[field], text)
    return text.strip() if field in SEVERAL or field in (F.GOALS,) else one_line(text)


@cache
def _members(kind: type[StrEnum]) -> dict[str, Enum]:
    """Give the members of an enum by all that they are called, in both languages."""
    found: dict[str, Enum] = {}
    for code in words.LANGUAGES:
        with words.speaking(code):
            found.update({fold(words.of(member)): member for member in kind})
    for member in kind:
        found |= {fold(member.value): member, fold(member.name.replace("_", " ")): member}
    also = {fold(word): member for word, member in _ALSO_CALLED.items() if type(member) is kind}
    return also | found


def _member(kind: type[StrEnum], text: str) -> Enum:
    folded = fold(text)
    member = _members(kind).get(folded)
    if member is None and len(folded) >= _STEM:
        # Another ending of the same word: золотой, золотая, golden.
        alike = {one for name, one in _members(kind).items() if name[:_STEM] == folded[:_STEM]}
        member = alike.pop() if len(alike) == 1 else None
    if member is None:
        raise UserError(
            tr(
                "“{text}” is none of these: {choices}.",
                text=text[:100], choices=", ".join(map(words.of, kind)),
            )
        )  # fmt: skip
    return member


def _day(text: str, manner: Manner) -> Any:
    found = values.read_day(text, manner.dates)
    if found is None:
        raise UserError(tr("“{text}” is not a date.", text=text[:100]))
    return found


def _moment(text: str, manner: Manner) -> datetime:
    found = values.read_moment(text, manner.dates)
    if found is None:
        raise UserError(tr("“{text}” is not a date.", text=text[:100]))
    try:
        return found.astimezone(UTC)
    except (OverflowError, OSError, ValueError):
        raise UserError(tr("“{text}” is not a date.", text=text[:100])) from None


def _whole(text: str, manner: Manner) -> int:
    found = values.read_number(text, manner.decimal)
    if found is None or found < 0 or found > 10**6:
        raise UserError(tr("“{text}” is not a number.", text=text[:100]))
    return int(found)


def _amount(text: str, manner: Manner) -> Decimal:
    found = values.read_number(text, manner.decimal)
    if found is None:
        raise UserError(tr("“{text}” is not a number.", text=text[:100]))
    return found


def _money(text: str, manner: Manner) -> tuple[int, str]:
    found = values.read_money(text, manner.decimal)
    if found is None:
        raise UserError(tr("“{text}” is not an amount of money.", text=text[:100]))
    return found


def _yes_no(text: str, _manner: Manner) -> bool:
    found = values.read_yes_no(text)
    if found is None:
        raise UserError(tr("“{text}” is neither yes nor no.", text=text[:100]))
    return found


def _website(text: str, _manner: Manner) -> str:
    return check_website(text)


_READERS: Final[dict[ImportField, Callable[[str, Manner], Any]]] = {
    F.CUSTOMER_SINCE: _day, F.STARTS_ON: _day, F.ENDS_ON: _day, F.STARTED_AT: _moment,
    F.MINUTES: _whole, F.NOTICE_DAYS: _whole, F.VALUE: _money, F.AUTO_RENEWS: _yes_no,
    F.WEBSITE: _website, F.DAY: _day, F.ISSUED_ON: _day, F.DUE_ON: _day, F.PAID_ON: _day,
    F.GAVE_NOTICE_ON: _day, F.LEFT_ON: _day, F.AMOUNT_USED: _amount, F.DAILY_LIMIT: _amount,
    F.NPS: _whole, F.CSAT: _whole, F.CES: _whole,
}  # fmt: skip
