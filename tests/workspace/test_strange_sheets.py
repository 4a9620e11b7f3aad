"""Sheets made to harm: small files that would fill the memory of the machine, and with it stop everybody's work."""

import io
import zipfile
import zlib

import pytest

from kpiflow.errors import InvalidInput
from kpiflow.workspace import Asker, Draft, Workspace

NEWARK, GOAL, PERIOD, SPLIT = Asker("p0002"), "ewr-flights", "2013", Draft("by_last_year")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKED = "http://schemas.openxmlformats.org/package/2006/relationships"


def text(place: str, words: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


HEAD = f'<row r="1">{text("A1", "goal")}{text("B1", "target")}</row>'


def book(rows: str, **more: str) -> bytes:
    """A workbook of one sheet with these rows, and further parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("_rels/.rels", links("officeDocument", "xl/workbook.xml"))
        packed.writestr("xl/_rels/workbook.xml.rels", links("worksheet", "sheet1.xml"))
        sheets = '<sheets><sheet name="split" sheetId="1" r:id="rId1"/></sheets>'
        packed.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{sheets}</workbook>')
        packed.writestr("xl/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>')
        for name, part in more.items():
            packed.writestr(f"xl/{name}.xml", part)
    return content.getvalue()


def links(kind: str, target: str) -> str:
    one = f'<Relationship Id="rId1" Type="{LINKS}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{PACKED}">{one}</Relationships>'


def read(ws: Workspace, content: bytes, name: str = "a.xlsx"):
    return ws.read_sheet(NEWARK, GOAL, PERIOD, SPLIT, content, name=name)


def test_such_a_workbook_is_read_when_it_is_harmless(ws: Workspace) -> None:
    rows = f'<row r="2">{text("A2", "ewr-ua-flights")}{text("B2", "46000")}</row>'
    found = read(ws, book(HEAD + rows))
    assert found.draft is not None
    assert dict(found.draft.held) == {"ewr-ua-flights": 46_000.0}


@pytest.mark.parametrize("place", ["XFD1048576", "B1048576", "XFD2", "xfd1048576"])
def test_a_cell_far_out_does_not_make_room_for_all_before_it(ws: Workspace, place: str) -> None:
    with pytest.raises(InvalidInput, match="larger inside"):
        read(ws, book(f'{HEAD}<row r="2">{text(place, "x")}</row>'))


def test_a_row_far_down_does_not_either(ws: Workspace) -> None:
    with pytest.raises(InvalidInput, match="larger inside"):
        read(ws, book(f"{HEAD}<row r = '1048576'><c><v>1</v></c></row>"))


def test_a_part_that_unpacks_to_a_thousand_times_its_size_is_refused(ws: Workspace) -> None:
    with pytest.raises(InvalidInput, match="larger inside"):
        read(ws, book(HEAD, much=" " * 70_000_000))


def test_what_the_archive_says_of_its_size_is_not_believed(ws: Workspace) -> None:
    said = 70_000_000
    content = book(HEAD, much=" " * said)
    lying = content.replace(said.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != content
    with pytest.raises(InvalidInput, match="larger inside"):
        read(ws, lying)


def test_a_broken_part_does_not_hide_the_others(ws: Workspace) -> None:
    content = book(f'{HEAD}<row r="2">{text("XFD1048576", "x")}</row>', broken="nothing")
    crc = zlib.crc32(b"nothing").to_bytes(4, "little")
    with pytest.raises(InvalidInput, match="cannot be read"):
        read(ws, content.replace(crc, b"\0\0\0\0"))


def test_a_long_text_named_by_many_cells_is_refused(ws: Workspace) -> None:
    shared = f'<sst xmlns="{MAIN}"><si><t>{"x" * 1_000_000}</t></si></sst>'
    cells = "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in range(2, 2000))
    with pytest.raises(InvalidInput, match="larger inside"):
        read(ws, book(HEAD + cells, sharedStrings=shared))


@pytest.mark.parametrize("ending", ["xls", "xlsb", "xlsm", "ods", "parquet", "exe"])
def test_only_the_kinds_that_are_exported_are_read_back(ws: Workspace, ending: str) -> None:
    with pytest.raises(InvalidInput, match="no sheet"):
        read(ws, book(HEAD), f"a.{ending}")
