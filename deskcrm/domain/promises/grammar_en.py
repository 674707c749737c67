"""How a promise of ours is said in English."""

import re
from functools import cache

from deskcrm.domain.promises import dates_en
from deskcrm.domain.promises.grammar import Commitment, Grammar, Verbs

_FIRM = (
    r"call|phone|ring|email|e-mail|mail|text|message|ping|write|reply|respond|answer|contact"
    r"|reach\s+out|follow\s+up|circle\s+back|touch\s+base|come\s+back|be\s+in\s+touch"
    r"|get\s+(?:back|in\s+touch|it|this|that|the|a|an|you|them|him|her|someone|somebody)"
    r"|let\s+(?:you|him|her|them|the\s+(?:client|customer))\s+know|tell|inform|notify|remind|update"
    r"|send|forward|resend|share|provide|pass|give|deliver|ship|bring|return|refund|credit|issue"
    r"|prepare|draft|complete|finish|submit|sign|fill|file"
    r"|check|verify|confirm|clarify|find|look\s+into|investigate|review|calculate|ask"
    r"|fix|repair|resolve|solve|sort|restore|replace|correct|change|adjust|patch|deploy|release"
    r"|chase|process|install|configure|set|connect|enable|activate|extend|renew|upgrade|migrate|reset|unblock"
    r"|add|arrange|organi[sz]e|schedule|book|reserve|order|raise|escalate|assign|cancel|remove|waive"
    r"|take\s+care|make\s+(?:it|this|that|the|a|an)|do\s+(?:it|this|that|the|a)|put|show|demo|quote"
    r"|invoice|compensate|reimburse|deal\s+with|handle"
)
_LIGHT = (
    r"meet|talk|speak|discuss|look|start|begin|come|visit|drop\s+by|stop\s+by|have|be\s+(?:there|back|ready)"
    r"|work|run|see\s+(?:you|them|him|her)|chat|attend|present|think|try|dial|catch\s+up|go"
)
_DOING = (
    r"calling|ringing|phoning|sending|emailing|e-mailing|shipping|delivering|returning|fixing"
    r"|replacing|installing|refunding|getting\s+back|issuing"
)
# With a day said, nearly everything that we will do is a promise; this is what is not.
_NO_DEED = (
    r"be|see|think|need|want|like|know|wait|have|pay|miss|lose|forget|regret|decide|consider|hope"
    r"|expect|believe|guess|assume|understand|leave|stay|travel|fly|go|come|not|never|probably|no"
)
_GOING = rf"{_DOING}|visiting|bringing|meeting|coming"
_ADVERB = (
    r"(?:(?:also|just|then|definitely|certainly|personally|gladly|surely|still|again|try\s+to|make\s+sure\s+to"
    r"|be\s+sure\s+to|be\s+able\s+to|be\s+happy\s+to|go\s+ahead\s+and|have\s+to|need\s+to|gladly|happily"
    r"|absolutely|of\s+course|either|first|now|quickly|immediately)\s+)*"
)
_SHALL = (
    r"(?:i|we)(?:'ll|\s+will|\s+shall|'m\s+going\s+to|\s+am\s+going\s+to|'re\s+going\s+to|\s+are\s+going\s+to"
    r"|\s+promise\s+(?:(?:you|him|her|them)\s+)?to|(?:'ve|\s+have)?\s+promised\s+(?:(?:the\s+)?\w+\s+)?to"
    r"|(?:'ve|\s+have)?\s+(?:agreed|committed)\s+to)"
)
_BARE = (
    r"(?:will|shall|gonna|going\s+to"
    r"|(?:promised|agreed)\s+(?:(?:him|her|them|the\s+\w+|\w+)\s+)?to)"
)
_DONE = (
    r"(?:sent|ready|done|fixed|shipped|delivered|resolved|completed|finished|installed|replaced|refunded"
    r"|processed|credited|restored|updated|corrected|issued|emailed|available|live|with\s+you|in\s+your\s+inbox)"
)
_CLIENT = r"(?:the\s+|our\s+|this\s+|that\s+)?(?:client|customer|caller|user|buyer|contact)s?"
_THEY = rf"(?:he|she|they|you|it|{_CLIENT})"

