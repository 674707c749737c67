"""What a person can do with a renewal: call it, close it, change its value."""

from typing import TYPE_CHECKING, Any

from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.contracts.commands import lose_contract, renew_contract, revalue_contract
from deskcrm.domain.renewals.commands import Caller, call_renewal
from deskcrm.domain.renewals.model import ForecastCall
from deskcrm.domain.renewals.queries import Call, RenewalDeal
from deskcrm.ui.contracts.deeds import a_term_later, loss_reasons
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.fields import Choice, Field, Line, Text
from deskcrm.ui.kit.fields_parsed import Day, Money
from deskcrm.ui.renewals.cards import about_of, open_card

if TYPE_CHECKING:
    from deskcrm.ui.renewals.screen import RenewalsScreen


def _deal_selected(screen: Any) -> bool:
    return isinstance(about_of(screen), RenewalDeal)


@action(
    "renewals.renewed", "Renewed…", key="R", needs=_deal_selected, icon="check",
    synonyms="renew won продлён продлить",
)  # fmt: skip
def renewed(screen: "RenewalsScreen") -> None:
    """Close the renewal: until when it runs on, and for how much."""
    deal = about_of(screen)

    def save(values: dict[str, Any]) -> Any:
        minor, _ = values.pop("value") or (None, "")
        return screen.desk.do(renew_contract, deal.id, value_minor=minor, **values).tell()

    contract = deal.contract
    _card(
        screen,
        deal,
        tr("Renewed"),
        [
            (Day("until", tr("Runs on until"), required=True), _value_field(deal)),
            Choice("reason", tr("If for less, why?"), loss_reasons(), none=tr("Not for less")),
            Line("words", tr("In words")),
        ],
        save,
        "renewed",
        {"until": a_term_later(contract), "value": (contract.value_minor, contract.currency)},
        tr("Renew"),
    )


@action(
    "renewals.lost", "Lost…", key="L", needs=_deal_selected, icon="close",
    synonyms="churn not renewed потерян не продлён",
)  # fmt: skip
def lost(screen: "RenewalsScreen") -> None:
    """Close the renewal as lost, with the reason."""
    deal = about_of(screen)
    _card(
        screen,
        deal,
        ptr("Renewal", "Lost"),
        [
            Choice("reason", tr("Main reason"), loss_reasons(), none=tr("Choose…"), required=True),
            Line("competitor", tr("Competitor"), hint=tr("If the client goes to one")),
            Text("words", tr("In the client’s words"), lines=2),
        ],
        lambda values: screen.desk.do(lose_contract, deal.id, **values).tell(),
        "lost",
        {},
        tr("Note as lost"),
    )


@action(
    "renewals.revalue", "Change value…", key="V", needs=_deal_selected, icon="money",
    synonyms="downgrade upgrade expansion contraction сумма уменьшить",
)  # fmt: skip
def revalue(screen: "RenewalsScreen") -> None:
    """Let the contract bring more or less from a day on."""
    deal = about_of(screen)

    def save(values: dict[str, Any]) -> Any:
        minor, _ = values.pop("value")
        return screen.desk.do(revalue_contract, deal.id, value_minor=minor, **values).tell()

    contract = deal.contract
    _card(
        screen,
        deal,
        tr("Change value"),
        [
            (_value_field(deal), Day("on", tr("From the day"), required=True)),
            Choice("reason", tr("If it is less, why?"), loss_reasons(), none=tr("It is not less")),
            Line("words", tr("In words")),
        ],
        save,
        "revalue",
        {"value": (contract.value_minor, contract.currency), "on": dates.today()},
        tr("Change value"),
    )


@action(
    "renewals.manager_call", "Manager’s call…", key="M", needs=_deal_selected, icon="person",
    synonyms="forecast прогноз менеджера",
)  # fmt: skip
def manager_call(screen: "RenewalsScreen") -> None:
    """Say what the manager expects of the renewal."""
    _call(screen, Caller.MANAGER, tr("Manager’s call"), about_of(screen).manager)


@action(
    "renewals.final_call", "Final call…", key="F", needs=_deal_selected, icon="flag",
    synonyms="forecast commit итоговый прогноз",
)  # fmt: skip
def final_call(screen: "RenewalsScreen") -> None:
    """Say what is counted on for good."""
    _call(screen, Caller.FINAL, tr("Final call"), about_of(screen).final)


def _call(screen: "RenewalsScreen", caller: Caller, title: str, known: Call | None) -> None:
    deal = about_of(screen)
    contract = deal.contract

    def save(values: dict[str, Any]) -> Any:
        minor, _ = values.pop("annual") or (None, "")
        return screen.desk.do(
            call_renewal, deal.id, caller=caller, annual_minor=minor, **values
        ).tell()

    minor = contract.annual_value_minor if known is None else known.annual_minor
    _card(
        screen,
        deal,
        title,
        [
            Choice("call", tr("Expected"), [(one, of(one)) for one in ForecastCall]),
            Money(
                "annual", tr("Value a year"), currencies=[contract.currency],
                hint=tr("Counts where it grows or shrinks"),
            ),
            Text("note", tr("Why"), lines=2),
        ],
        save,
        f"call_{caller}",
        {
            "call": ForecastCall.RENEWS if known is None else known.call,
            "annual": (minor, contract.currency),
            "note": "" if known is None else known.note,
        },
        tr("Save"),
    )  # fmt: skip


def _card(
    screen: "RenewalsScreen",
    deal: RenewalDeal,
    title: str,
    fields: list[Field | tuple[Field, ...]],
    save: Any,
    what: str,
    values: dict[str, Any],
    button: str,
) -> None:
    about = f"{deal.client} · {deal.contract.title}"
    open_card(
        screen, deal, what, title, fields, save, about=about, values=values, button=button,
        width=500,
    )  # fmt: skip


def _value_field(deal: RenewalDeal) -> Field:
    period = of(deal.contract.billing_period)
    currencies = [deal.contract.currency]
    return Money("value", tr("Amount"), currencies=currencies, hint=period, required=True)
