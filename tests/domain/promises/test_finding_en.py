"""Promises found in English notes: what is one, what is not, and when each is due."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskcrm.domain.promises.finding import find_promises

# A Wednesday afternoon.
NOW = datetime(2026, 3, 11, 15, 0, tzinfo=timezone(timedelta(hours=1)))
TODAY = date(2026, 3, 11)


def d(month: int, day: int, year: int = 2026) -> date:
    return date(year, month, day)


PROMISES = [
    ("will call back tomorrow", d(3, 12)),
    ("I'll send the invoice by Friday", d(3, 13)),
    ("I'll send the invoice by the 15th", d(3, 15)),
    ("I'll send the invoice next week", d(3, 20)),
    ("I'll send the invoice by the end of the month", d(3, 31)),
    ("I will call you back.", None),
    ("We'll fix it today", TODAY),
    ("we will get back to you on Monday", d(3, 16)),
    ("I’ll email the quote this afternoon", TODAY),
    ("I'm going to check with billing and reply tomorrow morning", d(3, 12)),
    ("we are going to replace the unit next Tuesday", d(3, 17)),
    ("I'll definitely follow up on Thursday", d(3, 12)),
    ("I'll try to send it by Friday", d(3, 13)),
    ("I promise to call back before Friday", d(3, 12)),
    ("I promised to send the contract tomorrow", d(3, 12)),
    ("Promised to call back on Monday", d(3, 16)),
    ("Promised him to send the offer by Friday", d(3, 13)),
    ("told her I'd call back on Monday", d(3, 16)),
    ("Told the client I would send it by Friday", d(3, 13)),
    ("Called client, will send the invoice by Friday", d(3, 13)),
    ("Left a voicemail and will call again tomorrow", d(3, 12)),
    ("Spoke with Anna; will email the contract in two days", d(3, 13)),
    ("We'll ship it within 3 business days", d(3, 16)),
    ("I'll get back to you in an hour", TODAY),
    ("I'll get back to you within a week", d(3, 18)),
    ("I'll let you know by EOD", TODAY),
    ("I'll send the report by end of day", TODAY),
    ("we'll deploy the fix by the end of next week", d(3, 20)),
    ("We'll have it ready by March 20", d(3, 20)),
    ("We'll deliver on 20 March 2026", d(3, 20)),
    ("I'll send it on the 20th of March", d(3, 20)),
    ("I'll send it by 2026-03-25", d(3, 25)),
    ("I'll send it by 3/25", d(3, 25)),
    ("I'll ring you at 5pm", TODAY),
    ("I'll ring you at 10:30", d(3, 12)),
    ("I'll call the day after tomorrow", d(3, 13)),
    ("Tomorrow I'll call the client", d(3, 12)),
    ("On Friday we'll send the documents", d(3, 13)),
    ("On Friday, after lunch, I'll call back", d(3, 13)),
    ("I'll send the invoice, the contract and the act by Friday", d(3, 13)),
    ("The invoice will be ready on Friday", d(3, 13)),
    ("Your order will be shipped by Monday", d(3, 16)),
    ("Our engineer will visit you on Thursday", d(3, 12)),
    ("My colleague will call you tomorrow", d(3, 12)),
    ("I'm sending the documents tomorrow", d(3, 12)),
    ("We're calling back on Monday", d(3, 16)),
    ("Let me check and call you tomorrow", d(3, 12)),
    ("we'll meet on Thursday", d(3, 12)),
    ("If she doesn't answer, I'll call again on Friday", d(3, 13)),
    ("I'll call tomorrow, OK?", d(3, 12)),
    ("Client asked for a discount, so I'll check by Monday", d(3, 16)),
    ("She said that she is unhappy and I'll call her back tomorrow", d(3, 12)),
    ("I'll refund you in a couple of weeks", d(3, 25)),
    ("we'll renew it in April", d(4, 30)),
    ("We'll release it early next week", d(3, 17)),
    ("I'll be in touch next Friday", d(3, 20)),
    ("I'll look into it this week", d(3, 13)),
    ("I'LL CALL BACK TOMORROW", d(3, 12)),
    ("I shall confirm by Fri", d(3, 13)),
    ("We will arrange a demo later this week", d(3, 13)),
    ("I'll set up the account by close of business tomorrow", d(3, 12)),
    ("I will schedule the training for the 31st", d(3, 31)),
    ("Asked billing; we'll credit you by month end", d(3, 31)),
    ("You will get an email tomorrow", d(3, 12)),
    ("You'll have it by Friday", d(3, 13)),
    ("I'll be sending the proposal on Monday", d(3, 16)),
    ("Spoke to Maria. Sending the contract tomorrow.", d(3, 12)),
    ("Told him we'd have an answer by Friday", d(3, 13)),
    ("Agreed to send revised pricing by 3/20", d(3, 20)),
    ("Client will get back to us on Monday, I'll chase on Tuesday", d(3, 17)),
    ("I'll call you tomorrow if that works?", d(3, 12)),
    ("The refund will be processed within 5 business days", d(3, 18)),
    ("We'll push the fix on Thursday", d(3, 12)),
    ("I'll personally walk you through it on Tuesday", d(3, 17)),
    ("You can expect the quote by Friday", d(3, 13)),
    ("Will do: I'll send it ten days from now", d(3, 21)),
]

NOT_PROMISES = [
    "he will call back tomorrow",
    "The client will call back tomorrow",
    "she'll send the documents by Friday",
    "they will get back to us next week",
    "John will call back tomorrow",
    "Client called and will send the documents tomorrow",
    "Customer is happy and will call back tomorrow",
    "I called back yesterday",
    "sent the invoice on Friday",
    "We shipped it on the 15th",
    "I won't call back tomorrow",
    "I will not send it by Friday",
    "we'll never send it",
    "not going to call back tomorrow",
    "we're not going to fix it this week",
    "Will you call back tomorrow?",
    "Will we send it by Friday?",
    "Can I call you back tomorrow?",
    "Shall I call you back tomorrow?",
    "maybe I'll call tomorrow",
    "Perhaps we'll send it on Friday",
    "I don't think I'll call back tomorrow",
    "if I'll call tomorrow he answers",
    "when we will send it is unclear",
    "not sure whether we will ship on Friday",
    "Client: I'll call back tomorrow",
    'He said: "I\'ll send the money tomorrow"',
    "customer says I'll pay, I mean he pays on Friday",
    "Payment will be sent tomorrow",
    "The client will be ready on Friday",
    "Please call back tomorrow",
    "asked me to call back on Friday",
    "need to call back on Friday",
    "call back on Friday",
    "meeting on Friday",
    "I'll be on holiday until Friday",
    "I will be at the office on Friday",
    "I'll think about it",
    "We'll see",
    "He said he would call back on Friday",
    "I would call him on Friday if I could",
    "They promised to pay by Friday",
    "Client promised to send the act by Friday",
    "The contract ends on the 15th",
    "waiting for payment by Friday",
    "the will of the client",
    "you are getting an email tomorrow",
    "It will rain on Friday",
    "Once I'll know he answers on Friday",
    "Wish I'd call them on Friday",
    "the good will of the caller on Friday",
    "I'm going to Berlin on Friday",
    "we are sending",
    "who will send the invoice by Friday",
    "The bank will return the money on Friday",
    "She told me he'd call tomorrow",
    "the customer said they'll email on Monday",
    "I was going to call on Friday",
    "Their engineer will visit on Friday",
    "Why will we call back on Friday",
    "He is sending the contract tomorrow",
    "The client is calling back tomorrow",
    "sending the contract now",
    "I'll wait for your answer until Friday",
    "We'll decide on Friday",
    "they agreed to send the papers by Friday",
    "I need to send the invoice by Friday",
    "Could you let me know by Friday if you'll renew?",
]


@pytest.mark.parametrize(("text", "due"), PROMISES, ids=[text for text, _ in PROMISES])
def test_a_promise_is_found_with_its_day(text: str, due: date | None) -> None:
    found = find_promises(text, NOW)
    assert [one.due for one in found] == [due]
    start, end = found[0].span
    assert " ".join(text[start:end].split()) == found[0].text


@pytest.mark.parametrize("text", NOT_PROMISES)
def test_what_is_no_promise_of_ours_is_left_alone(text: str) -> None:
    assert find_promises(text, NOW) == []


def test_two_promises_with_two_days_are_two() -> None:
    found = find_promises(
        "I'll call back tomorrow and send the invoice. We'll ship on Monday.", NOW
    )
    assert [(one.text, one.due) for one in found] == [
        ("I'll call back tomorrow and send the invoice", d(3, 12)),
        ("We'll ship on Monday", d(3, 16)),
    ]


def test_the_day_is_counted_in_the_persons_own_zone() -> None:
    late = datetime(2026, 3, 11, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert find_promises("I'll call back tomorrow", late)[0].due == d(3, 12)
    tokyo = late.astimezone(timezone(timedelta(hours=9)))
    assert find_promises("I'll call back tomorrow", tokyo)[0].due == d(3, 13)


_WORDS = st.sampled_from(
    "I'll we will send call back the invoice by Friday 15th 31.02 99:99 не перезвоню пришлю до "
    "15-го завтра клиент он сказал что если ? . , « » ( ) \n İ ё 00/00 через 999 лет next".split(
        " "
    )
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=30).map(" ".join)))
def test_no_text_breaks_the_finder(text: str) -> None:
    for found in find_promises(text, NOW):
        start, end = found.span
        assert 0 <= start < end <= len(text)
        assert found.text == " ".join(text[start:end].split())
        assert found.due is None or found.due >= TODAY
