"""同上, 〃 and ditto mean the cell above, wherever they stand, and the user's own cells stay as they are."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from lostdeals.model import Finding, Options, Sheet
from lostdeals.understand import to_leads, understand
from lostdeals.understand.ditto import dittos
from lostdeals.vocab import load

VOCABULARY = load()
OPTIONS = Options(today=date(2026, 5, 1))


def read(*cells, **more):
    data = pd.DataFrame({"A": list(cells), **more}, dtype=object)
    return dittos(VOCABULARY).read(data)[0]["A"].tolist()


@pytest.mark.parametrize(
    "mark",
    [
        "同上",
        "（同上）",
        "同 上",
        "同上。",
        "〃",
        "″",
        '"',
        "”",
        "''",
        ",,",
        "ditto",
        "Ditto",
        "do.",
        "-do-",
        "same as above",
        "As above",
        "仝上",
        "— 〃 —",
    ],
)
def test_a_mark_is_the_cell_above(mark):
    assert read("杭州", mark, "宁波", mark, mark) == ["杭州", "杭州", "宁波", "宁波", "宁波"]


@pytest.mark.parametrize(
    "text", ["看同上次报价", "同上海", '6"', "Do", "左", "do", "above", "同行", "-", "“贵”", "as above mentioned"]
)
def test_what_only_looks_like_one_stays(text):
    assert read("杭州", text) == ["杭州", text]


def test_a_mark_with_nothing_above_stays_and_one_below_a_blank_is_blank():
    assert read("同上", "杭州", None, "同上") == ["同上", "杭州", None, None]


def test_numbers_and_dates_are_meant_as_well():
    assert read(12000, "〃", date(2026, 3, 1), "同上") == [12000, 12000, date(2026, 3, 1), date(2026, 3, 1)]


def test_the_cell_on_the_left_may_be_meant():
    data = pd.DataFrame({"A": ["19900000001", "19900000002"], "B": ["wx_a", "同左"]}, dtype=object)
    assert dittos(VOCABULARY).read(data)[0]["B"].tolist() == ["wx_a", "19900000002"]


ROWS = [
    ["姓名", "手机", "城市", "备注", "报价"],
    ["王晓明", "19900000001", "杭州", "嫌贵", 12000],
    ["李文静", "19900000002", "〃", "同上", "〃"],
    ["小计", None, None, None, 24000],
    ["赵一鸣", "19900000003", "同上", "再看看", 8000],
]


def sheet():
    return Sheet(Path("a.xlsx"), "客户", pd.DataFrame(ROWS, index=range(1, 6), columns=list("ABCDE"), dtype=object))


def test_the_customer_above_counts_and_not_the_row_and_it_is_said():
    found, layout = understand([sheet()], VOCABULARY, OPTIONS)
    leads = to_leads(found, layout)
    assert leads["region"].tolist() == ["杭州", "杭州", "杭州"]
    assert leads["amount"].tolist() == [12000, 12000, 8000]
    assert Finding("ditto-marks", 4, "客户!C3") in layout.findings
    assert found.cells.at[3, "C"] == "〃"


def test_cleaning_writes_what_was_meant_with_its_rule(tmp_path):
    from lostdeals.pipeline.clean import run_clean

    path = tmp_path / "a.csv"
    path.write_text("\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in ROWS), "utf-8")
    report = run_clean(path, VOCABULARY, OPTIONS, typed=False)
    log = report.log[report.log["rule"].eq("ditto")]
    assert log[["row", "letter", "before", "after"]].to_numpy().tolist() == [
        [3, "C", "〃", "杭州"],
        [3, "D", "同上", "嫌贵"],
        [3, "E", "〃", "12000"],
        [5, "C", "同上", "杭州"],
    ]
    assert report.cleaned.cells.at[3, "C"] == "杭州"
    assert report.sheet.cells.at[3, "C"] == "〃"
