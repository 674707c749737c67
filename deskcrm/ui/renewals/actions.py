"""What a person can do with renewals, opportunities, signs of growth and promises."""

from typing import TYPE_CHECKING, Any

from deskcrm.base.words import of, tr
from deskcrm.domain.contracts.commands import lose_contract, renew_contract, revalue_contract
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.opportunities.commands import (
    add_opportunity,
    delete_opportunity,
    dismiss_signal,
    edit_opportunity,
    move_opportunity,
)
from deskcrm.domain.opportunities.model import OpportunityKind, Stage
from deskcrm.domain.opportunities.queries import OpportunityRow
from deskcrm.domain.opportunities.signals import GrowthSignal
from deskcrm.domain.promises.commands import break_promise, keep_promise
from deskcrm.domain.promises.queries import PromiseRow
from deskcrm.domain.renewals.commands import Caller, call_renewal
from deskcrm.domain.renewals.model import ForecastCall
from deskcrm.domain.renewals.queries import Call, RenewalDeal
from deskcrm.ui.clients.putting_off import open_renegotiation
from deskcrm.ui.contracts.deeds import a_term_later
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.fields import Choice, Field, Line, Text
from deskcrm.ui.kit.fields_parsed import Day, Money
from deskcrm.ui.kit.list_detail import one_selected
from deskcrm.ui.lookup.whose import Whose, option_of, read_ids
from deskcrm.ui.renewals import words

if TYPE_CHECKING:
    from deskcrm.ui.renewals.screen import RenewalsScreen


def _about(screen: Any) -> Any:
    row = screen.row()
    return row.about if row is not None else None


def _deal_selected(screen: Any) -> bool:
    return isinstance(_about(screen), RenewalDeal)


def _opportunity_selected(screen: Any) -> bool:
    return isinstance(_about(screen), OpportunityRow)


def _signal_selected(screen: Any) -> bool:
    return isinstance(_about(screen), GrowthSignal)


def _owed_selected(screen: Any) -> bool:
    about = _about(screen)
    return isinstance(about, PromiseRow) and about.settled_at is None


