"""Feeds are read line by line: what is malformed is rejected with its reason, the rest is taken."""

import json
from datetime import date

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.feeds import reading
from deskcrm.domain.feeds.formats import (
    DepartureLine,
    InvoiceLine,
    UsageLine,
    read_departures,
    read_invoices,
    read_usage,
)

TODAY = date(2026, 11, 28)
HEAD = "client,metric,day,value"


def usage(*lines: str, head: str = HEAD) -> list[UsageLine]:
    read = read_usage([head, *lines], TODAY)
    assert read.rejects == ()
    return [one.row for one in read.taken]


def why(line: str, head: str = HEAD) -> str:
    read = read_usage([head, line], TODAY)
    assert (read.taken, read.lines) == ((), 1)
    (reject,) = read.rejects
    assert reject.line == 2
    return reject.why


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_line_of_usage_is_read_with_any_delimiter(delimiter: str) -> None:
    head = delimiter.join(("Client", "product", "METRIC", "day", "value", "limit"))
    line = delimiter.join(("Acme", "Depot", "Orders", "2026-11-27", "12.5", "40"))
    assert usage(line, head="\ufeff" + head + "\r\n") == [
        UsageLine("Acme", "Depot: Orders", date(2026, 11, 27), 12.5, 40.0)
    ]


def test_json_lines_and_a_json_list_say_the_same() -> None:
    said = {"client": "Ромашка", "metric": "Orders", "day": "2026-11-27", "value": 3, "limit": None}
    wanted = (UsageLine("Ромашка", "Orders", date(2026, 11, 27), 3.0, None),)
    for lines in ([json.dumps(said)], json.dumps([said], indent=2).splitlines()):
        read = read_usage(lines, TODAY)
        assert (tuple(one.row for one in read.taken), read.rejects) == (wanted, ())


def test_quotation_marks_hold_a_delimiter() -> None:
    (row,) = usage('"Acme, Ltd","He said ""go""",2026-11-27,"1 234,5"')
    assert (row.client, row.metric, row.value) == ("Acme, Ltd", 'He said "go"', 1234.5)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",Orders,2026-11-27,1", "“client” is empty"),
        ("Acme, ,2026-11-27,1", "“metric” is empty"),
        ("Acme,Orders,,1", "“day” is empty"),
        ("Acme,Orders,2026-11-27,", "“value” is empty"),
        ("Acme,Orders,27.11.2026,1", "is not a day like"),
        ("Acme,Orders,2026-02-30,1", "is not a day like"),
        ("Acme,Orders,2026-11-29,1", "has not come yet"),
        ("Acme,Orders,0001-01-01,1", "too far away"),
        ("Acme,Orders,2026-11-27,many", "is not a number"),
        ("Acme,Orders,2026-11-27,1_000", "is not a number"),
        ("Acme,Orders,2026-11-27,NaN", "is not a number"),
        ("Acme,Orders,2026-11-27,Infinity", "is not a number"),
        ("Acme,Orders,2026-11-27,1e99", "is not a number"),
        ("Acme,Orders,2026-11-27,-1", "less than nothing"),
        ("Acme,Orders,2026-11-27", "There are 3 cells, but 4 columns"),
        ("Acme,Orders,2026-11-27,1,2", "There are 5 cells, but 4 columns"),
        ('"Acme,Orders,2026-11-27,1', "quotation mark is missing"),
        ("Ac\0me,Orders,2026-11-27,1", "character that no text has"),
        (f"{'A' * 10_001},Orders,2026-11-27,1", "too long"),
        (f"Acme,{'A' * 121},2026-11-27,1", "too long"),
    ],
)
def test_what_is_malformed_is_rejected_with_its_reason(line: str, words: str) -> None:
    assert words in why(line)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"client": ', "not a line of JSON"),
        ("[1]", "one object in braces"),
        ('{"customer": "Acme"}', "no column “customer”"),
        ('{"client": ["Acme"]}', "no text and no number"),
        ('{"client": true}', "no text and no number"),
        ('{"client": "Acme", "metric": "Orders", "day": "2026-11-27"}', "“value” is empty"),
    ],
)
def test_malformed_json_is_rejected_with_its_reason(line: str, words: str) -> None:
    good = '{"client": "Acme", "metric": "Orders", "day": "2026-11-27", "value": 1}'
    read = read_usage([good, line], TODAY)
    assert len(read.taken) == 1
    assert [(one.line, words in one.why) for one in read.rejects] == [(2, True)]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "nothing in this file"),
        (["\n", "  "], "nothing in this file"),
        (["client,metric,day"], "“value” is missing"),
        ([HEAD + ",colour"], "no column “colour”"),
        ([HEAD + ",day"], "twice"),
        (['"client'], "is missing"),
        (["[{]"], "not JSON"),
        (["x" * 200_000], "is missing"),
    ],
)
def test_a_file_that_is_no_feed_is_refused_whole(lines: list[str], words: str) -> None:
    with pytest.raises(UserError, match=words):
        read_usage(lines, TODAY)


