"""lost-deals.xlsx: a small software house's follow-up sheet, as its salespeople typed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import handwriting as hand
from files import fill_sheet, xlsx
from handwriting import TODAY, WORDS, blank, draw, say, weighted
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

DEALS, NOTES = WORDS["deals"], WORDS["notes"]
TOP = 4
"""The header's row, below a title, a note and an empty row."""


def lost_deals(rng: Random) -> bytes:
    """420 customers (80 won, 210 lost, 130 open), 12 of them twice, and a few rows that are no customers."""
    deals = [_prospect(rng, phone) for phone in hand.mobiles(rng, 420)]
    for deal, outcome in zip(deals, hand.settle(rng, [deal["chance"] for deal in deals], 80, 290), strict=True):
        _follow_up(rng, deal, outcome)
    twice = rng.sample([deal for deal in deals if deal["outcome"] != "won"], 12)
    rows = [_typed(rng, deal) for deal in deals]
    rows += [_typed(rng, _again(rng, deal)) for deal in twice]
    rows += [_junk(rng, junk) for junk in DEALS["junk"]]
    rows.sort(key=lambda row: row["day"])
    for number, row in enumerate(rows, 1):
        row |= {"序号": number, "客户编号": f"YZ{row.pop('day'):%y%m}-{number:04d}"}
    return _book(rng, rows)


def _prospect(rng: Random, phone: str) -> dict[str, Any]:
    """Who it is, and how likely to buy."""
    companies = WORDS["companies"]
    name, mail = hand.person(rng, phone)
    place, industry = rng.choice(companies["places"]), rng.choice(list(companies["tails"]))
    company = rng.choice(companies["stems"]) + rng.choice(companies["tails"][industry])
    (source, (by_source,)), (intent, (by_intent,)), (size, (by_size,)) = (
        weighted(rng, DEALS[table]) for table in ("sources", "intents", "sizes")
    )
    contacts = 1 + int(rng.triangular(0, 12, 2.5))
    quote, ratio = int(rng.lognormvariate(9.3, 0.45)) // 100 * 100, rng.lognormvariate(0.08, 0.3)
    return {
        "name": name, "mail": mail, "phone": phone, "place": place, "industry": industry, "company": company,
        "source": source, "intent": intent, "size": int(size) if size.isdigit() else size, "contacts": contacts,
        "quote": quote, "budget": max(1000, round(quote / ratio / 1000) * 1000), "ratio": ratio,
        "product": draw(rng, DEALS["products"]), "owner": draw(rng, DEALS["owners"]),
        "chance": 1.2 * (by_source + by_intent + by_size) + 0.26 * (min(contacts, 9) - 4) - 2 * (ratio - 1.1),
    }  # fmt: skip


