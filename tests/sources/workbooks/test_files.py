"""Files as they come: every format and encoding, and what is refused before it can fill the memory."""

import datetime
import io
import struct
import zipfile
from decimal import Decimal

import fastexcel
import openpyxl
import pytest
import xlsxwriter

from kpiflow.errors import InvalidInput
from kpiflow.sources import read_tidy
from kpiflow.sources.ole import required_sound
from kpiflow.sources.workbooks import Fault, found, limits, read_workbook, unfolded, workbook_of
from kpiflow.sources.workbooks.formats import EPOCH_1904

TABLE = "Einheit;Kennzahl;Monat;Ist\nEWR;Zürich-Flüge;01/2026;1.234,5\nJFK;flights;01/2026;7\n"
CHINESE = "单位,指标,月份,实际\n纽瓦克,实际执行航班,2026年1月,10\n肯尼迪,实际执行航班,2026年1月,20\n"


def packed(**parts):
    """A zip with these parts; `.` in names is written as `__`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def xlsx(
    sheet, workbook='<workbook xmlns="x" xmlns:r="y"><sheets><sheet name="S" r:id="r1"/></sheets></workbook>', **more
):
    """The least a workbook consists of, with this XML as its sheet."""
    relations = '<Relationships xmlns="x"><Relationship Id="r1" Type="t/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    return packed(**{
        "[Content_Types].xml": "<Types/>", "xl/workbook.xml": workbook, "xl/_rels/workbook.xml.rels": relations,
        "xl/worksheets/sheet1.xml": sheet, **more,
    })  # fmt: skip


def cells(book):
    return {(row, column): cell.value for row, line in enumerate(book.shown[0].cells, 1) for column, cell in enumerate(line, 1)
            if cell.value is not None}  # fmt: skip


def test_values_are_exact_and_keep_their_kind(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path, {"date_1904": True})
    sheet = book.add_worksheet("日 报")
    sheet.write(0, 1, 0.1 + 0.2)
    sheet.write_datetime(1, 1, datetime.date(2026, 1, 31), book.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.write(2, 1, True)
    sheet.write_formula(3, 1, "=1/0", None, "#DIV/0!")
    sheet.write_formula(4, 1, "=1+1")  # never worked out: this library stores a 0
    sheet.write_formula(5, 1, "=1+1", None, 2)
    sheet.write(6, 1, 0.1 + 0.7)
    sheet.write(7, 1, "\u00a0x\u3000")
    book.add_worksheet("old").hide()
    book.close()
    read = read_workbook(path)
    there = read.shown[0]
    values = [there.at(row, 2).value for row in range(1, 9)]
    assert values == [
        Decimal("0.3"), datetime.date(2026, 1, 31), True, Fault("#DIV/0!"), None, 2, Decimal("0.8"), "\u00a0x\u3000",
    ]  # fmt: skip
    assert there.at(5, 2).formula == "1+1"
    assert there.epoch == EPOCH_1904
    assert there.address(7, 2) == "'日 报'!B7"
    assert any("old" in str(one.said) for one in read.remarks)
    assert len(read.fingerprint) == 64


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_chinese_text_tables_in_any_encoding(encoding, known):
    page = workbook_of(CHINESE.encode(encoding), "一月.csv").shown[0]
    out = unfolded(page, found(page, known).mapping, known)
    assert out.facts.select("unit", "value").rows() == [("EWR", Decimal(10)), ("JFK", Decimal(20))]
    assert out.facts["cell"][0] == "一月!D2" or out.facts["cell"][0] == "'一月'!D2"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_european_text_tables_with_semicolons(encoding):
    page = workbook_of(TABLE.encode(encoding), "bericht.csv").shown[0]
    assert page.at(2, 2).value == "Zürich-Flüge"
    assert page.at(2, 4).value == "1.234,5"


def test_an_open_document(known):
    content = """<o:document-content xmlns:o="o" xmlns:t="t" xmlns:text="x" xmlns:style="s"><o:automatic-styles>
    <style:style style:name="off"><style:table-properties t:display="false"/></style:style></o:automatic-styles>
    <o:body><o:spreadsheet><t:table t:name="Jan">
    <t:table-column t:number-columns-repeated="16384"/>
    <t:table-row><t:table-cell o:value-type="string"><text:p>unit</text:p></t:table-cell>
      <t:table-cell o:value-type="string"><text:p>metric</text:p></t:table-cell>
      <t:table-cell o:value-type="date" o:date-value="2026-01-01"><text:p>Jan 26</text:p></t:table-cell>
      </t:table-row>
    <t:table-row><t:table-cell o:value-type="string" t:number-rows-spanned="2"><text:p>EWR</text:p></t:table-cell>
      <t:table-cell o:value-type="string"><text:p>nps</text:p></t:table-cell>
      <t:table-cell o:value-type="percentage" o:value="0.853"><text:p>85 %</text:p></t:table-cell>
      </t:table-row>
    <t:table-row><t:covered-table-cell/><t:table-cell o:value-type="string"><text:p>flights</text:p></t:table-cell>
      <t:table-cell o:value-type="float" o:value="12"><text:p>12</text:p></t:table-cell>
      </t:table-row>
    <t:table-row t:number-rows-repeated="1048570"><t:table-cell t:number-columns-repeated="16384"/></t:table-row>
    </t:table><t:table t:name="hid" t:style-name="off"/></o:spreadsheet></o:body></o:document-content>"""
    page = workbook_of(packed(**{"content.xml": content}), "a.ods").shown[0]
    out = unfolded(page, found(page, known).mapping, known)
    assert out.facts.select("metric", "unit", "value").rows() == [
        ("nps", "EWR", Decimal("85.3")),
        ("flights", "EWR", 12),
    ]


NS = 'xmlns="x"'
BOMBS = {
    "a cell far out": xlsx(
        f'<worksheet {NS}><sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>'
    ),
    "a row far down": xlsx(
        f'<worksheet {NS}><sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'
    ),
    "a part that never ends": xlsx(f"<worksheet {NS}>" + " " * (limits.MOST_UNPACKED + 1)),
    "one row without end": xlsx(f'<worksheet {NS}><sheetData><row r="1">' + f'<c a="{"x" * 1000}"/>' * 9_000),
}


@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS)
def test_what_would_fill_the_memory_is_refused(content):
    assert len(content) < 2 * 2**20
    with pytest.raises(InvalidInput, match="too large"):
        workbook_of(content, "bomb.xlsx")


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and then nothing",
        xlsx("<worksheet><sheetData>"),
        xlsx('<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
             "<worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>"),
        xlsx(f'<worksheet {NS}><sheetData><row r="1"><c r="A1" t="s"><v>7</v></c></row></sheetData></worksheet>'),
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1000),
    ],
)  # fmt: skip
def test_what_is_damaged_or_only_looks_like_a_workbook_says_what_to_do(content):
    with pytest.raises(InvalidInput, match="cannot be read as a workbook"):
        workbook_of(content, "a.xlsx")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xef\xbb\xbf <html><table><tr><td>1</td></tr></table></html>", "web page or XML.*save it as .xlsx"),
        ("\ufeff<table><tr><td>1</td></tr></table>".encode("utf-16-le"), "web page or XML"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "web page or XML"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "web page or XML"),
        (b"%PDF-1.7\n1,2\n", "a PDF and holds no cells"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (packed(**{"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}), "a document"),
        (packed(**{"hello.txt": "x", "march.xlsx": "x"}), "an archive. Unpack it"),
        (b"\x1f\x8b\x08\x00", "an archive"),
        (packed(**{"Index/Document.iwa": "x"}), "Numbers. Export it as .xlsx"),
    ],
)
def test_what_is_no_workbook_is_called_what_it_is(content, says):
    with pytest.raises(InvalidInput, match=says):
        workbook_of(content, "march.xls")


def old_file(*, directory, following=0xFFFFFFFE, more=0xFFFFFFFE):
    """An old office file by hand: its head, one sector with the table of sectors, and what there is of the directory."""
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, more, 0) + struct.pack("<I", 0) + b"\xff" * 432
    return head + struct.pack("<II", 0xFFFFFFFD, following) + b"\xff" * 504 + bytes(directory)


@pytest.mark.parametrize(
    "content",
    [
        old_file(directory=100),  # ends within the directory: the library panics
        old_file(directory=512, following=1),  # a sector that follows itself: the library reads for ever
        old_file(directory=512, more=1),
        old_file(directory=512)[:80],
    ],
)
@pytest.mark.timeout(20)
def test_an_old_file_that_is_torn_is_refused_at_once_however_it_comes(tmp_path, content):
    with pytest.raises(InvalidInput, match="cannot be read as a workbook"):
        workbook_of(content, "a.xls")
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match="cannot be read as a workbook"):
        read_tidy(path)


def test_the_check_of_old_files_lets_whole_ones_pass():
    required_sound(old_file(directory=512))
    required_sound(b"PK, and so another kind of file")
    chained = old_file(directory=512, following=2) + bytes(512)
    with pytest.raises(ValueError, match="circles"):
        required_sound(old_file(directory=512, following=0)[:512] + struct.pack("<II", 1, 0) + bytes(1016))
    required_sound(chained)


def test_protected_empty_and_missing_files_say_so(tmp_path):
    protected = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(InvalidInput, match="protected by a password"):
        workbook_of(protected, "a.xlsx")
    with pytest.raises(InvalidInput, match="is empty"):
        workbook_of(b" \n", "a.csv")
    with pytest.raises(InvalidInput, match="neither a workbook nor a text"):
        workbook_of(b"\x00\x01\x02picture" * 40, "a.csv")
    with pytest.raises(InvalidInput, match="no cells"):
        workbook_of(xlsx(f"<worksheet {NS}><sheetData/></worksheet>"), "a.xlsx")
    with pytest.raises(InvalidInput, match="There is no file"):
        read_workbook(tmp_path / "none.xlsx")


def test_our_reader_sees_what_two_others_see(tmp_path):
    """Values by a library in Rust, formulas and merged cells by one in Python."""
    path = tmp_path / "b.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    for row in range(1, 30):
        page.append([f"n{row}", row / 7, row * 1000, "", "=A1" if row % 5 == 0 else None, f" {row} "])
    page.merge_cells("A31:C32")
    page["A31"] = "<&>' \"中\n文"
    book.save(path)
    ours = read_workbook(path).shown[0]
    theirs = openpyxl.load_workbook(path).active
    values = fastexcel.read_excel(path).load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_polars()
    for row in range(1, 32):
        for column in range(1, 7):
            cell, other = ours.at(row, column), theirs.cell(row, column).value
            if isinstance(other, str) and other.startswith("="):
                assert cell == (None, other.lstrip("="), None)
            elif isinstance(other, int | float):
                assert abs(float(cell.value) - other) <= 1e-14 * other
                assert float(values[row - 1, column - 1]) == pytest.approx(float(cell.value), rel=1e-8)
            else:
                assert cell.value == (other or None)
    assert [(one.top, one.left, one.bottom, one.right) for one in ours.merged] == [(31, 1, 32, 3)]