_DOUBTED = re.compile(
    r"\b(?:maybe|perhaps|possibly|probably|hopefully|(?:do|did|does)n't\s+think|doubt|not\s+sure|wish"
    r"|whether|might|unlikely|wonder)\b"
)
_DEPENDENT = re.compile(
    r"\s*(?:and\s+|but\s+|so\s+)?(?:if|when|once|unless|until|after|before|whether|while|as\s+soon\s+as|in\s+case"
    r"|who|which|why|how|what|where|every\s+time|whenever|by\s+the\s+time)\b"
)
_THEY_SAID = re.compile(
    rf"\b{_THEY}\s+(?:said|says|wrote|replied|answered|promised|goes)\s*[,:-]*\s*$"
)
_THEY_SPOKE = re.compile(
    rf"\b{_THEY}\s+(?:said|says|promised|confirmed|agreed|told|will|is|wants?)\b[^.]*$"
)
_WE_SAID = re.compile(
    r"(?:^|[,;(]\s*|\b(?:i|we|and|also|then)\s+)(?:have\s+|'ve\s+)?(?:told|said|promised|agreed|assured|confirmed|informed)\b"
)
_THEIR_DOING = re.compile(
    rf"\b(?:{_CLIENT}|he|she|they|you|payments?|money|bank\s+transfer|their)\b"
)
# The subject that a bare "will" leaves out is the writer's own, as in "Called, will send it".
_OWN_START = re.compile(
    r"\s*(?:and\s+|so\s+|then\s+|but\s+)*(?:$|(?:i|we|ok|okay|yes|sure)\b|\w+ed\b|spoke|left|sent|told|said|rang|met"
    r"|wrote|got|gave|had\b|no\s+answer|voicemail|busy)"
)
_LEAD = re.compile(r"[\s\"(–—-]*(?:(?:and|so|then|but|ok|okay|yes|sure|also|therefore)\s+)*$")


_NOT_DENIED = r"\s+(?!not\b|never\b|no\s+longer\b)"
_WE_SAY_IT = (
    rf"\b{_SHALL}{_NOT_DENIED}{_ADVERB}(?:{_FIRM})\b",
    rf"(?<![\w'])(?<!not\s)(?<!n't\s){_BARE}{_NOT_DENIED}{_ADVERB}(?:{_FIRM})\b",
    rf"\b(?:i|we)(?:'d|\s+would)\s+{_ADVERB}(?:{_FIRM})\b",
)
_WE_SAY_WHEN = (
    rf"\b{_SHALL}{_NOT_DENIED}{_ADVERB}(?:{_LIGHT}|be\s+(?:{_GOING}))\b",
    rf"\b(?:i|we)(?:'ll|\s+will|\s+shall)\s+{_ADVERB}(?!(?:{_NO_DEED})\b)\w+",
    rf"\b(?:i|we)(?:'d|\s+would)\s+{_ADVERB}(?:{_LIGHT})\b",
    rf"\b(?:i'm|i\s+am|we're|we\s+are)\s+{_ADVERB}(?:{_GOING})\b",
    rf"\blet\s+me\s+{_ADVERB}(?:{_FIRM})\b",
    rf"\b(?:our|my)\s+(?:\w+\s+){{1,3}}?will{_NOT_DENIED}{_ADVERB}(?:{_FIRM}|{_LIGHT})\b",
    rf"\b(?:will|'ll)\s+be\s+(?:\w+ly\s+)?{_DONE}\b",
    r"\byou(?:(?:'ll|\s+will)\s+(?:have|get|receive)|\s+can\s+expect)\b",
)
# "Meeting on Friday" is a fact, "calling on Friday" an intention.
_WE_SAY_FOR_LATER = (rf"\b(?<!')(?:{_DOING})\b",)

