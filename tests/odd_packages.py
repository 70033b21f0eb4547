"""Workbooks as other programs and careless people make them: each with what must come of it, decided beforehand.

``beside``: our columns stand right of the customers and nothing else changes; ``apart``: they have a sheet of their own;
``new``: a new workbook is written and the reason said; ``error``: it cannot be read at all, and that is said.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from builders import MAIN
from packages import HEADERS, MACRO_TYPE, SHEET, STYLES, package, related, row_xml, rows_xml, sheet_xml

MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
Build = Callable[[Path], Path]


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The package with one part in another form."""
    with zipfile.ZipFile(path) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def renamed(path: Path, change: Callable[[str], str]) -> Path:
    """The package with its parts under other names."""
    with zipfile.ZipFile(path) as old:
        parts = [(info.filename, old.read(info)) for info in old.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts:
            info = zipfile.ZipInfo("x")
            info.filename = change(name)
            new.writestr(info, content)
    return path


def sheet(change: Callable[[str], str], **how: object) -> Build:
    """The usual package with its customers' sheet in another form."""
    return lambda path: package(path, change(sheet_xml()), **how)  # type: ignore[arg-type]


def around(before: str = "", after: str = "", **how: object) -> Build:
    """The usual package with more around its rows."""
    whole = re.sub(r"(<dimension[^>]*>)(<sheetPr.*?(?:</sheetPr>|/>))", r"\2\1", sheet_xml(before=before, after=after))
    return lambda path: package(path, whole, **how)  # type: ignore[arg-type]


def rows(change: Callable[[str], str], **how: object) -> Build:
    """The usual package with its rows in another form."""
    return lambda path: package(path, sheet_xml(rows=change(rows_xml())), **how)  # type: ignore[arg-type]


def table(reference: str, headers: list[str], number: int = 1, inside: str = "", more: str = "") -> str:
    """A table's part."""
    listed = "".join(f'<tableColumn id="{place}" name="{name}"/>' for place, name in enumerate(headers, start=1))
    return (
        f'<table xmlns="{MAIN}" id="{number}" name="表{number}" displayName="表{number}" ref="{reference}"{more}>'
        f'{inside}<tableColumns count="{len(headers)}">{listed}</tableColumns></table>'
    )


def tables(*parts: str, sheet_rows: str | None = None, **how: object) -> Build:
    """The usual package with tables on the customers' sheet."""
    after = f'<tableParts count="{len(parts)}">' + "".join(
        f'<tablePart r:id="rId{place}"/>' for place in range(1, len(parts) + 1)
    )

    def build(path: Path) -> Path:
        return package(
            path,
            sheet_xml(after=f"{after}</tableParts>", rows=sheet_rows),
            {f"xl/tables/table{place}.xml": part for place, part in enumerate(parts, start=1)},
            sheet_rels="".join(
                related(place, "table", f"../tables/table{place}.xml") for place in range(1, len(parts) + 1)
            ),
            overrides="".join(
                f'<Override PartName="/xl/tables/table{place}.xml" ContentType="{TYPE}table+xml"/>'
                for place in range(1, len(parts) + 1)
            ),
            **how,  # type: ignore[arg-type]
        )

    return build


def carried(tail: str, kind: str, name: str, content: str | bytes, content_type: str, before: str = "") -> Build:
    """The usual package whose customers' sheet refers to a part."""
    return around(
        before,
        tail,
        more={name: content},
        sheet_rels=related(1, kind, f"/{name}"),
        overrides=f'<Override PartName="/{name}" ContentType="{content_type}"/>',
    )


def zip64(path: Path) -> Path:
    """Every part with the extra field of the 64-bit form, as writers that stream make it."""
    package(path)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            with new.open(name, "w", force_zip64=True) as part:
                part.write(content)
    return path


def described(path: Path) -> Path:
    """Sizes behind the parts, as writers make it that cannot go back in their output."""
    package(path)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}

    class OneWay:
        def __init__(self, file: object) -> None:
            self.write, self.flush = file.write, file.flush  # type: ignore[attr-defined]

    with path.open("wb") as file, zipfile.ZipFile(OneWay(file), "w", zipfile.ZIP_DEFLATED) as new:  # type: ignore[arg-type]
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def stored(path: Path) -> Path:
    """Nothing deflated."""
    package(path)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def bytes_before(path: Path) -> Path:
    """Something stands before the zip."""
    package(path)
    path.write_bytes(b"MZ not a zip yet" * 8 + path.read_bytes())
    return path


