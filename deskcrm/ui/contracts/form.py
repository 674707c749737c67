"""The form of a contract."""

from typing import Any

from deskcrm.base.words import of, tr
from deskcrm.domain.contracts.commands import add_contract, edit_contract
from deskcrm.domain.contracts.model import BillingPeriod
from deskcrm.domain.contracts.queries import ContractRow
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.fields import Check, Choice, Line, Text
from deskcrm.ui.kit.fields_parsed import Day, Money


def open_contract(view: Any, contract: ContractRow | None) -> FormCard | None:
    """Ask for a new contract of the client that is shown, or edit one."""
    client_id = view.client
    if client_id is None:
        return None

    def save(values: dict[str, Any]) -> Any:
        money = values.pop("value", None)
        if money is not None:
            values["value_minor"], values["currency"] = money
        if "notice_days" in values:
            values["notice_days"] = int(values["notice_days"] or 0)
        if contract is None:
            return view.desk.do(add_contract, client_id, **values).tell()
        return view.desk.do(edit_contract, contract.id, **values).tell()

    return FormCard(
        view.desk,
        view,
        tr("New contract") if contract is None else tr("Edit contract"),
        _fields(view.standing.currency),
        save,
        place="contracts.form",
        subject=client_id.hex if contract is None else contract.id.hex,
        values=_values(contract),
        changes_only=contract is not None,
        button=tr("Add contract") if contract is None else "",
        about=view.client_name,
    )


def _fields(likeliest: str) -> list[Any]:
    return [
        Line("title", tr("Title"), required=True),
        (
            Money("value", tr("Amount"), currencies=dates.currencies(likeliest)),
            Choice("billing_period", tr("Billed"), [(one, of(one)) for one in BillingPeriod]),
        ),
        (Day("starts_on", tr("Starts")), Day("ends_on", tr("Ends"))),
        (
            Line("notice_days", tr("Notice period, days"), check=_whole_number),
            Check("auto_renews", tr("Renews automatically")),
        ),
        Text("notes", tr("Notes"), lines=2),
    ]


def _values(contract: ContractRow | None) -> dict[str, Any]:
    if contract is None:
        return {"billing_period": BillingPeriod.YEARLY, "notice_days": "30"}
    return {
        "title": contract.title,
        "value": (contract.value_minor, contract.currency),
        "billing_period": contract.billing_period,
        "starts_on": contract.starts_on,
        "ends_on": contract.ends_on,
        "notice_days": str(contract.notice_days),
        "auto_renews": contract.auto_renews,
        "notes": contract.notes,
    }


def _whole_number(text: Any) -> str:
    said = str(text).strip()
    return "" if not said or said.isdigit() else tr("Write a whole number, like 30.")
