"""The kinds of records that are found, and the fields by which they are known."""

from enum import StrEnum


class Kind(StrEnum):
    """What was found."""

    CLIENT = "client"
    CONTACT = "contact"
    TICKET = "ticket"
    INTERACTION = "interaction"
    ARTICLE = "article"


class Field(StrEnum):
    """The field of a record that was matched; kept short, for the index holds a million."""

    NAME = "name"
    CLIENT = "client"
    LEGAL_NAME = "legal"
    FORMER_NAME = "former"
    TAX_NUMBER = "tax"
    CITY = "city"
    WEBSITE = "web"
    EMAIL = "email"
    MESSENGER = "messenger"
    POSITION = "position"
    CUSTOM_FIELD = "custom"
    SUBJECT = "subject"
    TICKET_NUMBER = "number"
    TITLE = "title"
    KEYWORDS = "words"


def shown(field: Field, text: str) -> str:
    """Give what is indexed as it is shown: a ticket's number has one form on every screen."""
    return text.replace("T-", "#", 1) if field is Field.TICKET_NUMBER else text