def pretty(xml: str) -> str:
    """Every element on its own line."""
    return re.sub(r"(</?(?:row|c|sheetData|dimension)\b)", r"\n  \1", xml)


def single_quotes(xml: str) -> str:
    """Attributes in single quotes, with blanks around their equals signs."""
    return re.sub(r' (r|t|spans|s)="([^"]*)"', r" \1 = '\2'", xml)


def shuffled(xml: str) -> str:
    """The last row first."""
    found = re.findall(r"<row .*?</row>", xml)
    return "".join([found[0], found[-1], *found[1:-1]])


def shared_strings(path: Path, phonetic: str = "") -> Path:
    """Texts in the shared strings, as most programs write them."""
    texts: list[str] = []

    def shared(found: re.Match[str]) -> str:
        texts.append(found[2])
        return f'<c{found[1]} t="s"><v>{len(texts) - 1}</v></c>'

    body = re.sub(r'<c([^>]*?) t="inlineStr"><is><t>(.*?)</t></is></c>', shared, sheet_xml())
    items = "".join(f"<si><t>{text}</t>{phonetic}</si>" for text in texts)
    strings = f'<sst xmlns="{MAIN}" count="{len(texts)}" uniqueCount="{len(texts)}">{items}</sst>'
    package(
        path,
        body,
        {"xl/sharedStrings.xml": strings},
        overrides=f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPE}sharedStrings+xml"/>',
    )
    relation = related(9, "sharedStrings", "sharedStrings.xml").encode()
    return rewritten(
        path,
        "xl/_rels/workbook.xml.rels",
        lambda xml: xml.replace(b"</Relationships>", relation + b"</Relationships>"),
    )


HIDDEN = re.compile(r'<row r="(5|9)"')
TITLE = '<row r="1"><c r="A1" t="inlineStr"><is><t>2026 年客户跟进总表</t></is></c></row>'


def below_a_title(xml: str) -> str:
    """All rows one further down, a title in the first."""
    moved = re.sub(r'(<row r="|<c r="[A-Z]+)(\d+)', lambda one: f"{one[1]}{int(one[2]) + 1}", xml)
    return TITLE + moved


def cfs(*areas: str) -> str:
    """A rule of the user's on each area."""
    return "".join(
        f'<conditionalFormatting sqref="{one}"><cfRule type="expression" dxfId="0" priority="{place}"><formula>TRUE</formula>'
        "</cfRule></conditionalFormatting>"
        for place, one in enumerate(areas, start=1)
    )


def lists(*areas: str) -> str:
    """A drop-down of the user's on each area."""
    listed = "".join(
        f'<dataValidation type="list" sqref="{one}"><formula1>"甲,乙"</formula1></dataValidation>' for one in areas
    )
    return f'<dataValidations count="{len(areas)}">{listed}</dataValidations>'


ANCHOR = (
    f'<xdr:wsDr xmlns:xdr="{DRAWING}"><xdr:twoCellAnchor><xdr:from><xdr:col>9</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row>'
    "<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>12</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>6</xdr:row><xdr:rowOff>0</xdr:rowOff>"
    '</xdr:to><xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="框"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr/></xdr:sp>'
    "<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
)
PIVOT = (
    f'<pivotCacheDefinition xmlns="{MAIN}" refreshOnLoad="1" recordCount="0"><cacheSource type="worksheet"><worksheetSource '
    'ref="A1:F13" sheet="客户"/></cacheSource><cacheFields count="1"><cacheField name="来源"><sharedItems/></cacheField></cacheFields></pivotCacheDefinition>'
)

