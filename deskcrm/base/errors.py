"""The errors that speak to a person; anything else that is raised is a bug."""


class DeskError(Exception):
    """Root of the errors that we raise on purpose.

    DeskError
    ├── UserError      a toast in words that say what to do next
    └── Cancelled      a job was asked to stop, and did
    """


class UserError(DeskError):
    """Something that the person can mend, said in words.

    ``title`` is one sentence, ``detail`` says what to do next; both already in the person's
    language.
    """

    def __init__(self, title: str, detail: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.title} {self.detail}".strip()


class Cancelled(DeskError):
    """A long job was cancelled by the person."""