def _follow_up(rng: Random, deal: dict[str, Any], outcome: str) -> None:
    """What happened: dates, stage, reason, notes."""
    first, last = hand.span(rng, outcome == "open")
    deal |= {"outcome": outcome, "first": first, "last": last, "picked": None, "signed": None}
    told = rng.sample(NOTES["opening"], 1) + rng.sample(NOTES["middle"], min(2, deal["contacts"] // 3))
    if outcome == "won":
        deal |= {"stage": rng.choice(DEALS["won_stages"]), "signed": min(TODAY, last + timedelta(rng.randint(0, 4)))}
        told.append(rng.choice(NOTES["won"]["texts"]))
    elif outcome == "open":
        depth = rng.choice(["early", "middle", "middle", "late"])
        deal["stage"] = rng.choice(DEALS["stages"][depth])
        told.append(rng.choice(NOTES["open"][depth]))
    else:
        reason, deal["picked"] = _lost_because(rng, deal["ratio"] > 1.2)
        reached = rng.choices(["early", "middle", "late"], [3, 5, 2])[0]
        deal["stage"] = rng.choice(DEALS["stages"][reached] if rng.random() < 0.8 else DEALS["lost_stages"])
        told.append(rng.choice(NOTES["lost"][reason]))
    told = [say(rng, note) for note in told]
    deal["notes"] = hand.diary(rng, told if rng.random() < 0.8 else told[-1:], first, last)
    named = [rival for rival in WORDS["slots"]["competitor"] if rival in deal["notes"]]
    if not named and rng.random() < 0.15:
        named = [rng.choice(WORDS["slots"]["competitor"])]
    deal["rival"] = named[-1] if named else ""


def _lost_because(rng: Random, dear: bool) -> tuple[str, str | None]:
    """The true reason, and what was picked from the list: often that, sometimes nothing, 其他 or another one."""
    table = {key: [row[0] * (2 if dear and key == "price" else 1), *row[1:]] for key, row in DEALS["reasons"].items()}
    reason, picks = weighted(rng, table)
    _, others = weighted(rng, {key: row for key, row in table.items() if key not in (reason, "other")})
    how = draw(rng, {"right": 62, "none": 18, "other": 12, "wrong": 8})
    return reason, {"none": None, "other": "其他", "wrong": others[0]}.get(how, rng.choice(picks))


def _again(rng: Random, deal: Mapping[str, Any]) -> dict[str, Any]:
    """The same customer, entered once more a while later, often by somebody else."""
    first = min(deal["first"] + timedelta(rng.randint(3, 40)), deal["last"])
    notes = hand.diary(rng, [say(rng, rng.choice(NOTES["opening"]))], first, deal["last"])
    company = deal["company"].removesuffix("有限公司")
    return {**deal, "first": first, "notes": notes, "company": company, "owner": draw(rng, DEALS["owners"])}


def _typed(rng: Random, deal: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the sheet, every value in one of the ways people type it."""
    thousands = deal["budget"] // 1000
    budgets = [hand.money(rng, deal["budget"])] * 9 + [
        f"{thousands}k-{thousands + 3}k",
        "",
        rng.choice(DEALS["vague_money"]),
    ]
    quotes = [hand.money(rng, deal["quote"])] * 18 + [None, rng.choice(DEALS["vague_money"])]
    phones = [hand.phone(rng, deal["phone"])] * 49 + [rng.choice(DEALS["bad_phones"])]
    mails = [deal["mail"]] * 6 + [None] * 6 + [rng.choice(DEALS["bad_emails"])]
    contacts = [deal["contacts"]] * 12 + [f"{deal['contacts']}次"]
    contacted = [hand.moment(rng, deal["last"])] * 80 + [rng.choice(DEALS["vague_dates"])]
    return {
        "序号": 0, "客户编号": "", "客户姓名": deal["name"], "公司名称": blank(rng, deal["company"], 0.05),
        "手机号": rng.choice(phones), "邮箱": rng.choice(mails), "所在地区": blank(rng, deal["place"], 0.05),
        "行业": blank(rng, deal["industry"], 0.04), "公司规模": blank(rng, deal["size"]),
        "客户来源": blank(rng, deal["source"], 0.02), "意向产品": deal["product"], "意向等级": blank(rng, deal["intent"]),
        "跟进阶段": deal["stage"], "是否成交": {"won": "是", "lost": "否"}.get(deal["outcome"]),
        "未成交原因": deal["picked"], "竞品": blank(rng, deal["rival"]), "报价金额": rng.choice(quotes),
        "客户预算": blank(rng, rng.choice(budgets), 0.12), "首次接触日期": hand.day(rng, deal["first"]),
        "最近跟进时间": rng.choice(contacted), "跟进次数": rng.choice(contacts), "跟进记录": deal["notes"],
        "销售顾问": deal["owner"], "签约日期": deal["signed"] and hand.day(rng, deal["signed"]), "day": deal["first"],
    }  # fmt: skip


def _junk(rng: Random, junk: Mapping[str, str]) -> dict[str, Any]:
    deal = _prospect(rng, "13000000000") | {
        "name": junk["name"],
        "company": junk["company"],
        "mail": None,
        "contacts": 1,
    }
    _follow_up(rng, deal, "lost")
    deal |= {"stage": junk["stage"], "picked": junk["reason"] or None, "rival": "", "last": deal["first"]}
    row = _typed(rng, deal | {"notes": say(rng, junk["note"])})
    return row | {"手机号": junk["phone"], "报价金额": None, "客户预算": None}


# ------------------------------------------------------------------------------------------------ the workbook


def _book(rng: Random, rows: Sequence[dict[str, Any]]) -> bytes:
    book = Workbook()
    sheet, legend, lists = book.active, book.create_sheet("说明"), book.create_sheet("选项")
    sheet.title = "客户跟进表"
    headers, last = list(rows[0]), get_column_letter(len(rows[0]))
    for row, (heading, size, colour) in enumerate([(DEALS["title"], 16, "1F3864"), (DEALS["note"], 9, "7F7F7F")], 1):
        sheet.cell(row, 1, heading).font = Font(bold=row == 1, size=size, color=colour)
        sheet.merge_cells(f"A{row}:{last}{row}")
    widths = [6, 13, 10, 24, 26, 31, 16, 11, 11, 11, 13, 9, 11, 9, 14, 11, 12, 11, 14, 18, 9, 80, 13, 14]
    fill_sheet(sheet, headers, [list(row.values()) for row in rows], TOP, widths)
    for line in sheet.iter_rows(min_row=TOP + 1):
        for cell in line:
            _format(rng, cell, headers[cell.column - 1])
    sheet.freeze_panes = f"D{TOP + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{TOP}:{TOP}"
    shown = sorted({row["销售顾问"] for row in rows} - {DEALS["away"]})
    sheet.auto_filter.add_filter_column(headers.index("销售顾问"), shown)
    for number, deal in enumerate(rows, TOP + 1):
        sheet.row_dimensions[number].hidden = deal["销售顾问"] == DEALS["away"]  # filtered out: she has left
        sheet.row_dimensions[number].height = 15 * sum(1 + len(line) // 50 for line in deal["跟进记录"].split("\n"))
    sheet.cell(TOP, headers.index("意向等级") + 1).comment = Comment(DEALS["comment"], "周敏", height=90, width=240)
    _pick_lists(sheet, lists, headers)
    fill_sheet(legend, DEALS["legend"][0], DEALS["legend"][1:], 1, [22, 80])
    lists.sheet_state = "hidden"
    return xlsx(book)


def _pick_lists(sheet: Worksheet, lists: Worksheet, headers: Sequence[str]) -> None:
    """Drop-downs that suggest and do not insist, which is how the other wordings came in."""
    options = {
        "客户来源": list(DEALS["sources"]), "意向等级": DEALS["levels"], "是否成交": ["是", "否"],
        "跟进阶段": [stage for depth in DEALS["stages"].values() for stage in depth],
        "未成交原因": [row[1] for row in DEALS["reasons"].values()],
    }  # fmt: skip
    for column, (header, words) in enumerate(options.items(), 1):
        letter, target = get_column_letter(column), get_column_letter(headers.index(header) + 1)
        for row, word in enumerate([header, *words], 1):
            lists.cell(row, column, word)
        rule = DataValidation("list", formula1=f"选项!${letter}$2:${letter}${len(words) + 1}", allow_blank=True)
        rule.showErrorMessage = False
        rule.add(f"{target}{TOP + 1}:{target}{sheet.max_row + 200}")
        sheet.add_data_validation(rule)


def _format(rng: Random, cell: Any, header: str) -> None:
    if isinstance(cell.value, datetime):
        cell.number_format = "yyyy/m/d h:mm"
    elif isinstance(cell.value, date):
        cell.number_format = rng.choice(["yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"d"日"'])
    elif header in ("报价金额", "客户预算") and isinstance(cell.value, int):
        cell.number_format = rng.choice(["#,##0", "¥#,##0", "General"])
    elif header == "手机号":
        cell.number_format = "0" if isinstance(cell.value, int) else "@"
    elif header in ("序号", "客户编号"):
        cell.fill = PatternFill("solid", fgColor="F2F2F2")
    cell.alignment = Alignment(vertical="center", wrap_text=header == "跟进记录")
