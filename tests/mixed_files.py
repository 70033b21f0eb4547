"""Text files with two defects at once, and other formats under the name of a table; people and figures are made up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from quopri import encodestring

from defective_files import EN, NARROW, ZH, Defective, Rows, line, trimmed, written

REFUSED: Rows = []
"""What is no table that can be read: an error with its reason, never cells."""
NOBODY = [["nobody"]]
"""Text that may be read as it stands, but in which no customers may be found."""
ODD = [["来源", "数量", "占比"], ["抖音", "3", "0.6"], ["官网", "2", "0.4"]]
RULED = [ODD[0], ["---", "---", "---"], *ODD[1:]]
FRAMED = [
    "+------+-----------+",
    "| name | phone     |",
    "+------+-----------+",
    "| Ann  | 555-0101  |",
    "| Ben  | 555-0102  |",
]
PEOPLE = [[row[0], row[1], row[-1]] for row in ZH]


def mixed_files() -> Iterator[Defective]:
    """Every file, with the cells a careful person would read in it; REFUSED and NOBODY where there are none."""
    for name, content, cells, *suffix in (*_encoded(), *_cut(), *_around(), *_pages(), *_other_kinds()):
        made = content.encode() if isinstance(content, str) else content
        yield Defective(name, made, trimmed(cells), *suffix)


def _encoded() -> Iterator[tuple[object, ...]]:
    tabs = written(ZH, delimiter="\t")
    yield "UTF-16 LE without a mark, tabs", tabs.encode("utf-16-le"), ZH
    yield "UTF-16 BE without a mark, tabs", tabs.encode("utf-16-be"), ZH
    yield "UTF-16 with a mark, tabs, named xls", b"\xff\xfe" + tabs.encode("utf-16-le"), ZH, ".xls"
    yield "UTF-16 without a mark, English, semicolons", written(EN, delimiter=";").encode("utf-16-le"), EN
    yield "UTF-32", written(ZH).encode("utf-32"), ZH
    yield "GBK with line breaks in quotes", written(ZH).encode("gb18030"), ZH
    yield "GBK with line breaks in quotes and CR", written(ZH, end="\r").encode("gb18030"), ZH
    yield "GBK, semicolons, sep line", b"sep=;\r\n" + written(ZH, delimiter=";").encode("gb18030"), ZH
    yield "GBK named xls, tabs", written(ZH, delimiter="\t").encode("gb18030"), ZH, ".xls"
    yield "UTF-8 mark twice", "\ufeff\ufeff" + written(ZH), ZH
    yield "UTF-8 mark and sep line", "\ufeffsep=;\r\n" + written(ZH, delimiter=";"), ZH
    yield "UTF-8 mark in quotes", "\ufeff" + written(ZH, always=True), ZH
    yield (
        "mark between two pasted files",
        written(ZH[:5]) + "\ufeff" + written([ZH[0], *ZH[5:]]),
        [*ZH[:5], ZH[0], *ZH[5:]],
    )
    yield (
        "Big5 with tabs",
        written(
            [
                ["姓名", "電話", "備註"],
                ["王小明", "0912000001", "價格太貴，再考慮"],
                ["李大同", "0912000002", "預算還沒批"],
                ["陳美麗", "0912000003", "已經買了別家"],
            ],
            delimiter="\t",
        ).encode("big5"),
        [
            ["姓名", "電話", "備註"],
            ["王小明", "0912000001", "價格太貴，再考慮"],
            ["李大同", "0912000002", "預算還沒批"],
            ["陳美麗", "0912000003", "已經買了別家"],
        ],
    )
    yield (
        "Windows-1252, semicolons, decimal commas",
        written(
            [
                ["Nom", "Prix", "Note"],
                ["André Lefèvre", "12,50", "trop cher"],
                ["Zoë Müller", "9,00", "pas de réponse"],
                ["Björn Åkesson", "7,25", "à rappeler"],
            ],
            delimiter=";",
        ).encode("cp1252"),
        [
            ["Nom", "Prix", "Note"],
            ["André Lefèvre", "12,50", "trop cher"],
            ["Zoë Müller", "9,00", "pas de réponse"],
            ["Björn Åkesson", "7,25", "à rappeler"],
        ],
    )


def _cut() -> Iterator[tuple[object, ...]]:
    short = [[*row[:-1]] if place in (3, 6) else row for place, row in enumerate(ZH)]
    yield "ragged rows and semicolons", written(short, delimiter=";"), short
    yield "ragged rows and a title", "客户表\r\n\r\n" + written(short), [["客户表"], *short]
    yield "trailing delimiters and no line end", written([[*row, "", ""] for row in ZH]).rstrip("\r\n"), ZH
    yield "trailing delimiters in quotes", written([[*row, ""] for row in ZH], always=True), ZH
    yield (
        "cut in the middle of a cell",
        written(ZH)[:-20],
        [*ZH[:-1], line(ZH[-1])[: len(line(ZH[-1])) - 18].split(",")],
    )
    yield (
        "cut in a quoted cell",
        written(EN[:10]) + 'x,01:00,1,AB-1234,$1.00,"Table, R',
        [*EN[:10], ["x", "01:00", "1", "AB-1234", "$1.00", "Table, R"]],
    )
    yield "single quotes and semicolons", written(NARROW, delimiter=";", quotes="''", always=True), NARROW
    yield "backslashes and tabs", written(EN, delimiter="\t", escape="\\"), EN
    yield "pipes around every row", "".join("| " + " | ".join(row) + " |\n" for row in ODD), [["", *row] for row in ODD]
    yield "a Markdown table", "".join("| " + " | ".join(row) + " |\n" for row in RULED), [["", *row] for row in RULED]
    yield (
        "columns of fixed width",
        "".join(
            f"{a:<10}{b:<10}{c:<10}\n"
            for a, b, c in [
                ["name", "phone", "state"],
                ["Ann", "5550101", "open"],
                ["Ben", "5550102", "lost"],
                ["Cem", "5550103", "won"],
                ["Dora", "5550104", "lost"],
            ]
        ),
        [
            ["name", "phone", "state"],
            ["Ann", "5550101", "open"],
            ["Ben", "5550102", "lost"],
            ["Cem", "5550103", "won"],
            ["Dora", "5550104", "lost"],
        ],
    )
    yield "full-width commas as delimiters", "".join("，".join(row) + "\n" for row in PEOPLE), PEOPLE
    yield "full-width semicolons as delimiters", "".join("；".join(row) + "\n" for row in PEOPLE), PEOPLE
    yield "ideographic commas as delimiters", "".join("、".join(row) + "\n" for row in PEOPLE), PEOPLE
    yield "em spaces as delimiters", "".join("\u3000".join(row) + "\n" for row in PEOPLE), PEOPLE
    yield "tabs with spaces beside them", "".join(" \t ".join(row) + "\n" for row in PEOPLE), PEOPLE
    yield (
        "commas in the header, semicolons below",
        ",".join(PEOPLE[0]) + "\n" + written(PEOPLE[1:], delimiter=";"),
        PEOPLE,
    )
    yield (
        "tabs pasted into a CSV for three rows",
        written(PEOPLE[:6]) + written(PEOPLE[6:9], delimiter="\t") + written(PEOPLE[9:]),
        PEOPLE,
    )


def _around() -> Iterator[tuple[object, ...]]:
    yield "a total at the end", written(ODD) + "合计,5,1.0\r\n", [*ODD, ["合计", "5", "1.0"]]
    yield (
        "title, blank line, total and page",
        "渠道汇总\r\n\r\n" + written(PEOPLE) + "合计,10,\r\n第1页\r\n",
        [["渠道汇总"], *PEOPLE, ["合计", "10"], ["第1页"]],
    )
    yield (
        "comment lines in between",
        "# export 2026\n" + written(PEOPLE[:4], end="\n") + "# page 2\n" + written(PEOPLE[4:], end="\n"),
        [["# export 2026"], *PEOPLE[:4], ["# page 2"], *PEOPLE[4:]],
    )
    yield (
        "names and values above",
        "系统,销售平台\r\n导出人,周敏\r\n\r\n" + written(ZH),
        [["系统", "销售平台"], ["导出人", "周敏"], *ZH],
    )
    yield (
        "a row of dashes below the header",
        written(PEOPLE[:1]) + "----,----,----\r\n" + written(PEOPLE[1:]),
        [PEOPLE[0], ["----", "----", "----"], *PEOPLE[1:]],
    )
    yield (
        "an SQL client's frame",
        "\n".join([*FRAMED, FRAMED[0]]),
        [
            [FRAMED[0]],
            ["", "name", "phone"],
            [FRAMED[0]],
            ["", "Ann", "555-0101"],
            ["", "Ben", "555-0102"],
            [FRAMED[0]],
        ],
    )
    yield (
        "a rows affected line",
        written(PEOPLE, delimiter="\t") + "\r\n(10 rows affected)\r\n",
        [*PEOPLE, ["(10 rows affected)"]],
    )
    yield (
        "numbered lines",
        "".join(f"{n}\t{row[0]}\t{row[1]}\n" for n, row in enumerate(PEOPLE)),
        [[str(n), row[0], row[1]] for n, row in enumerate(PEOPLE)],
    )
    yield (
        "a chat log",
        "2026-03-01 10:00 王晓明: 你好, 报价发我一下\n2026-03-01 10:02 周敏: 好的, 稍等\n2026-03-01 10:05 王晓明: 有点贵, 再看看\n",
        NOBODY,
    )


def _table(body: str) -> str:
    return f"<html><head><meta charset='utf-8'></head><body>{body}</body></html>"


def _html(rows: Rows, tag: str = "td") -> str:
    return "".join("<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>" for row in rows)


def _pages() -> Iterator[tuple[object, ...]]:
    plain = _html(PEOPLE)
    yield (
        "a page: a title over all columns",
        _table(f"<table><tr><td colspan=3>客户表</td></tr>{plain}</table>"),
        [["客户表"], *PEOPLE],
        ".xls",
    )
    down = "<tr><td rowspan=2>周敏</td><td>王晓明</td></tr><tr><td>李文静</td></tr>"
    yield (
        "a page: a name over two rows",
        _table(f"<table><tr><th>负责人</th><th>姓名</th></tr>{down}</table>"),
        [["负责人", "姓名"], ["周敏", "王晓明"], ["周敏", "李文静"]],
        ".xls",
    )
    nested = "<table><tr><td>姓名</td><td>备注</td></tr><tr><td>王晓明</td><td><table><tr><td>内层</td></tr></table>再看看</td></tr></table>"
    yield "a page: a table in a cell", _table(nested), [["姓名", "备注"], ["王晓明", "再看看"]], ".xls"
    layout = f"<table><tr><td><table>{plain}</table></td></tr></table>"
    yield "a page: a table inside a frame of tables", _table(layout), PEOPLE, ".xls"
    yield (
        "a page: no closing tags",
        "<table><tr><td>姓名<td>手机<tr><td>王晓明<td>19900000001<tr><td>李文静<td>19900000002</table>",
        [["姓名", "手机"], ["王晓明", "19900000001"], ["李文静", "19900000002"]],
        ".xls",
    )
    yield (
        "a page: entities and breaks",
        "<table><tr><td>姓名</td><td>备注</td></tr><tr><td>A&amp;B</td><td>一&nbsp;二<br>三 &lt;四&gt;</td></tr></table>",
        [["姓名", "备注"], ["A&B", "一\xa0二\n三 <四>"]],
        ".xls",
    )
    yield (
        "a page in GBK that says so",
        _table(f"<table>{plain}</table>").replace("utf-8", "gb2312").encode("gb18030"),
        PEOPLE,
        ".xls",
    )
    yield "a page in UTF-16", _table(f"<table>{plain}</table>").encode("utf-16"), PEOPLE, ".xls"
    yield (
        "a page: head and foot of a table",
        _table(
            f"<table><thead>{_html(PEOPLE[:1], 'th')}</thead><tbody>{_html(PEOPLE[1:])}</tbody><tfoot><tr><td>合计</td><td>10</td></tr></tfoot></table>"
        ),
        [*PEOPLE, ["合计", "10"]],
        ".xls",
    )
    yield (
        "a page: styles and scripts inside cells",
        _table(
            f"<style>td{{mso-number-format:'\\@'}}</style><table>{plain}</table><script>var a = '<td>x</td>';</script>"
        ),
        PEOPLE,
        ".xls",
    )
    yield (
        "a page: hidden cells",
        _table(
            "<table><tr><td>姓名</td><td style='display:none'>id</td><td>手机</td></tr><tr><td>王晓明</td><td style='display:none'>7</td><td>19900000001</td></tr></table>"
        ),
        [["姓名", "id", "手机"], ["王晓明", "7", "19900000001"]],
        ".xls",
    )
    excel = '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table>'
    yield (
        "a page of Excel: numbers beside their text",
        excel
        + "<tr><td>手机</td><td>报价</td></tr><tr><td x:str='19900000001'>19900000001</td><td x:num='12800'>12,800</td></tr></table></body></html>",
        [["手机", "报价"], ["19900000001", "12,800"]],
        ".xls",
    )
    yield "a web archive of one sheet named xls", web_archive({"file:///C:/book.htm": page(PEOPLE)}), PEOPLE, ".xls"


def page(rows: Rows) -> str:
    """A page of one table."""
    return _table(f"<table>{_html(rows)}</table>")


def web_archive(pages: dict[str, str]) -> bytes:
    """The pages, by their places, as Excel saves them in one file."""
    parts = [
        f"------=_Next\nContent-Location: {place}\nContent-Transfer-Encoding: quoted-printable\n"
        f'Content-Type: text/html; charset="utf-8"\n\n{encodestring(text.encode()).decode()}\n'
        for place, text in pages.items()
    ]
    head = 'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="----=_Next"\n\n'
    return (head + "".join(parts) + "------=_Next--\n").encode()


def _other_kinds() -> Iterator[tuple[object, ...]]:
    sylk = (
        'ID;PWXL;N;E\nC;Y1;X1;K"Name"\nC;X2;K"Phone"\nC;Y2;X1;K"Ann"\nC;X2;K5550101\nC;Y3;X1;K"Ben"\nC;X2;K5550102\nE\n'
    )
    yield (
        "a header that begins like SYLK",
        "ID;Phone;Name\n1;5550101;Ann\n2;5550102;Ben\n3;5550103;Cem\n",
        [["ID", "Phone", "Name"], ["1", "5550101", "Ann"], ["2", "5550102", "Ben"], ["3", "5550103", "Cem"]],
    )
    yield "SYLK named xls", sylk, REFUSED, ".xls"
    yield "SYLK named slk", sylk, REFUSED, ".slk"
    dif = 'TABLE\n0,1\n"EXCEL"\nVECTORS\n0,2\n""\nTUPLES\n0,2\n""\nDATA\n0,0\n""\n-1,0\nBOT\n1,0\n"Name"\n1,0\n"Phone"\n-1,0\nBOT\n1,0\n"Ann"\n0,5550101\nV\n-1,0\nEOD\n'
    yield "DIF named csv", dif, REFUSED
    records = [{"name": row[0], "phone": row[1], "note": row[2]} for row in NARROW[1:]]
    yield "JSON lines", "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), REFUSED
    yield "JSON lines of lists", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in NARROW), REFUSED
    yield "a JSON list", json.dumps(records, ensure_ascii=False, indent=1), REFUSED
    yield "a JSON list in one line", json.dumps(records, ensure_ascii=False), REFUSED
    yield "a JSON list in an object", json.dumps({"total": 6, "data": records}, ensure_ascii=False, indent=2), REFUSED
    yield "JSON lines with a mark", "\ufeff" + "".join(json.dumps(one) + "\n" for one in records), REFUSED
    yield (
        "XML of records",
        "<?xml version='1.0'?><customers><c><name>Ann</name></c><c><name>Ben</name></c></customers>",
        REFUSED,
    )
    yield (
        "XML of records without a head",
        "<customers>\n<c><name>Ann</name></c>\n<c><name>Ben</name></c>\n</customers>\n",
        REFUSED,
    )
    yield "YAML", "- name: Ann\n  phone: 5550101\n- name: Ben\n  phone: 5550102\n", NOBODY
    yield (
        "SQL inserts",
        "INSERT INTO customers (name, phone) VALUES ('Ann', '5550101');\nINSERT INTO customers (name, phone) VALUES ('Ben', '5550102');\nINSERT INTO customers (name, phone) VALUES ('Cem', '5550103');\n",
        REFUSED,
    )
    yield (
        "vCards",
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ann Reed\nTEL:5550101\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nFN:Ben Wood\nTEL:5550102\nEND:VCARD\n",
        REFUSED,
    )
    yield (
        "a calendar",
        "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nSUMMARY:Call Ann\nDTSTART:20260301T100000Z\nEND:VEVENT\nEND:VCALENDAR\n",
        REFUSED,
    )
    yield (
        "a mail",
        "From: ann@example.com\nTo: ben@example.com\nSubject: leads\nMIME-Version: 1.0\nContent-Type: text/plain\n\nHello Ben, here are the leads.\n",
        REFUSED,
    )
    yield "a Python program", "import csv\nfrom pathlib import Path\n\ndef main():\n    print('hello, world')\n", NOBODY
    yield (
        "a BIFF2 file of 1987",
        b"\x09\x00\x04\x00\x02\x00\x10\x00" + b"\x04\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x03Ann\x0a\x00\x00\x00",
        REFUSED,
        ".xls",
    )
    yield "noise", bytes((n * 73 + n * n * 31) % 256 for n in range(3000)), REFUSED