_HINT = (
    r"\b(?:will|can\s+expect|shall|going\s+to|gonna|promised?|committed|let\s+me|would|agreed)\b"
    rf"|'(?:ll|d|m|re)\b|\b(?:i\s+am|we\s+are)\b|\b(?:{_DOING})\b"
)
_CLAUSE_BREAK = (
    r"[,;()\"]|:(?!\d)|\s[-–—]+\s"
    r"|\b(?:but|so(?!\s+(?:far|that))|because|if|when|once|unless|whether|while|which)\b"
    rf"|\b(?:and|until|before|after|that|as)\s+(?=(?:i|we|our|my|{_THEY})(?:\s|'))"
)
_STARTS_ANEW = (
    rf"\s*(?:and\s+|but\s+|so\s+)?(?:{_THEY}\b|because|if|when|once|unless|until\s+\w+\s+\w+s\b"
    r"|but\b|so\b|which|that\b|i\b|we\b)"
)
_TAG_QUESTION = (
    r"(?:,\s*(?:ok|okay|alright|all\s+right|right|deal|yes)|\bif\s+that(?:'s|\s+is)?\s+(?:works|ok\w*|fine))"
    r"\s*\?\W*$"
)
_LEADING = r"(?:[\s,;:.\"(–—-]|(?:and|so|then|but|that|therefore|also|ok|okay|yes|sure)\b)*"
_FILLER = r"\b(?:and|so|then|ok|okay|yes|sure|fine|after|lunch|in|the|right|on|by)\b"
_ABBREVIATIONS = (
    r"\b(?:mr|mrs|ms|dr|no|nr|vs|inc|ltd|co|a\.m|p\.m|e\.g|i\.e|etc|approx|jan|feb|mar|apr|jun"
    r"|jul|aug|sept?|oct|nov|dec|mon|tues?|wed|thurs?|fri)$"
)


@cache
def grammar() -> Grammar:
    """Give the rules of English; compiled at first use."""
    return Grammar(
        hint=re.compile(_HINT),
        verbs=(
            *(Verbs(re.compile(way)) for way in _WE_SAY_IT),
            *(Verbs(re.compile(way), needs_date=True) for way in _WE_SAY_WHEN),
            *(
                Verbs(re.compile(way), needs_date=True, needs_future=True)
                for way in _WE_SAY_FOR_LATER
            ),
        ),
        is_ours=_is_ours,
        theirs=(
            re.compile(rf"(?m)^\s*(?:{_CLIENT}|he|she|they)\s*:[^\n]*"),
            re.compile(
                r"(?<!\bi\s)(?<!\bwe\s)\b(?:said|says|replied|wrote|answered|told\s+(?:me|us))"
                r"\s*[:,]?\s*\"[^\"\n]*"
            ),
        ),
        clause_break=re.compile(_CLAUSE_BREAK),
        conjunction=re.compile(r"\b(?:and|then|or)\b"),
        starts_anew=re.compile(_STARTS_ANEW),
        tag_question=re.compile(_TAG_QUESTION),
        leading=re.compile(_LEADING),
        filler=re.compile(_FILLER),
        abbreviations=re.compile(_ABBREVIATIONS),
        dates=dates_en.phrases,
    )


def _is_ours(before: str, clause: str, found: Commitment) -> bool:
    """Tell whether the words are firm, and said by us."""
    words, head = clause[found.start : found.end], clause[: found.start]
    if _DOUBTED.search(head) or _DEPENDENT.match(clause) or _THEY_SAID.search(before + head):
        return False
    if re.match(r"(?:will|'ll)\s+be\s", words):
        return not _THEIR_DOING.search(head) and not re.search(r"\b(?:i|we)$", head)
    if re.match(r"(?:i|we)(?:'d|\s+would)\b", words):
        return _WE_SAID.search(before + head) is not None
    if re.match(rf"(?:{_BARE}|{_DOING})\b", words):
        return _is_own_subject(before, head)
    return True


def _is_own_subject(before: str, head: str) -> bool:
    """Tell whether a verb without a subject is the writer's own doing."""
    if re.search(r"\b(?:am|are|'m|'re|is|was|were|not|be)\s+$", head):
        return False
    dates = rf"(?:{dates_en.WEEKDAYS}|tomorrow|today|tonight)\s+"
    if _LEAD.match(re.sub(dates, "", head)):
        # Nothing stands before it in its clause: who spoke last in the clause before?
        return (
            not re.search(
                rf"\b(?:{_THEY})\s+(?:said|says|promised|confirmed|agreed|told|will|is|wants?|asked)\b[^.]*$",
                before,
            )
            or re.search(r"\basked\b", before) is not None
        )
    return re.search(r"\band\s+$", head) is not None and _OWN_START.match(head) is not None