CASES: dict[str, tuple[Build, str]] = {
    # ---- how rows and cells are written
    "a prefix": (lambda path: package(path, sheet_xml(p="x:")), "beside"),
    "pretty printed": (sheet(pretty), "beside"),
    "single quotes": (sheet(single_quotes), "beside"),
    "blanks before the end of a tag": (rows(lambda xml: xml.replace("</row>", "</row >")), "new"),
    "blanks in a cell's end tag": (rows(lambda xml: xml.replace("</c>", "</c >")), "beside"),
    "a blank in the end of the rows": (sheet(lambda xml: xml.replace("</sheetData>", "</sheetData >")), "new"),
    "line ends in tags": (rows(lambda xml: xml.replace("<row ", "<row\n").replace("<c ", "<c\r\n")), "beside"),
    "rows without numbers": (rows(lambda xml: re.sub(r'<row r="\d+"', "<row", xml)), "beside"),
    "cells without places": (rows(lambda xml: re.sub(r'<c r="[A-Z]+\d+"', "<c", xml)), "beside"),
    "neither numbers nor places": (rows(lambda xml: re.sub(r' (?:r|spans)="\w+:?\w*"', "", xml)), "beside"),
    "rows out of order": (rows(shuffled), "new"),
    "spans of two areas": (rows(lambda xml: xml.replace('spans="1:6"', 'spans="1:3 5:6"')), "beside"),
    "no spans": (rows(lambda xml: xml.replace(' spans="1:6"', "")), "beside"),
    "a comment between rows": (rows(lambda xml: xml.replace("</row>", "</row><!-- 数据 -->", 1)), "new"),
    "an instruction in the rows": (rows(lambda xml: xml.replace("</row>", "</row><?x y?>", 1)), "new"),
    "numbers as entities": (rows(lambda xml: xml.replace("展会", "&#x5c55;&#20250;")), "beside"),
    "empty rows with looks": (
        rows(lambda xml: xml + "".join(f'<row r="{n}" s="2" customFormat="1"/>' for n in range(14, 60))),
        "beside",
    ),
    "empty styled cells in the last rows": (
        rows(
            lambda xml: (
                xml + "".join(f'<row r="{n}"><c r="A{n}" s="2"/><c r="F{n}" s="2"/></row>' for n in range(14, 30))
            )
        ),
        "beside",
    ),
    "heights, levels and hidden rows": (
        rows(lambda xml: HIDDEN.sub(r'<row hidden="1" outlineLevel="1" ht="30" customHeight="1" r="\1"', xml)),
        "beside",
    ),
    "phonetic texts": (
        rows(
            lambda xml: xml.replace(
                "<t>展会</t>", '<t>展会</t><rPh sb="0" eb="1"><t>テンカイ</t></rPh><phoneticPr fontId="1"/>'
            )
        ),
        "beside",
    ),
    "rich texts": (
        rows(lambda xml: xml.replace("<t>展会</t>", "<r><rPr><b/></rPr><t>展</t></r><r><t>会</t></r>")),
        "beside",
    ),
    "shared strings": (shared_strings, "beside"),
    "errors and truths": (
        rows(lambda xml: xml.replace('<c r="E5"><v>9000</v></c>', '<c r="E5" t="e"><v>#N/A</v></c>')),
        "beside",
    ),
    "a byte order mark": (lambda path: rewritten(package(path), SHEET, lambda xml: b"\xef\xbb\xbf" + xml), "beside"),
    "utf-16": (
        lambda path: rewritten(
            package(path), SHEET, lambda xml: xml.decode().replace("UTF-8", "UTF-16").encode("utf-16")
        ),
        "new|error",
    ),
    "gb18030": (
        lambda path: rewritten(
            package(path), SHEET, lambda xml: xml.decode().replace("UTF-8", "GB18030").encode("gb18030")
        ),
        "error|new",
    ),
    "standalone": (
        sheet(lambda xml: xml.replace('encoding="UTF-8"?>', "encoding='utf-8' standalone='no' ?>\n\n")),
        "beside",
    ),
    "no declaration": (sheet(lambda xml: xml.partition("?>")[2].strip()), "beside"),
    "a document type": (sheet(lambda xml: xml.replace("?>", "?><!DOCTYPE worksheet>", 1)), "new|error"),
    "an entity": (
        sheet(lambda xml: xml.replace("?>", '?><!DOCTYPE worksheet [<!ENTITY a "展会">]>', 1).replace("展会", "&a;")),
        "error",
    ),
    # ---- formulas
    "shared formulas": (
        rows(
            lambda xml: re.sub(
                r'<c r="E(\d+)">(?:<f>.*?</f>)?',
                lambda one: (
                    f'<c r="E{one[1]}"><f t="shared" si="0"' + (' ref="E2:J13">1*2</f>' if one[1] == "2" else "/>")
                ),
                xml,
            )
        ),
        "beside",
    ),
    "an array formula over our place": (
        rows(lambda xml: xml.replace('<c r="E2"><v>', '<c r="E2"><f t="array" ref="E2:H2">{1,2,3,4}</f><v>')),
        "apart",
    ),
    "an array formula in one column": (
        rows(lambda xml: xml.replace('<c r="E2"><v>', '<c r="E2"><f t="array" ref="E2:E4">{1;2;3}</f><v>')),
        "beside",
    ),
    "a data table": (
        rows(
            lambda xml: (
                xml
                + '<row r="20"><c r="B20"><f t="dataTable" ref="B20:J24" dt2D="1" dtr="1" r1="A1" r2="B1"/><v>1</v></c></row>'
            )
        ),
        "beside",
    ),
    # ---- areas
    "a dimension that is wrong": (sheet(lambda xml: xml.replace('ref="A1:F13"', 'ref="A1"')), "beside"),
    "a dimension of everything": (sheet(lambda xml: xml.replace('ref="A1:F13"', 'ref="A1:XFD1048576"')), "beside"),
    "no dimension": (sheet(lambda xml: re.sub("<dimension[^>]*>", "", xml)), "beside"),
    "columns that overlap": (
        around(
            '<cols><col min="1" max="8" width="9" customWidth="1"/><col min="6" max="16384" width="12" customWidth="1"/></cols>'
        ),
        "beside",
    ),
    "one width for all columns": (around('<cols><col min="1" max="16384" width="14.5" style="2"/></cols>'), "beside"),
    "hidden columns at the edge": (
        around('<cols><col min="5" max="9" hidden="1" width="0" customWidth="1"/></cols>'),
        "beside",
    ),
    "an outline over our place": (
        around(
            '<sheetFormatPr defaultRowHeight="15" outlineLevelCol="2"/><cols><col min="4" max="12" outlineLevel="1" collapsed="1" hidden="1"/></cols>'
        ),
        "beside",
    ),
    "a filter with hidden rows": (
        lambda path: package(
            path,
            sheet_xml(
                before='<sheetPr filterMode="1"/>',
                rows=HIDDEN.sub(r'<row hidden="1" r="\1"', rows_xml()),
                after='<autoFilter ref="A1:F13"><filterColumn colId="2"><filters><filter val="展会"/></filters></filterColumn>'
                '<sortState ref="A2:F13"><sortCondition ref="E2:E13"/></sortState></autoFilter>',
            ).replace(
                '<dimension ref="A1:F13"/><sheetPr filterMode="1"/>',
                '<sheetPr filterMode="1"/><dimension ref="A1:F13"/>',
            ),
            names='<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">客户!$A$1:$F$13</definedName></definedNames>',
        ),
        "beside",
    ),
    "a title over all columns and more": (
        lambda path: package(
            path,
            sheet_xml(
                rows=below_a_title(rows_xml()), after='<mergeCells count="1"><mergeCell ref="A1:J1"/></mergeCells>'
            ),
        ),
        "beside",
    ),
    "cells above that reach further": (
        lambda path: package(
            path,
            sheet_xml(rows=below_a_title(rows_xml()).replace("</c></row>", '</c><c r="I1"><v>46000</v></c></row>', 1)),
        ),
        "beside",
    ),
    "notes behind an empty column": (
        rows(lambda xml: xml.replace("</row>", '<c r="I1" t="inlineStr"><is><t>说明</t></is></c></row>', 1)),
        "apart",
    ),
    "two empty columns with headers": (
        rows(
            lambda xml: xml.replace(
                "</row>",
                '<c r="G1" t="inlineStr"><is><t>客户预算</t></is></c><c r="H1" t="inlineStr"><is><t>负责人</t></is></c></row>',
                1,
            )
        ),
        "beside",
    ),
    "a column without a header": (
        rows(lambda xml: re.sub(r'(<row r="(\d\d?)".*?)</row>', r'\1<c r="G\2" t="str"><v>重点\2</v></c></row>', xml)),
        "beside",
    ),
    "a grid drawn beyond the customers": (
        rows(lambda xml: re.sub(r'(<row r="(\d+)".*?)</row>', r'\1<c r="G\2" s="2"/><c r="H\2" s="2"/></row>', xml)),
        "apart",
    ),
    "rows merged among customers": (
        around("", '<mergeCells count="1"><mergeCell ref="C2:C3"/></mergeCells>'),
        "beside",
    ),
    "rules over everything": (around("", cfs("A1:XFD1048576", "1:1048576", "A:XFD", "G:G", "H2:H13 J3")), "beside"),
    "lists over everything": (around("", lists("A1:XFD1048576", "X2:X13", "G2:G900")), "beside"),
    "print set-up": (
        around(
            "",
            '<printOptions gridLines="1"/><pageMargins left="1" right="1" top="1" bottom="1" header="0" footer="0"/>'
            '<pageSetup paperSize="9" orientation="landscape"/><headerFooter><oddHeader>&amp;C客户</oddHeader></headerFooter>'
            '<rowBreaks count="1" manualBreakCount="1"><brk id="6" max="16383" man="1"/></rowBreaks>'
            '<colBreaks count="1" manualBreakCount="1"><brk id="3" max="1048575" man="1"/></colBreaks>',
            names='<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">客户!$1:$1</definedName>'
            '<definedName name="范围" localSheetId="1">客户!$A$1:$F$13</definedName><definedName name="范围">客户!$A:$XFD</definedName></definedNames>',
        ),
        "beside",
    ),
    "split panes": (
        around(
            '<sheetViews><sheetView workbookViewId="0"><pane xSplit="2000" ySplit="900" topLeftCell="C4" activePane="bottomRight"/></sheetView></sheetViews>'
        ),
        "beside",
    ),
    "right to left, zoomed, two windows": (
        around(
            '<sheetViews><sheetView rightToLeft="1" zoomScale="70" workbookViewId="0"/><sheetView workbookViewId="1"/></sheetViews>'
        ),
        "beside",
    ),
    "areas that may be edited, scenarios, custom views": (
        around(
            "",
            '<protectedRanges><protectedRange name="可改" sqref="E2:E13"/></protectedRanges>'
            '<scenarios><scenario name="好" count="1"><inputCells r="E2" val="1"/></scenario></scenarios>'
            '<customSheetViews><customSheetView guid="{00000000-0000-0000-0000-000000000001}"><autoFilter ref="A1:F13"/></customSheetView></customSheetViews>',
        ),
        "beside",
    ),
    # ---- tables
    "a table with totals": (
        tables(
            table("A1:F14", HEADERS, inside='<autoFilter ref="A1:F13"/>', more=' totalsRowCount="1"'),
            sheet_rows=rows_xml()
            + '<row r="14"><c r="A14" t="inlineStr"><is><t>汇总</t></is></c><c r="E14"><f>SUBTOTAL(109,表1[报价金额])</f><v>1</v></c></row>',
        ),
        "beside",
    ),
    "a table over some of the columns": (tables(table("A1:D13", HEADERS[:4])), "apart"),
    "two tables side by side": (tables(table("A1:C13", HEADERS[:3]), table("D1:F13", HEADERS[3:], 2)), "apart"),
    "another table below": (
        tables(
            table("A1:F13", HEADERS),
            table("A20:H22", [f"列{n}" for n in range(8)], 2),
            sheet_rows=rows_xml()
            + "".join(
                row_xml(number, [f"列{n}" for n in range(8)] if number == 20 else [1] * 8) for number in (20, 21, 22)
            ),
        ),
        "beside|apart",
    ),
    "a table whose names have entities": (
        lambda path: rewritten(
            tables(table("A1:F13", HEADERS))(path),
            "xl/tables/table1.xml",
            lambda xml: xml.replace("备注".encode(), b"&#x5907;&#x6ce8;"),
        ),
        "beside",
    ),
    # ---- what hangs on the sheet
    "a chart and a box over our place": (
        carried(
            '<drawing r:id="rId1"/>',
            "drawing",
            "xl/drawings/drawing1.xml",
            ANCHOR,
            "application/vnd.openxmlformats-officedocument.drawing+xml",
        ),
        "beside",
    ),
    "comments of the old kind": (
        carried(
            '<legacyDrawing r:id="rId1"/>',
            "vmlDrawing",
            "xl/drawings/vmlDrawing1.vml",
            "<xml/>",
            "application/vnd.openxmlformats-officedocument.vmlDrawing",
        ),
        "beside",
    ),
    "controls in an alternative": (
        carried(
            f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="x14"><controls><control shapeId="1025" r:id="rId1" name="钮"/></controls></mc:Choice></mc:AlternateContent>',
            "ctrlProp",
            "xl/ctrlProps/ctrlProp1.xml",
            f'<formControlPr xmlns="{X14}" objectType="Button"/>',
            "application/vnd.ms-excel.controlproperties+xml",
        ),
        "beside",
    ),
    "an embedded object": (
        carried(
            '<oleObjects><oleObject progId="Word" shapeId="1026" r:id="rId1"/></oleObjects>',
            "oleObject",
            "xl/embeddings/oleObject1.bin",
            b"\xd0\xcf\x11\xe0",
            "application/vnd.openxmlformats-officedocument.oleObject",
        ),
        "beside",
    ),
    "rules of the newer kind": (
        around(
            "",
            f'<extLst><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:x14="{X14}"><x14:conditionalFormattings>'
            '<x14:conditionalFormatting xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:cfRule type="expression" priority="9" id="{1}"/>'
            "<xm:sqref>G2:G13</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>",
        ),
        "beside",
    ),
    "a pivot over the customers": (
        around(
            more={"xl/pivotCache/pivotCacheDefinition1.xml": PIVOT},
            overrides=f'<Override PartName="/xl/pivotCache/pivotCacheDefinition1.xml" ContentType="{TYPE}pivotCacheDefinition+xml"/>',
        ),
        "beside",
    ),
    # ---- the workbook
    "macros": (
        lambda path: package(path, more={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}, main_type=MACRO_TYPE),
        "beside",
    ),
    "alternatives in the workbook": (
        lambda path: rewritten(
            package(path),
            "xl/workbook.xml",
            lambda xml: xml.replace(
                b"<sheets>",
                f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="x15"><x15ac:absPath xmlns:x15ac="u" url="C:\\"/></mc:Choice>'
                '</mc:AlternateContent><bookViews><workbookView activeTab="1"/></bookViews><sheets>'.encode(),
            ),
        ),
        "beside",
    ),
    "a workbook with a prefix": (
        lambda path: rewritten(
            package(path),
            "xl/workbook.xml",
            lambda xml: re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", xml).replace(b"xmlns=", b"xmlns:x="),
        ),
        "beside",
    ),
    "styles with a prefix": (
        lambda path: package(
            path, more={"xl/styles.xml": re.sub(r"<(/?)(?=[a-z])", r"<\1x:", STYLES).replace("xmlns=", "xmlns:x=")}
        ),
        "beside",
    ),
    "a sheet's name with signs": (
        lambda path: rewritten(
            package(path),
            "xl/workbook.xml",
            lambda xml: xml.replace('name="客户"'.encode(), 'name="客户 &amp; &apos;A&apos;"'.encode()),
        ),
        "beside",
    ),
    "the name of one of our sheets": (
        lambda path: rewritten(
            package(path), "xl/workbook.xml", lambda xml: xml.replace("说明".encode(), "概览".encode())
        ),
        "beside",
    ),
    "targets from the root": (
        lambda path: rewritten(
            package(path), "xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b'Target="', b'Target="/xl/')
        ),
        "beside",
    ),
    "capitals in targets": (
        lambda path: rewritten(
            package(path),
            "xl/_rels/workbook.xml.rels",
            lambda xml: xml.replace(b"worksheets/sheet", b"Worksheets/Sheet"),
        ),
        "beside|error",
    ),
    "capitals in parts": (
        lambda path: renamed(package(path), lambda name: name.replace("xl/worksheets", "xl/Worksheets")),
        "beside|error",
    ),
    "content types in small letters": (
        lambda path: renamed(package(path), lambda name: name.replace("[Content_Types]", "[content_types]")),
        "beside",
    ),
    "backslashes in parts": (
        lambda path: renamed(package(path), lambda name: name.replace("/", "\\")),
        "beside|new|error",
    ),
    "no document properties, other files": (
        lambda path: package(
            path,
            more={
                "customXml/item1.xml": "<a/>",
                "xl/externalLinks/externalLink1.xml": "<externalLink/>",
                "客户.txt": "附注",
            },
        ),
        "beside",
    ),
    "a digital signature": (lambda path: package(path, more={"_xmlsignatures/sig1.xml": "<Signature/>"}), "new"),
    "a 64-bit zip": (zip64, "beside"),
    "sizes behind the parts": (described, "beside"),
    "nothing deflated": (stored, "beside"),
    "bytes before the zip": (bytes_before, "error"),
    # ---- how programs write
    "as SheetJS": (
        lambda path: rewritten(
            package(
                path,
                re.sub(
                    r' t="inlineStr"><is><t>(.*?)</t></is>',
                    r' t="str"><v>\1</v>',
                    sheet_xml(
                        before='<sheetViews><sheetView workbookViewId="0"/></sheetViews>',
                        after='<ignoredErrors><ignoredError numberStoredAsText="1" sqref="A1:F13"/></ignoredErrors>',
                    ),
                ),
            ),
            "[Content_Types].xml",
            lambda xml: xml.replace(
                b"</Types>",
                b'<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>',
            ),
        ),
        "beside",
    ),
    "as Google Sheets": (
        around(
            '<sheetPr><outlinePr summaryBelow="0" summaryRight="0"/></sheetPr><sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr customHeight="1" defaultColWidth="12.63" defaultRowHeight="15.75"/>',
            '<drawing r:id="rId1"/>',
            more={"xl/drawings/drawing1.xml": f'<xdr:wsDr xmlns:xdr="{DRAWING}"/>'},
            sheet_rels=related(1, "drawing", "../drawings/drawing1.xml"),
            overrides='<Override PartName="/xl/drawings/drawing1.xml" ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>',
        ),
        "beside",
    ),
    "as WPS": (
        around(
            '<sheetPr/><sheetViews><sheetView tabSelected="1" zoomScale="85" zoomScaleNormal="85" workbookViewId="0"><selection activeCell="A1" sqref="A1"/></sheetView></sheetViews><sheetFormatPr defaultColWidth="9" defaultRowHeight="13.5" outlineLevelCol="5"/>',
            '<pageMargins left="0.75" right="0.75" top="1" bottom="1" header="0.5" footer="0.5"/><headerFooter/>',
        ),
        "beside",
    ),
}
"""Name -> how it is made, and what must come of it (one of several, where both are right)."""
