"""Workbooks and text files drawn with bars: what a person would see, and what a test says about it.

A sheet is text: one line a row, cells between bars, ``~`` for a row that is left out, ``+5 name phone date`` for five
made-up customers. Numbers become numbers and ``2026-03-05`` a date; ``'`` before a cell keeps it text, and ``\\n`` breaks a line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高", ["晓明", "文静", "一鸣", "多多", "敏", "强", "雨桐", "浩"]
FIRST, LAST = ["Ann", "Bob", "Carol", "Dan", "Eve", "Frank", "Grace"], ["Reed", "Stone", "Hill", "Marsh", "Wood"]
LISTS = {
    "source": ["抖音", "官网", "转介绍", "展会"],
    "note": [
        "价格偏高，说要再比较一下",
        "等预算批下来以后再联系",
        "已经买了别家的产品",
        "电话没人接，改天再打",
        "家里人不同意，先放一放",
        "约了下周三来店里看看",
    ],
    "owner": ["周敏", "吴昊", "郑爽"],
    "city": ["上海", "杭州", "苏州", "南京"],
    "stage": ["初步接触", "意向表达", "深入沟通", "最终决策"],
    "outcome": ["未成交", "成交", "跟进中", "未成交"],
    "reason": ["价格高", "竞品", "没预算", "失联"],
    "intent": ["高", "中", "低"],
    "product": ["标准版", "专业版", "旗舰版"],
    "month": ["1月", "2月", "3月"],
    "word": ["later", "too dear", "no answer", "bought elsewhere"],
    "status": ["Open", "Lost", "Won", "Lost"],
    "channel": ["Web", "Referral", "Event"],
    "blank": [None],
}


def customer(kinds: Sequence[str], number: int) -> list[object]:
    """One made-up row; nobody in it exists."""
    made: dict[str, object] = {
        "no": number + 1,
        "id": f"KH{number + 1001}",
        "name": SURNAMES[number % 20] + GIVEN[number % 8],
        "person": f"{FIRST[number % 7]} {LAST[number % 5]}",
        "phone": f"1990000{number:04}",
        "tel": f"021-5555{number:04}",
        "email": f"k{number}@example.com",
        "company": f"{'云帆青禾海岳星辰'[number % 7 : number % 7 + 2]}{number}科技有限公司",
        "firm": f"{LAST[number % 5]} {number} Ltd",
        "date": date(2026, 1 + number % 4, 1 + number % 27),
        "amount": 1000 + 137 * number,
        "count": number % 7 + 1,
        "age": 22 + number * 3 % 40,
        "share": number % 10 / 10,
    }
    return [LISTS[kind][number % len(LISTS[kind])] if kind in LISTS else made[kind] for kind in kinds]


def drawn(text: str) -> list[list[object]]:
    """The rows of a sheet that is drawn as text."""
    rows: list[list[object]] = []
    met = 0
    for line in text.strip("\n").splitlines():
        if many := re.match(r"\+(\d+) (.+)", line.strip()):
            rows += [customer(many[2].split(), met + number) for number in range(int(many[1]))]
            met += int(many[1])
        else:
            rows.append([] if line.strip() in ("", "~") else [_cell(part.strip()) for part in line.split("|")])
    return rows


def _cell(text: str) -> object:
    if not text:
        return None
    if text.startswith("'"):
        return text[1:]
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"-?\d+\.\d+", text):
        return float(text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    return text.replace("\\n", "\n")


def workbook(case: Mapping[str, Any], path: Path) -> Path:
    """The workbook of a case: its sheets drawn, merged, hidden."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in _sheets(case):
        made = book.create_sheet(sheet["name"])
        for number, row in enumerate(drawn(sheet["cells"]), sheet.get("top", 1)):
            for column, value in enumerate(row, sheet.get("left", 1)):
                if value is not None:
                    made.cell(number, column, value)
        for area in sheet.get("merged", []):
            made.merge_cells(area)
        for row in sheet.get("hidden_rows", []):
            made.row_dimensions[row].hidden = True
        for letter in sheet.get("hidden_columns", []):
            made.column_dimensions[letter].hidden = True
        if sheet.get("hidden"):
            made.sheet_state = "hidden"
    book.save(path)
    return path


def text_file(case: Mapping[str, Any], path: Path) -> Path:
    """The same as comma-separated values, where a text file can say it."""
    rows = [["" if value is None else str(value) for value in row] for row in drawn(case["cells"])]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def _sheets(case: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if "cells" in case:
        yield {"name": "Sheet1", **{key: value for key, value in case.items() if key != "name"}}
    yield from case.get("sheets", [])


def rows_of(said: str) -> tuple[int, ...]:
    """Rows as people name them: ``3-5, 8``."""
    spans = [[int(edge) for edge in part.split("-")] for part in said.split(",") if part.strip()]
    return tuple(row for span in spans for row in range(span[0], span[-1] + 1))
