"""Workbooks with all that people put into them, as packages of parts."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from builders import MAIN, OFFICE, PACKAGE, zipped

SHEET = "xl/worksheets/sheet1.xml"
HEADERS = ["客户姓名", "手机", "来源", "跟进状态", "报价金额", "备注"]
STATES = ["跟进中", "已成交", "未成交", "跟进中"]
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
STYLES = (
    f'<?xml version="1.0" encoding="UTF-8"?>\r\n<styleSheet xmlns="{MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="180" formatCode="0.0&quot;万&quot;"/></numFmts>'
    '<fonts count="2"><font><sz val="12"/><name val="微软雅黑"/></font><font><b/><sz val="12"/><name val="微软雅黑"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0"/><xf numFmtId="180" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles>'
    '<dxfs count="1"><dxf><font><b/></font></dxf></dxfs></styleSheet>'
)


def customers(n: int = 12) -> list[list[object]]:
    """Made-up people, a formula with its cached value in the amounts of every third."""
    names = [a + b for a in "王李张刘陈" for b in ("小明", "芳", "伟", "静怡")]
    return [
        [
            names[i % 20] + ("" if i < 20 else str(i)),
            f"138{i:08d}",
            ["展会", "转介绍"][i % 2],
            STATES[i % 4],
            1000 * (n - i),
            ["太贵了", "已选别家", ""][i % 3],
        ]
        for i in range(n)
    ]


def row_xml(number: int, values: list[object], p: str = "", style: int = 0) -> str:
    """A row as Excel writes it, texts inline."""
    cells = []
    for place, value in enumerate(values):
        at, s = f"{chr(65 + place)}{number}", f' s="{int(style)}"' if style else ""
        if isinstance(value, str):
            cells.append(f'<{p}c r="{at}"{s} t="inlineStr"><{p}is><{p}t>{escape(value)}</{p}t></{p}is></{p}c>')
        else:
            formula = f"<{p}f>{value}+0</{p}f>" if number % 3 == 0 else ""
            cells.append(f'<{p}c r="{at}"{s}>{formula}<{p}v>{value}</{p}v></{p}c>')
    return f'<{p}row r="{number}" spans="1:{len(values)}">{"".join(cells)}</{p}row>'


def rows_xml(n: int = 12, p: str = "") -> str:
    """Header and customers."""
    return "".join(row_xml(number, row, p, number == 1) for number, row in enumerate([HEADERS, *customers(n)], start=1))


def sheet_xml(n: int = 12, p: str = "", *, before: str = "", after: str = "", rows: str | None = None) -> str:
    """The customers' sheet; `before` and `after` stand on either side of its rows."""
    name = f"xmlns:{p[:-1]}" if p else "xmlns"
    data = rows_xml(n, p) if rows is None else rows
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\r\n<{p}worksheet {name}="{MAIN}" xmlns:r="{OFFICE}">'
        f'<{p}dimension ref="A1:F{n + 1}"/>{before}<{p}sheetData>{data}</{p}sheetData>{after}</{p}worksheet>'
    )


def package(
    path: Path,
    sheet: str | None = None,
    more: Mapping[str, str | bytes] | None = None,
    *,
    names: str = "",
    protection: str = "",
    sheet_rels: str = "",
    main_type: str = MAIN_TYPE,
    overrides: str = "",
) -> Path:
    """A workbook with a customers' sheet 客户, a sheet 说明 behind it, and whatever `more` there is."""
    relation = f'<Relationship Id="rId%d" Type="{OFFICE}/%s" Target="%s"/>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="bin" ContentType="application/octet-stream"/><Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main_type}"/>'
        '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for number in (1, 2)
        )
        + f"{overrides}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{relation % (1, "officeDocument", "xl/workbook.xml")}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{protection}<sheets>'
        '<sheet name="客户" sheetId="1" r:id="rId1"/><sheet name="说明" sheetId="4" r:id="rId2"/></sheets>'
        f'{names}<calcPr calcId="191029"/></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relation % (1, "worksheet", "worksheets/sheet1.xml")}'
        f"{relation % (2, 'worksheet', 'worksheets/sheet2.xml')}{relation % (3, 'styles', 'styles.xml')}</Relationships>",
        SHEET: sheet or sheet_xml(),
        "xl/worksheets/sheet2.xml": f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>',
        "xl/styles.xml": STYLES,
    }
    if sheet_rels:
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = f'<Relationships xmlns="{PACKAGE}">{sheet_rels}</Relationships>'
    return zipped(path, {**parts, **(more or {})})


def related(number: int, kind: str, target: str) -> str:
    """A relation of a part."""
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def parts_of(path: Path) -> dict[str, bytes]:
    """Every part of a package."""
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
