# The part of python-calamine that is used, with the types of its cells spelled out.
from datetime import date, datetime, time, timedelta
from typing import IO

Cell = int | float | str | bool | time | date | datetime | timedelta

class CalamineError(Exception): ...
class PasswordError(CalamineError): ...

class SheetMetadata:
    name: str
    visible: object

class CalamineSheet:
    name: str
    height: int
    width: int
    total_height: int
    total_width: int
    merged_cell_ranges: list[tuple[tuple[int, int], tuple[int, int]]] | None
    def to_python(
        self, skip_empty_area: bool = ..., nrows: int | None = ...
    ) -> list[list[Cell]]: ...

class CalamineWorkbook:
    sheet_names: list[str]
    sheets_metadata: list[SheetMetadata]
    def get_sheet_by_name(self, name: str) -> CalamineSheet: ...

def load_workbook(path_or_filelike: str | IO[bytes]) -> CalamineWorkbook: ...
