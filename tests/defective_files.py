"""Text files that break the rules of CSV in one way each, with the cells a careful person would read in them.

The kinds of defects are those of Vitagliano et al., "Pollock: a data loading benchmark" (VLDB 16, 2023), and of exports
seen in sales teams; people, numbers and addresses are made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Rows = list[list[str]]


@dataclass(frozen=True)
class Defective:
    """A file, and what is in it."""

    name: str
    """``base: defect``."""
    content: bytes
    cells: Rows
    """Blank rows and blanks at the end of a row left out."""
    suffix: str = ".csv"


ZH = [
    ["姓名", "手机", "公司", "城市", "首次接触", "报价", "链接", "跟进记录", "状态"],
    ["王秀兰", "19900000001", "示例科技有限公司", "上海", "2026-03-05", "12,800.00", "https://example.com/a,b", "太贵，再考虑", "未成交"],
    ["李建国", "19900000002", "样本贸易", "北京", "2026-03-06", "9,500.50", "https://example.com/c", '他说"等等再看", 约下周', "跟进中"],
    ["张敏", "19900000003", "", "广州", "2026-03-09", "300", "https://example.com/d?x=1;2", "第一次没接\n第二次说忙, 改天", "未成交"],
    ["赵磊", "19900000004", "甲乙丙, 有限公司", "深圳", "2026-03-11", "1,050.00", "https://example.com/e", "", "已成交"],
    ["孙丽", "19900000005", "示例装饰", "成都", "2026-03-12", "88,000.00", "https://example.com/f", "55寸电视, 要“上门安装”", "未成交"],
    ["周强", "19900000006", "样本物流", "杭州", "2026-03-15", "640.25", "https://example.com/g,h,i", "老板说：预算没批", "跟进中"],
    ["吴娟", "19900000007", "", "武汉", "2026-03-18", "2,400.00", "https://example.com/j", "已选别家", "未成交"],
    ["郑凯", "19900000008", "示例教育", "西安", "2026-03-20", "7,777.70", "https://example.com/k", "好, 月底签", "已成交"],
    ["冯雪", "19900000009", "样本餐饮", "重庆", "2026-03-21", "15,000.00", "https://example.com/l", '"太远了", 不要', "未成交"],
    ["陈东", "19900000010", "示例医疗", "南京", "2026-03-25", "980.00", "https://example.com/m", "电话没人接", "未成交"],
]  # fmt: skip
EN = [
    ["DATE", "TIME", "Qty", "Product ID", "Price", "Product", "Note", "URL", "Owner"],
    ["28/01/2026", "00:00", "2", "MG-8769", "$74.69", "Men's Boots", "Rugged, light and quick", "https://example.com/p/MG_8769.html", "Ann"],
    ["29/01/2026", "00:15", "0", "RI-3895", "$1,029.81", "Running Jacket", "From running, biking or walking the dog, it won't let you down", "https://example.com/p/RI,3895", "Ben"],
    ["30/01/2026", "00:30", "1", "RI-8070", "$80.08", "Trail Shoes", 'She said "too dear"', "https://example.com/p/RI_8070.html", "Ann"],
    ["31/01/2026", "00:45", "1", "RI-9546", "$25.55", "Fly Rod, 8'9\"", "first call: no answer\nsecond call: maybe in May", "https://example.com/p/RI_9546.html", ""],
    ["13/02/2026", "01:00", "9", "CC-9259", "$48.00", "Throw Pillow, Wooden", "", "https://example.com/p/CC_9259.html", "Cem"],
    ["14/02/2026", "01:15", "1", "CC-1697", "$34.22", "Suspenders", "call back; ask for Jo", "https://example.com/p/CC_1697.html", "Ann"],
    ["15/02/2026", "01:30", "2", "RI-6052", "$89.34", "Towel", "All the softness you've come to expect", "https://example.com/p/RI_6052.html", "Ben"],
    ["16/02/2026", "01:45", "2", "YY-3522", "$19.34", "Jersey, Short-Sleeve", "fine", "https://example.com/p/YY_3522.html", "Cem"],
    ["17/02/2026", "02:00", "0", "YY-5315", "$5.39", "Underwear", "price | delivery", "https://example.com/p/YY_5315.html", "Ann"],
    ["18/02/2026", "02:15", "2", "BH-9827", "$78.07", 'Table, Round 48"', '48" is too wide, he says', "https://example.com/p/BH_9827.html", "Ben"],
    ["19/02/2026", "02:30", "1", "BH-7885", "$52.45", "Socks", "no budget", "https://example.com/p/BH_7885.html", "Cem"],
    ["20/02/2026", "02:45", "1", "BH-7531", "$48.08", "Vest", "won", "https://example.com/p/BH_7531.html", "Ann"],
]  # fmt: skip
NARROW = [
    ["客户", "电话", "备注"],
    ["王女士", "19900000011", "太贵, 再说"],
    ["李先生", "19900000012", "已签约"],
    ["赵女士", "19900000013", '要"大的"'],
    ["钱先生", "19900000014", ""],
    ["孙女士", "19900000015", "没接电话，改天"],
    ["周先生", "19900000016", "下周, 或者月底"],
]
BASES = {"zh": ZH, "en": EN, "narrow": NARROW}


def written(
    rows: Rows,
    *,
    delimiter: str = ",",
    quotes: str = '""',
    escape: str | None = None,
    end: str = "\r\n",
    always: bool = False,
) -> str:
    """The rows as text; a cell stands in quotes where it needs them."""
    return "".join(line(row, delimiter=delimiter, quotes=quotes, escape=escape, always=always) + end for row in rows)


def line(
    row: list[str], *, delimiter: str = ",", quotes: str = '""', escape: str | None = None, always: bool = False
) -> str:
    """One row as text without its end; `escape` stands before a quote within a text, which is doubled where it is None."""
    opening, closing = quotes

    def cell(text: str) -> str:
        needed = any(mark in text for mark in (delimiter, *quotes, "\n", "\r")) or text != text.strip()
        if not (always or needed):
            return text
        if opening == closing:
            text = text.replace(closing, (closing if escape is None else escape) + closing)
        return opening + text + closing

    return delimiter.join(map(cell, row))


def trimmed(rows: Rows) -> Rows:
    """Rows without the blanks at their ends, and without blank rows."""
    out = []
    for row in rows:
        kept = list(row)
        while kept and not kept[-1]:
            kept.pop()
        if kept:
            out.append(kept)
    return out


def defective_files() -> Iterator[Defective]:
    """All of them."""
    for base, rows in BASES.items():
        for maker in MAKERS:
            for name, content, cells in maker(rows):
                made = content if isinstance(content, bytes) else content.encode()
                yield Defective(f"{base}: {name}", made, trimmed(cells))
    yield from _singles()


Made = Iterator[tuple[str, str | bytes, Rows]]


def _encodings(rows: Rows) -> Made:
    text = written(rows)
    yield "nothing", text, rows
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        yield f"in {encoding}", text.encode(encoding), rows
    if not text.isascii():
        yield "in GB18030", text.encode("gb18030"), rows
        lines = [line(row) + "\r\n" for row in rows]
        mixed = b"".join(one.encode("gb18030" if place in (2, 5) else "utf-8") for place, one in enumerate(lines))
        yield "two lines in GBK", mixed, rows
        half = b"".join(one.encode("gb18030" if place > 4 else "utf-8") for place, one in enumerate(lines))
        yield "a second half in GBK", half, rows
    else:
        accented = [[cell.replace("Ben", "Zoë") for cell in row] for row in rows]
        yield "in Windows-1252", written(accented).encode("cp1252"), accented
        lines = [line([*row, "Málaga"]) + "\r\n" for row in rows]
        mixed = b"".join(one.encode("latin-1" if place == 3 else "utf-8") for place, one in enumerate(lines))
        yield "a line in Latin-1", mixed, [[*row, "Málaga"] for row in rows]
    yield "a zero byte in a cell", text.replace(rows[2][0], rows[2][0] + "\0", 1), rows
    yield "zero bytes at the end", text + "\0" * 40, rows
    yield "Ctrl-Z at the end", text + "\x1a", rows
    yield "Ctrl-Z behind the last cell", text.rstrip("\r\n") + "\x1a\r\n", rows
    yield (
        "a mark of order in the middle",
        written(rows[:4]) + "\ufeff" + written([rows[0], *rows[4:]]),
        [
            *rows[:4],
            rows[0],
            *rows[4:],
        ],
    )


def _ends(rows: Rows) -> Made:
    for name, end in {"LF": "\n", "CR": "\r", "CR CR LF": "\r\r\n", "LF LF": "\n\n", "CR LF CR LF": "\r\n\r\n"}.items():
        yield f"lines end in {name}", written(rows, end=end), rows
    lines = [line(row) for row in rows]
    mixed = "".join(one + ("\n", "\r\n", "\r")[place % 3] for place, one in enumerate(lines))
    yield "lines end in all three ways", mixed, rows
    one = "".join(text + ("\n" if place == 3 else "\r\n") for place, text in enumerate(lines))
    yield "one line ends in LF", one, rows
    yield "no end of the last line", "\r\n".join(lines), rows
    yield "an empty line at the end", "\r\n".join(lines) + "\r\n\r\n", rows
    flat = [[cell.replace("\n", " ") for cell in row] for row in rows]
    yield "the record separator of ASCII", written(flat, end="\x1e"), flat
    yield "the line separator of Unicode", written(flat, end="\u2028"), flat


def _shapes(rows: Rows) -> Made:
    yield "no header", written(rows[1:]), rows[1:]
    yield "only a header", written(rows[:1]), rows[:1]
    yield "one row of data", written(rows[:2]), rows[:2]
    above = [[cell and "分组" for cell in rows[0]], rows[0], ["单位" for _ in rows[0]]]
    yield "a header of two rows", written([above[0], *rows]), [above[0], *rows]
    yield "a header of three rows", written([*above, *rows[1:]]), [*above, *rows[1:]]
    titles = [["2026 年 3 月客户表"], ["制表：示例公司, 销售部"], ["export 2026-04-01 10:30"]]
    loose = "".join(row[0] + "\r\n" for row in titles)
    split = [row[0].split(",") for row in titles]
    yield "titles above", loose + "\r\n" + written(rows), [*split, *rows]
    yield "titles above without a gap", loose + written(rows), [*split, *rows]
    wide = [[row[0], *[""] * (len(rows[0]) - 1)] for row in titles]
    yield "titles above in cells", written([*wide, *rows]), [*wide, *rows]
    yield "twelve titles above", "title\r\n" * 12 + "\r\n" + written(rows), [["title"]] * 12 + rows
    yield "notes below", written(rows) + "\r\n以上\r\n共计 10 人\r\n", [*rows, ["以上"], ["共计 10 人"]]
    yield (
        "comments above",
        "# exported by a CRM\r\n# rows: 12\r\n" + written(rows),
        [
            ["# exported by a CRM"],
            ["# rows: 12"],
            *rows,
        ],
    )
    yield (
        "comments within",
        written(rows[:3]) + "# checked\r\n" + written(rows[3:]),
        [*rows[:3], ["# checked"], *rows[3:]],
    )
    for name, width in {"fewer": len(rows[0]) - 1, "the same": len(rows[0]), "more": len(rows[0]) + 2}.items():
        second = [[(row * 2)[place] + "2" for place in range(width)] for row in rows[:5]]
        for gap, blank in {"and a gap": "\r\n", "without a gap": ""}.items():
            yield f"a second table with {name} columns {gap}", written(rows) + blank + written(second), [*rows, *second]
    yield (
        "empty lines between",
        written(rows, end="\r\n").replace("\r\n" + line(rows[3]), "\r\n\r\n\r\n" + line(rows[3])),
        rows,
    )
    yield "a line of spaces", written(rows[:3]) + "   \r\n" + written(rows[3:]), [*rows[:3], ["   "], *rows[3:]]
    empty = "," * (len(rows[0]) - 1) + "\r\n"
    yield "lines of nothing but delimiters", written(rows[:3]) + empty * 2 + written(rows[3:]), rows
    yield "a delimiter behind every row", written([[*row, ""] for row in rows]), rows
    yield "a delimiter behind every row but the header", written([rows[0], *([*row, ""] for row in rows[1:])]), rows
    yield "a delimiter before every row", written([["", *row] for row in rows]), [["", *row] for row in rows]
    yield "no trailing blanks", written(trimmed(rows)), rows
    for name, header in {
        "two columns of one name": [rows[0][1], *rows[0][1:]],
        "a column without a name": [rows[0][0], "", *rows[0][2:]],
        "the last column without a name": [*rows[0][:-1], ""],
        "a name of 10,000 characters": [rows[0][0] * 5000, *rows[0][1:]],
        "a name with marks": ["HEAD/%R (x;y)", *rows[0][1:]],
    }.items():
        yield name, written([header, *rows[1:]]), [header, *rows[1:]]


def _delimiters(rows: Rows) -> Made:
    for mark in [
        ";",
        "\t",
        "|",
        ", ",
        "||",
        "::",
        ";;",
        " | ",
        "\t\t",
        ":",
        "^",
        "~",
        "\x1f",
        "\x01",
        "，",
        "；",
        "|~|",
        "\\t",
        " ; ",
    ]:
        yield f"delimiter {mark!r}", written(rows, delimiter=mark), rows
    yield "spaces, all in quotes", written(rows, delimiter=" ", always=True), rows
    solid = [[cell.replace(" ", "_").replace("\n", "_") or "-" for cell in row] for row in rows]
    yield "spaces", written(solid, delimiter=" "), solid
    yield "sep=;", "sep=;\r\n" + written(rows, delimiter=";"), rows
    yield '"sep=|"', '"sep=|"\r\n' + written(rows, delimiter="|"), rows
    yield "sep=^", "sep=^\r\n" + written(rows, delimiter="^"), rows
    yield "spaces behind delimiters", written(rows, always=True).replace('","', '", "'), rows
    yield "spaces around delimiters", written(rows, delimiter=";", always=True).replace('";"', '" ; "'), rows
    flat = [[cell.replace("\n", " ").replace(";", ".").strip('"') for cell in row] for row in rows]
    padded = "".join(" ; ".join(cell.ljust(12) for cell in row) + "\r\n" for row in flat)
    yield "columns padded with spaces", padded, flat
    for place in (0, 1, len(rows) // 2, len(rows) - 1):
        for mark in (";", "\t"):
            yield f"row {place} has {mark!r}", _with(rows, place, line(rows[place], delimiter=mark)), rows


def _quotes(rows: Rows) -> Made:
    yield "everything in quotes", written(rows, always=True), rows
    for quotes in ("''", "“”", "``"):
        yield f"quotes {quotes}", written(rows, quotes=quotes), rows
        yield f"quotes {quotes} everywhere", written(rows, quotes=quotes, always=True), rows
    yield "backslash before quotes", written(rows, escape="\\"), rows
    yield "backslash before quotes, all in quotes", written(rows, escape="\\", always=True), rows
    saying = [[*row[:-2], f'say "{row[-2][:4]}"', row[-1]] for row in rows]
    yield "backslash before quotes in every row", written(saying, escape="\\"), saying
    yield "quotes never doubled", written(saying, escape=""), saying
    flat = [[cell.replace("\n", " ").replace('"', "'") for cell in row] for row in rows]
    yield "backslash before delimiters", "".join(_bare(row, "\\,") + "\r\n" for row in flat), flat
    for place in (1, len(rows) - 1):
        one = [saying[index] if index == place else row for index, row in enumerate(rows)]
        yield f"backslash before quotes in row {place}", _with(one, place, line(one[place], escape="\\")), one
        yield f"quotes not doubled in row {place}", _with(one, place, line(one[place], escape="")), one
        yield f"quotes '' in row {place}", _with(rows, place, line(rows[place], quotes="''", always=True)), rows
    yield "every line in quotes", "".join(line([line(row)]) + "\r\n" for row in flat), flat
    yield (
        "a tab behind every cell",
        "".join(",".join(line([cell]) + "\t" for cell in row) + "\r\n" for row in flat),
        flat,
    )
    zeros = [[*row[:1], "00" + row[1], *row[2:]] if place else row for place, row in enumerate(flat)]
    forced = [[*row[:1], f'="{row[1]}"', *row[2:]] if place else row for place, row in enumerate(zeros)]
    yield (
        'numbers as ="00…"',
        "".join(",".join(cell if cell.startswith("=") else line([cell]) for cell in row) + "\r\n" for row in forced),
        zeros,
    )
    yield 'numbers as "=""00…"""', written(forced), zeros
    long = [*flat[:2], [*flat[2][:-1], "字, " * 70_000 + "完"], *flat[3:]]
    yield "a note of 210,000 characters", written(long), long
    calm = [[cell.replace(",", " ").replace('"', "'") for cell in row] for row in rows]
    yield "line breaks without quotes", "".join(",".join(row) + "\r\n" for row in calm), calm


