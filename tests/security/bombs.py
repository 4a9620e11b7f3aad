"""Files of a few kilobytes made to fill the memory of a machine, and files that are not what they say.

Run as a program it reads each of them in this one process and writes what came of it, and how much memory that took.
"""

import io
import json
import resource
import sys
import tempfile
import zipfile
from pathlib import Path

from kpiflow.errors import InvalidInput
from kpiflow.sources.tidy import read_tidy

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODS = "urn:oasis:names:tc:opendocument:xmlns"


def book(sheet: str, *, prolog: str = "", **more: str) -> bytes:
    """An .xlsx with one sheet."""
    target = f'<Relationship Id="rId1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    start = f'<Relationship Id="rId1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/>'
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}">{start}</Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{target}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets>'
        "</workbook>",
        "xl/worksheets/sheet1.xml": f'{prolog}<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
        **more,
    }
    return packed(parts)


def packed(parts: dict[str, str]) -> bytes:
    """A packed file of these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as out:
        for name, part in parts.items():
            out.writestr(name, part)
    return content.getvalue()


def cell(place: str, words: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


def laughs() -> str:
    """The billion laughs."""
    named = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=False)
    )
    return f"<?xml version='1.0'?><!DOCTYPE x [{named}]>"


def opened(rows: str) -> bytes:
    """An .ods with these rows."""
    spread = "application/vnd.oasis.opendocument.spreadsheet"
    table = f'<table:table table:name="a">{rows}</table:table>'
    names = f'xmlns:office="{ODS}:office:1.0" xmlns:table="{ODS}:table:1.0" xmlns:text="{ODS}:text:1.0"'
    whole = f"<office:document-content {names}><office:body>"
    whole += f"<office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>"
    return packed({"mimetype": spread, "content.xml": whole, "META-INF/manifest.xml": "<x/>"})


def far(columns: int, rows: int) -> str:
    """One cell of an .ods, said so many times."""
    repeated = f'table:number-columns-repeated="{columns}"'
    one = f'<table:table-cell {repeated} office:value-type="string"><text:p>x</text:p></table:table-cell>'
    return f'<table:table-row table:number-rows-repeated="{rows}">{one}</table:table-row>'


def zeros() -> bytes:
    """Half a megabyte that unpacks to more than half a gigabyte."""
    content = io.BytesIO(book(""))
    with (
        zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as out,
        out.open("xl/media/x", "w") as part,
    ):
        for _ in range(130):
            part.write(bytes(2**22))
    return content.getvalue()


#: Name → content.
BOMBS: dict[str, bytes] = {
    "far.xlsx": book(f'<row r="1">{cell("A1", "metric")}</row><row r="1048576">{cell("XFD1048576", "x")}</row>'),
    "laughs.xlsx": book(f'<row r="1">{cell("A1", "&j;")}</row>', prolog=laughs()),
    "outside.xlsx": book(
        f'<row r="1">{cell("A1", "&j;")}</row>',
        prolog="<?xml version='1.0'?><!DOCTYPE x [<!ENTITY j SYSTEM 'file:///etc/passwd'>]>",
    ),
    "far.ods": opened(far(16384, 1048576)),
    "long.csv": b"metric,unit,day,value\n" + b"a" * (32 * 2**20),
    "quotes.csv": b"metric,unit,day,value\n" + b'"' * (4 * 2**20 + 1),
    "truncated.xlsx": book(f'<row r="1">{cell("A1", "metric")}</row>')[:-40],
    "no workbook.xlsx": packed({"x": "y"}),
    "empty.xlsx": b"",
    "only a name.parquet": b"PAR1" + b"\x00" * 64 + b"PAR1",
    "binary.csv": bytes(range(256)) * 64,
    "zeros.csv": b"\0" * 65_536,
    "half a pair.csv": b"metric,unit,day,value\nontime_rate,EWR,2013-01-01,\xff\xfe\xd8",
}


def peak() -> int:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Read each file; write the outcome and what the peak of memory grew by, as JSON."""
    said, folder = {}, Path(tempfile.mkdtemp())
    wide = ",".join(f"c{number}" for number in range(1_000_000))
    made = {**BOMBS, "zeros.xlsx": zeros(), "wide.csv": f"{wide}\n{',' * 999_999}".encode()}
    for name, content in made.items():
        before = peak()
        path = folder / name
        path.write_bytes(content)
        try:
            found = read_tidy(path)
            outcome = f"read {found.facts.height}"
        except InvalidInput:
            outcome = "refused"
        except Exception as other:  # noqa: BLE001 — told, and then the test fails
            outcome = f"{type(other).__name__}: {str(other)[:200]}"
        said[name] = [outcome, peak() - before]
        path.unlink()
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
