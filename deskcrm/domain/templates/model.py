"""The table of reply templates."""

from typing import Final, NewType
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.names import one_line
from deskcrm.domain.templates.variables import parse
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges

ReplyTemplateId = NewType("ReplyTemplateId", UUID)

LONGEST: Final = 20_000


class ReplyTemplate(Record, kw_only=True):
    """A reply that is written once; its scope says whether it is one's own or everybody's."""

    __tablename__ = "reply_template"
    __title__ = "name"

    name: Mapped[str]
    text_en: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    text_ru: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))

    def rename(self, name: str) -> None:
        """Give the template another name."""
        name = one_line(name)
        if not name:
            raise UserError(tr("A template needs a name."), tr("Type the name and save again."))
        self.name = name

    def write(self, *, text_en: str | None = None, text_ru: str | None = None) -> None:
        """Replace what it says in a language; a variable that there is not is refused."""
        for text in (text_en, text_ru):
            parse(text or "")
        if text_en is not None:
            self.text_en = text_en.strip()
        if text_ru is not None:
            self.text_ru = text_ru.strip()
        if not self.text_en and not self.text_ru:
            raise UserError(
                tr("The template says nothing."), tr("Write it in English, in Russian, or both.")
            )
        if max(len(self.text_en), len(self.text_ru)) > LONGEST:
            raise UserError(
                tr("This template is too long."), tr("Attach a file or link an article instead.")
            )

    def text_in(self, code: str) -> tuple[str, str]:
        """Give what it says in a language and which that is: the other one, where it must be."""
        texts = {"en": self.text_en, "ru": self.text_ru}
        if not texts.get(code):
            code = "en" if self.text_en else "ru"
        return texts[code], code
