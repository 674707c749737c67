"""Makes files as programs write them: workbooks of three kinds, without a library that writes."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Grid = Sequence[Sequence[str | int | float]]


def packed(entries: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def xlsx(
    grid: Grid,
    *,
    merged: Sequence[str] = (),
    sheets: Mapping[str, Grid] | None = None,
    hidden: Sequence[str] = (),
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Make a workbook with one sheet, or several; ``more`` are further entries."""
    pages = sheets or {"Sheet1": grid}
    names, relations, entries = [], [], {}
    for number, (name, rows) in enumerate(pages.items(), 1):
        state = ' state="hidden"' if name in hidden else ""
        names.append(f'<sheet name="{escape(name)}" sheetId="{number}"{state} r:id="r{number}"/>')
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
        target = f"worksheets/sheet{number}.xml"
        relations.append(f'<Relationship Id="r{number}" Type="{kind}" Target="{target}"/>')
        entries[f"xl/{target}"] = _worksheet(rows, merged)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    ties = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006/relationships"
    return packed(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f'<Relationships xmlns="{packages}"><Relationship Id="r1"'
            f' Type="{ties}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{ties}"><sheets>'
            f"{''.join(names)}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}">'
            f"{''.join(relations)}</Relationships>",
            **entries,
            **(more or {}),
        }
    )


def _worksheet(rows: Grid, merged: Sequence[str]) -> str:
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            f'<c r="{_letter(column)}{number}"><v>{cell}</v></c>'
            if isinstance(cell, int | float)
            else f'<c r="{_letter(column)}{number}" t="inlineStr">'
            f"<is><t>{escape(cell)}</t></is></c>"
            for column, cell in enumerate(row)
            if cell != ""
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    tail = f'<mergeCells count="{len(merged)}">{ranges}</mergeCells>' if merged else ""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData>{tail}</worksheet>'


def _letter(column: int) -> str:
    return chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)


def ods(grid: Grid) -> bytes:
    """Make a workbook of OpenDocument."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in grid
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="One">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{space}">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    return packed({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def xls(grid: Grid) -> bytes:
    """Make a workbook of Excel 97: BIFF8 records in a compound file."""
    begins = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 0))
    name = b"One"
    offset = len(begins) + 4 + 8 + len(name) + 4
    bound = struct.pack("<IBBBB", offset, 0, 0, len(name), 0) + name
    stream = begins + _record(0x0085, bound) + _record(0x000A, b"")
    stream += _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 0))
    width = max(map(len, grid))
    stream += _record(0x0200, struct.pack("<IIHHH", 0, len(grid), 0, width, 0))
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            at = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, int | float):
                stream += _record(0x0203, at + struct.pack("<d", cell))
            elif cell:
                text = cell.encode("utf-16-le")
                stream += _record(0x0204, at + struct.pack("<HB", len(cell), 1) + text)
    return _compound(stream + _record(0x000A, b""))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _compound(stream: bytes) -> bytes:
    size = max(len(stream), 4096)
    sectors = -(-size // 512)
    none, end = 0xFFFFFFFF, 0xFFFFFFFE
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", 0, *([none] * 108))
    chain = [0xFFFFFFFD, end, *range(3, 2 + sectors), end]
    table = struct.pack("<128I", *chain, *([none] * (128 - len(chain))))
    folder = _entry("Root Entry", 5, 1, end, 0) + _entry("Workbook", 2, none, 2, size)
    return head + table + folder.ljust(512, b"\0") + stream.ljust(sectors * 512, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    none = 0xFFFFFFFF
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, none, none, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
