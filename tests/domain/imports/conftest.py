"""What tests of imports share: a look at what would come of the text of a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from deskcrm.base.jobs import Job
from deskcrm.domain.imports import importing
from deskcrm.domain.imports.fields import Target
from deskcrm.domain.imports.importing import Preview
from deskcrm.domain.imports.mapping import mapped
from deskcrm.domain.imports.names import is_known
from deskcrm.domain.imports.plan import Mode, Wish
from deskcrm.domain.imports.reading.files import read_file
from deskcrm.domain.imports.reading.sheet import FIND_OUT, Reading
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store

Look = Callable[..., Preview]


@pytest.fixture
def look(desk: Store, tmp_path: Path) -> Look:
    """Give what previews the text of a file as some kind of rows."""

    def look(
        text: str | bytes, target: Target = Target.CLIENTS, key: str = "", how: Reading = FIND_OUT,
        mode: Mode | None = None, suffix: str = ".csv",
    ) -> Preview:  # fmt: skip
        path = tmp_path / f"file{suffix}"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        sheet = read_file(path, known=is_known, how=how, job=Job())
        columns = desk.ask(importing.propose, sheet, target)
        wish = Wish(target, mode or (Mode.BOTH if key else Mode.CREATE), key)
        return importing.preview(Job(), desk, sheet, mapped(columns.suggestions), columns, wish)

    return look


def fates(seen: Preview) -> list[str]:
    return [row.fate.value for row in seen.plan.rows]


def living(desk: Store, model: Any) -> int:
    def count(db: Reader) -> int:
        return db.scalar(select(func.count()).select_from(model).where(~model.is_deleted)) or 0

    return desk.ask(count)