def test_a_file_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_LINES", 3)
    line = "Acme,Orders,2026-11-27,1"
    assert read_usage([HEAD, line, line], TODAY).lines == 2
    with pytest.raises(UserError, match="more than 3 lines"):
        read_usage([HEAD, line, line, line], TODAY)


def test_of_two_lines_that_contradict_each_other_the_second_is_rejected() -> None:
    lines = [
        "Acme,Orders,2026-11-27,1",
        "ACME,orders,2026-11-27,1",
        "Acme,Orders,2026-11-27,1",
        "Acme,Orders,2026-11-27,2",
    ]
    read = read_usage([HEAD, *lines[:1], *lines[2:]], TODAY)
    assert (len(read.taken), read.repeated, read.lines) == (1, 1, 3)
    assert [(one.line, one.why) for one in read.rejects] == [(4, "Line 2 says otherwise.")]


def test_an_invoice_is_read_to_the_kopeck() -> None:
    head = "client;number;issued;due;paid;amount;currency;status"
    lines = [
        "Acme;A-1;2026-10-01;2026-10-15;;1 234,565;eur;",
        "Acme;A-2;;2026-10-15;2026-10-20;10;RUB;paid",
        "Acme;A-3;;2026-10-15;;10;RUB;Cancelled",
    ]
    read = read_invoices([head, *lines], TODAY)
    due = date(2026, 10, 15)
    assert [one.row for one in read.taken] == [
        InvoiceLine("Acme", "A-1", date(2026, 10, 1), due, None, 123456, "EUR", False),
        InvoiceLine("Acme", "A-2", None, due, date(2026, 10, 20), 1000, "RUB", False),
        InvoiceLine("Acme", "A-3", None, due, None, 1000, "RUB", True),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Acme;;2026-10-01;2026-10-15;;1;EUR;", "“number” is empty"),
        ("Acme;A;2026-10-16;2026-10-15;;1;EUR;", "due before it was issued"),
        ("Acme;A;;2026-10-15;2026-12-01;1;EUR;", "has not come yet"),
        ("Acme;A;;2026-10-15;;1;euro;", "is not a currency"),
        ("Acme;A;;2026-10-15;;1;EUR;late", "is not a status"),
        ("Acme;A;;2026-10-15;;1;EUR;paid", "does not say when"),
    ],
)
def test_a_malformed_invoice_is_rejected_with_its_reason(line: str, words: str) -> None:
    head = "client;number;issued;due;paid;amount;currency;status"
    (reject,) = read_invoices([head, line], TODAY).rejects
    assert words in reject.why


def test_a_departure_is_read_with_its_reason() -> None:
    head = "client,noticed,left,reason,words,competitor"
    lines = [
        "Acme,2026-10-01,2026-12-31,Missing features,Waited for years,Rival",
        "Other,,2026-10-01,,,",
    ]
    read = read_departures([head, *lines], TODAY)
    last = date(2026, 12, 31)
    reason = LossReason.MISSING_FEATURES
    assert [one.row for one in read.taken] == [
        DepartureLine("Acme", date(2026, 10, 1), last, reason, "Waited for years", "Rival"),
        DepartureLine("Other", None, date(2026, 10, 1), None, "", ""),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Acme,,,,,", "are empty"),
        ("Acme,2026-10-02,2026-10-01,,,", "left before it gave notice"),
        ("Acme,2026-12-01,,,,", "has not come yet"),
        ("Acme,2026-10-01,,boredom,,", "is not a reason: price"),
    ],
)
def test_a_malformed_departure_is_rejected_with_its_reason(line: str, words: str) -> None:
    head = "client,noticed,left,reason,words,competitor"
    (reject,) = read_departures([head, line], TODAY).rejects
    assert words in reject.why
