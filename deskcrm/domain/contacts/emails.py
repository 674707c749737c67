"""Email addresses and messenger names, brought to the form that is compared."""

import re
import unicodedata

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr

_ANGLED = re.compile(r"<([^<>]+)>")
_ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\"]{1,64}@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]{1,62}"
)
_MESSENGER_LINK = re.compile(
    r"^(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me|wa\.me|vk\.com|vk\.me|m\.me|viber\.me)/+",
    re.IGNORECASE,
)


def normalize(text: str) -> str | None:
    """Give the address in small letters; understands "Anna <a@b.org>" and mailto: links."""
    plain = unicodedata.normalize("NFKC", text).strip()
    angled = _ANGLED.search(plain)
    plain = (angled.group(1) if angled else plain).strip()
    if plain.lower().startswith("mailto:"):
        plain = plain[len("mailto:") :].split("?")[0]
    return plain.casefold() if _ADDRESS.fullmatch(plain) else None


def checked(text: str) -> str:
    """Give the address in small letters, or nothing for nothing; raises UserError."""
    if not text.strip():
        return ""
    address = normalize(text)
    if address is None:
        raise UserError(
            tr("“{text}” is not an email address.", text=text.strip()),
            tr("Write it like name@example.org."),
        )
    return address


def normalize_messenger(text: str) -> str:
    """Give a messenger's name bare and in small letters: https://t.me/Anna and @anna are "anna"."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return _MESSENGER_LINK.sub("", plain).strip("@/ ").split("?")[0].casefold()