@action(
    "renewals.renewed", "Renewed…", key="R", needs=_deal_selected, icon="check",
    synonyms="renew won продлён продлить",
)  # fmt: skip
def renewed(screen: "RenewalsScreen") -> None:
    """Close the renewal: until when it runs on, and for how much."""
    deal = _about(screen)

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
            Choice("reason", tr("If for less: why"), _reasons(), none=tr("Not for less")),
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
    deal = _about(screen)
    _card(
        screen,
        deal,
        tr("Lost"),
        [
            Choice("reason", tr("Main reason"), _reasons(), none=tr("Choose…"), required=True),
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
    deal = _about(screen)

    def save(values: dict[str, Any]) -> Any:
        minor, _ = values.pop("value")
        return screen.desk.do(revalue_contract, deal.id, value_minor=minor, **values).tell()

    contract = deal.contract
    _card(
        screen,
        deal,
        tr("Change value"),
        [
            (_value_field(deal), Day("on", tr("Since"), required=True)),
            Choice("reason", tr("If less: why"), _reasons(), none=tr("Not less")),
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
    _call(screen, Caller.MANAGER, tr("Manager’s call"), _about(screen).manager)


@action(
    "renewals.final_call", "Final call…", key="F", needs=_deal_selected, icon="flag",
    synonyms="forecast commit итоговый прогноз",
)  # fmt: skip
def final_call(screen: "RenewalsScreen") -> None:
    """Say what is counted on for good."""
    _call(screen, Caller.FINAL, tr("Final call"), _about(screen).final)


def _call(screen: "RenewalsScreen", caller: Caller, title: str, known: Call | None) -> None:
    deal = _about(screen)
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
                "annual", tr("Then, a year"), currencies=[contract.currency],
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


@action(
    "renewals.add", "New opportunity…", key="N", icon="plus",
    synonyms="upsell cross-sell возможность допродажа",
)  # fmt: skip
def add(screen: "RenewalsScreen") -> None:
    """Write down something that a client might take."""
    line = screen.row()
    values: dict[str, Any] = {"kind": OpportunityKind.UPSELL}
    if line is not None:
        values["client"] = option_of(line.client_id, line.client)
    _opportunity_card(screen, values)


@action(
    "renewals.take_up", "Make an opportunity…", key="O", needs=_signal_selected, icon="target",
    synonyms="accept signal принять сигнал",
)  # fmt: skip
def take_up(screen: "RenewalsScreen") -> None:
    """Make an opportunity of a sign of growth."""
    sign = _about(screen)
    values = {
        "kind": OpportunityKind.UPSELL,
        "client": option_of(sign.client_id, sign.client),
        "title": of(sign.kind),
        "notes": words.signal_words(sign),
    }
    _opportunity_card(screen, values, sign)


def _opportunity_card(
    screen: "RenewalsScreen", values: dict[str, Any], sign: GrowthSignal | None = None
) -> None:
    def save(given: dict[str, Any]) -> Any:
        client, _ = read_ids(given.pop("client"))
        assert client is not None, "the field is required"
        _money(given)
        source = sign.kind if sign is not None else None
        return screen.desk.do(add_opportunity, client, source=source, **given).tell()

    FormCard(
        screen.desk,
        screen,
        tr("New opportunity"),
        [Whose(screen.desk, required=True), *_opportunity_fields()],
        save,
        place="renewals.opportunity",
        subject=sign.id.hex if sign is not None else "",
        values=values,
        button=tr("Add opportunity"),
    )


@action(
    "renewals.dismiss", "Dismiss…", key="I", needs=_signal_selected, icon="close",
    synonyms="ignore отклонить сигнал",
)  # fmt: skip
def dismiss(screen: "RenewalsScreen") -> None:
    """Put a sign of growth aside for half a year, with a reason."""
    sign = _about(screen)

    def save(values: dict[str, Any]) -> Any:
        asked = {"signal": sign.kind, "about": sign.about}
        return screen.desk.do(dismiss_signal, sign.client_id, **asked, **values).tell()

    FormCard(
        screen.desk,
        screen,
        tr("Dismiss signal"),
        [Line("reason", tr("Why is there nothing in it?"), required=True)],
        save,
        place="renewals.dismiss",
        subject=sign.id.hex,
        about=f"{sign.client} · {of(sign.kind)}",
        button=tr("Dismiss"),
        width=460,
    )


@action(
    "renewals.move", "Move on…", key="S", needs=_opportunity_selected, icon="chevron-right",
    synonyms="stage won lost стадия выиграна",
)  # fmt: skip
def move(screen: "RenewalsScreen") -> None:
    """Say how far an opportunity has come."""
    row = _about(screen)
    stages = [(one, of(one)) for one in Stage if one is not row.stage]
    FormCard(
        screen.desk,
        screen,
        tr("Move opportunity on"),
        [
            Choice("stage", tr("Stage"), stages),
            Choice("reason", tr("If lost: why"), _reasons(), none=tr("Not lost")),
        ],
        lambda values: screen.desk.do(move_opportunity, row.id, **values).tell(),
        place="renewals.move",
        subject=row.id.hex,
        about=row.title,
        button=tr("Move on"),
        width=460,
    )


@action(
    "renewals.edit", "Edit…", key="E", needs=_opportunity_selected, icon="edit",
    synonyms="change править",
)  # fmt: skip
def edit(screen: "RenewalsScreen") -> None:
    """Edit the current opportunity."""
    row = _about(screen)

    def save(values: dict[str, Any]) -> Any:
        _money(values)
        return screen.desk.do(edit_opportunity, row.id, **values).tell()

    FormCard(
        screen.desk,
        screen,
        tr("Edit opportunity"),
        _opportunity_fields(),
        save,
        place="renewals.edit",
        subject=row.id.hex,
        about=row.client,
        values={
            "title": row.title,
            "kind": row.kind,
            "value": (row.value_minor, row.currency),
            "next_step": row.next_step,
            "next_on": row.next_on,
            "notes": row.notes,
        },
        changes_only=True,
    )


@action(
    "renewals.delete", "Delete", key="Del", needs=_opportunity_selected, icon="trash",
    synonyms="удалить",
)  # fmt: skip
def delete(screen: "RenewalsScreen") -> None:
    """Delete an opportunity that never was one; Undo brings it back."""
    screen.desk.do(delete_opportunity, _about(screen).id).tell()


@action(
    "renewals.kept", "Kept", key="D", needs=_owed_selected, icon="check", synonyms="done выполнено"
)
def kept(screen: "RenewalsScreen") -> None:
    """Say that a promise was kept."""
    screen.desk.do(keep_promise, _about(screen).id).tell()


@action(
    "renewals.broken", "Broken", key="B", needs=_owed_selected, icon="close", synonyms="нарушено"
)
def broken(screen: "RenewalsScreen") -> None:
    """Say that a promise was not kept and will not be."""
    screen.desk.do(break_promise, _about(screen).id).tell()


@action(
    "renewals.another_day", "Another day…", key="A", needs=_owed_selected, icon="calendar",
    synonyms="renegotiate передоговорить срок",
)  # fmt: skip
def another_day(screen: "RenewalsScreen") -> None:
    """Agree on another day for a promise."""
    open_renegotiation(screen.desk, screen, _about(screen))


@action(
    "renewals.client", "Open client", key="C", needs=one_selected, icon="clients",
    synonyms="клиент",
)  # fmt: skip
def open_client(screen: "RenewalsScreen") -> None:
    """Go to the client of the current row."""
    line = screen.row()
    if line is not None:
        screen.desk.go("clients", client=line.client_id)


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
    FormCard(
        screen.desk,
        screen,
        title,
        fields,
        save,
        place=f"renewals.{what}",
        subject=deal.id.hex,
        about=f"{deal.client} · {deal.contract.title}",
        values=values,
        button=button,
        width=500,
    )


def _value_field(deal: RenewalDeal) -> Field:
    period = of(deal.contract.billing_period)
    currencies = [deal.contract.currency]
    return Money("value", tr("Value"), currencies=currencies, hint=period, required=True)


def _opportunity_fields() -> list[Field | tuple[Field, ...]]:
    return [
        Line("title", tr("What the client might take"), required=True),
        (
            Choice("kind", tr("Kind"), [(one, of(one)) for one in OpportunityKind]),
            Money("value", tr("Value a year")),
        ),
        (Line("next_step", tr("Next step")), Day("next_on", tr("By"))),
        Text("notes", tr("Notes"), lines=2),
    ]


def _money(values: dict[str, Any]) -> None:
    """Turn what a field of money gives into the two columns."""
    money = values.pop("value", None)
    if money is not None:
        values["value_minor"], values["currency"] = money


def _reasons() -> list[tuple[LossReason, str]]:
    return [(one, of(one)) for one in LossReason]
