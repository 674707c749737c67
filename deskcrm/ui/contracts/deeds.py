"""What becomes of a contract: notice, renewal, end; offered beside it on the client's page."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.contracts.commands import (
    activate_contract,
    delete_contract,
    end_contract,
    give_notice,
    renew_contract,
    withdraw_notice,
)
from deskcrm.domain.contracts.model import TIMES_A_YEAR, ContractStatus
from deskcrm.domain.contracts.queries import ContractRow
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields_parsed import Day, Money
from deskcrm.ui.kit.more_button import Deed


def deeds_of(desk: Desk, over: QWidget, contract: ContractRow) -> list[Deed]:
    """List what can become of a contract as it stands."""
    found: list[Deed] = []
    if contract.status is ContractStatus.DRAFT:
        put = partial(_do, desk, activate_contract, contract)
        found.append((tr("Put in force"), "check", put))
    if contract.is_in_force:
        found.append((tr("Renew…"), "sync", partial(open_renewal, desk, over, contract)))
    if contract.status is ContractStatus.ACTIVE:
        found.append((tr("Notice given…"), "flag", partial(open_notice, desk, over, contract)))
    if contract.status is ContractStatus.NOTICE_GIVEN:
        withdraw = partial(_do, desk, withdraw_notice, contract)
        found.append((tr("Notice withdrawn"), "undo", withdraw))
    if contract.is_in_force:
        found.append((tr("End…"), "close", partial(open_end, desk, over, contract)))
    found.append((tr("Delete"), "trash", partial(_do, desk, delete_contract, contract)))
    return found


def open_renewal(desk: Desk, over: QWidget, contract: ContractRow) -> FormCard:
    """Ask until when a contract runs on, and at what value."""

    def save(values: dict[str, Any]) -> Any:
        value = values["value"]
        minor = value[0] if value is not None else None
        return desk.do(renew_contract, contract.id, until=values["until"], value_minor=minor).tell()

    value = (contract.value_minor, contract.currency)
    return FormCard(
        desk,
        over,
        tr("Renew {contract}", contract=contract.title),
        [Day("until", tr("Runs on until"), required=True), Money("value", tr("Value"))],
        save,
        place="contracts.renew",
        subject=contract.id.hex,
        values={"until": a_term_later(contract), "value": value},
        button=tr("Renew"),
        width=420,
    )


def open_notice(desk: Desk, over: QWidget, contract: ContractRow) -> FormCard:
    """Ask since when the client gave notice."""
    heading = tr("Notice for {contract}", contract=contract.title)
    return _ask_day(desk, over, contract, heading, give_notice, tr("Note the notice"))


def open_end(desk: Desk, over: QWidget, contract: ContractRow) -> FormCard:
    """Ask since when a contract is over."""
    heading = tr("End {contract}", contract=contract.title)
    return _ask_day(desk, over, contract, heading, end_contract, tr("End contract"))


def _ask_day(
    desk: Desk, over: QWidget, contract: ContractRow, heading: str, command: Any, button: str
) -> FormCard:
    return FormCard(
        desk,
        over,
        heading,
        [Day("on", tr("On"), required=True)],
        lambda values: desk.do(command, contract.id, on=values["on"]).tell(),
        place="contracts.day",
        subject=contract.id.hex,
        values={"on": dates.today()},
        button=button,
        width=420,
    )


def a_term_later(contract: ContractRow) -> date:
    """Give the end of one more term like the last, a year where none is known."""
    ends = contract.ends_on or dates.today()
    if contract.starts_on is not None and contract.ends_on is not None:
        length = contract.ends_on - contract.starts_on
        if timedelta(days=25) <= length <= timedelta(days=340):
            return ends + length
    try:
        return ends.replace(year=ends.year + 1)
    except ValueError:  # 29 February
        return ends.replace(year=ends.year + 1, day=28)


def loss_reasons() -> list[tuple[LossReason, str]]:
    """Offer the reasons that somebody leaves or pays less for."""
    return [(one, of(one)) for one in LossReason]


def value_words(contract: ContractRow) -> str:
    """Say what a contract brings in a year, with how that comes about."""
    year = dates.money(contract.annual_value_minor, contract.currency)
    once = dates.money(contract.value_minor, contract.currency)
    times = TIMES_A_YEAR[contract.billing_period]
    if times == 0:
        return tr("{value} once", value=once)
    if times == 1:
        return tr("{value} a year", value=year)
    return tr("{once} × {n} = {year} a year", once=once, n=times, year=year)


def decision_words(contract: ContractRow) -> str:
    """Say how the day of decision comes about; nothing where there is no end."""
    if contract.ends_on is None or contract.decision_on is None:
        return ""
    return tr(
        "Ends {end}, less {days} of notice = {decision}",
        end=dates.unbroken(dates.day(contract.ends_on, year=True)),
        days=dates.unbroken(ntr("{n} day", "{n} days", contract.notice_days)),
        decision=dates.unbroken(dates.day(contract.decision_on, year=True)),
    ).replace("= ", "=\N{NO-BREAK SPACE}")  # no line ends in the sign


def _do(desk: Desk, command: Any, contract: ContractRow) -> None:
    desk.do(command, contract.id).tell()