def _stray_quotes(rows: Rows) -> Made:
    rows = [[cell.replace('"', "").replace("\n", " ") for cell in row] for row in rows]
    for place in (0, 1, len(rows) // 2, len(rows) - 1):
        for column in (0, 1, len(rows[0]) - 1):
            cell = rows[place][column]
            broken = '"' + line([cell])
            yield f"an extra quote in row {place}, column {column}", *_changed(rows, place, column, broken, '"' + cell)
    yield "a quote behind a cell", *_changed(rows, 1, 1, rows[1][1] + '"', rows[1][1] + '"')
    last = len(rows) - 1
    yield "a last quote that is never closed", *_changed(rows, last, -1, '"never closed, alas', "never closed, alas")
    first = [list(row) for row in rows]
    first[2][0], first[4][-1] = '"' + first[2][0], first[4][-1] + '"'
    lines = [line(row) for row in rows]
    lines[2], lines[4] = '"' + lines[2], ",".join(line([cell]) for cell in rows[4][:-1]) + "," + first[4][-1]
    yield "two stray quotes lines apart", "\r\n".join(lines), first


def _rows(rows: Rows) -> Made:
    rows = [[cell.replace('"', "").replace("\n", " ") for cell in row] for row in rows]
    bare = ",".join(rows[1])
    yield "no quotes in one row", _with(rows, 1, bare), [rows[0], bare.split(","), *rows[2:]]
    for name, row in {"a cell too few": rows[2][:-1], "two cells too many": [*rows[2], "x", "y"]}.items():
        yield f"a row with {name}", _with(rows, 2, line(row)), [*rows[:2], row, *rows[3:]]
    spaced = " ".join(line([cell], always=" " in cell) for cell in rows[2])
    yield "a row parted with spaces", _with(rows, 2, spaced), rows
    loose = [[cell.replace(" ", "") for cell in rows[0]], *rows[1:]]
    yield "a header parted with spaces", _with(loose, 0, " ".join(loose[0])), loose


def _changed(rows: Rows, place: int, column: int, broken: str, read: str) -> tuple[str, Rows]:
    """The rows as text with one cell written in a broken way, and the rows with what is to be read there."""
    column %= len(rows[0])
    text = ",".join(broken if index == column else line([cell]) for index, cell in enumerate(rows[place]))
    cells = [list(row) for row in rows]
    cells[place][column] = read
    return _with(rows, place, text), cells


def _bare(row: list[str], comma: str) -> str:
    return ",".join(cell.replace(",", comma) for cell in row)


def _with(rows: Rows, place: int, text: str) -> str:
    """The rows as text, one of them as given."""
    return "".join((text if index == place else line(row)) + "\r\n" for index, row in enumerate(rows))


def _singles() -> Iterator[Defective]:
    """What is not made from a base."""
    column = [["备注"], ["太贵, 再考虑"], ["已签约"], ["价格, 服务, 交期"], ["等通知"]]
    yield Defective("one column", "".join(row[0] + "\n" for row in column).encode(), column)
    names = [["name"], ["Ann"], ["Ben"]]
    yield Defective("one column of words", b"name\nAnn\nBen\n", names)
    money = [["kunde", "preis", "rabatt", "netto"], *([f"k{n}", f"{n}2,50", f"0,{n}", f"{n}0,75"] for n in range(1, 8))]
    yield Defective("decimal commas", written(money, delimiter=";", end="\n").encode(), money)
    yield Defective("decimal commas without a header", written(money[1:], delimiter=";", end="\n").encode(), money[1:])
    times = [["who", "from", "to"], *([f"p{n}", f"1{n}:30", f"1{n}:45:10"] for n in range(1, 8))]
    yield Defective("times", written(times).encode(), times)
    notes = [["客户", "备注"], *([f"客户{n}", "太贵，再说，" * n + "好, 慢, 贵"] for n in range(1, 8))]
    yield Defective("full-width commas in notes", written(notes, delimiter="\t").encode(), notes)
    picks = [["客户", "意向"], ["王女士", "SUV;轿车"], ["李先生", "轿车"], ["赵女士", "SUV;皮卡;轿车"]]
    yield Defective("picks joined with semicolons", written(picks).encode(), picks)
    traditional = [["客戶", "狀態", "備註"], ["王小姐", "未成交", "價格太高, 再考慮"], ["陳先生", "跟進中", "等通知"]]
    yield Defective("in Big5", written(traditional).encode("big5"), traditional)
    page = (
        "<table>"
        + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in NARROW)
        + "</table>"
    )
    yield Defective("a web page named xls", page.encode(), trimmed(NARROW), ".xls")
    cells = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row) + "</Row>"
        for row in NARROW
    )
    space = (
        'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    )
    book = (
        f'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook {space}><Worksheet ss:Name="客户">'
        f"<Table>{cells}</Table></Worksheet></Workbook>"
    )
    yield Defective("an XML spreadsheet named xls", book.encode(), trimmed(NARROW), ".xls")


MAKERS: list[Callable[[Rows], Made]] = [_encodings, _ends, _shapes, _delimiters, _quotes, _stray_quotes, _rows]
