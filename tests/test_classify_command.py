"""``lostdeals classify``: who the customers are, what stands out, and what nobody could place."""

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl import load_workbook
from rich.cells import cell_len

from frames import VOCABULARY, classified
from lostdeals.analyse.crosstabs import crosstab, rates, shares
from lostdeals.classify.proposals import proposals
from lostdeals.cli import main

EXAMPLES = Path(__file__).parent.parent / "examples"
TODAY = ["--today", "2026-11-20"]

pytestmark = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the examples are not part of this copy")


def run(capsys, tmp_path, name, *argv):
    assert main(["classify", str(EXAMPLES / name), "-o", str(tmp_path / "out.xlsx"), *TODAY, *argv]) == 0
    return capsys.readouterr().out


def told(capsys, tmp_path, name, *argv):
    return json.loads(run(capsys, tmp_path, name, "--json", *argv))


def cells_of(found, rows, columns):
    table = next(one for one in found["tables"] if (one["rows"], one["columns"]) == (rows, columns))
    return {(cell["row"], cell["column"]): cell for cell in table["cells"]}


def test_the_young_find_it_dear_and_the_middle_aged_doubt_the_quality(capsys, tmp_path):
    found = told(capsys, tmp_path, "shop-customers.csv")
    by_age = cells_of(found, "age_band", "loss_reason")
    young, middle = by_age["25-34", "price"], by_age["45-54", "price"]
    assert young["share"] > 0.6 > 0.4 > middle["share"]
    assert young["q"] < 0.01
    assert any("25-34岁" in one["text"] and "价格过高" in one["text"] for one in found["stands_out"])


def test_who_did_not_know_of_instalments_lacked_the_money(capsys, tmp_path):
    found = told(capsys, tmp_path, "loan-customers.csv", "--by", "是否了解分期")
    [(name, cells)] = {
        (one["rows"], one["title"]): one["cells"] for one in found["tables"] if one["columns"] == "loss_reason"
    }.items()
    share = {(cell["row"], cell["column"]): cell["share"] for cell in cells}
    assert name[1].startswith("是否了解分期")
    assert share["否", "budget"] > 2 * share["是", "budget"]
    rows = next(one for one in found["tables"] if one["kind"] == "rates")["cells"]
    assert {row["value"]: round(row["rate"], 2) for row in rows} == {"否": 0.81, "是": 0.56}


def test_two_dimensions_are_crossed(capsys, tmp_path):
    found = told(capsys, tmp_path, "shop-customers.csv", "--by", "来源,age_band")
    assert {one["rows"] for one in found["tables"]} == {"source × age_band"}


@pytest.mark.parametrize(("name", "word"), [("lost-deals.xlsx", "分类"), ("crm-export-en.csv", "classify")])
def test_the_screen_fits_eighty_columns_in_either_language(capsys, tmp_path, name, word):
    out = run(capsys, tmp_path, name)
    assert out.startswith(word)
    assert max(map(cell_len, out.splitlines())) <= 80
    assert "out.xlsx" in out


def test_tables_asked_for_fit_the_screen_too(capsys, tmp_path):
    out = run(capsys, tmp_path, "crm-export-en.csv", "--by", "source")
    assert max(map(cell_len, out.splitlines())) <= 80
    assert "Referral" in out


def test_the_workbook_has_every_customer_with_what_gave_each_class(capsys, tmp_path):
    run(capsys, tmp_path, "lost-deals.xlsx")
    book = load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["分类概况", "客户分类", "交叉分析", "未归类"][: len(book.sheetnames)]
    rows = list(book["客户分类"].iter_rows(min_row=2, values_only=True))
    assert rows[0][-1] == "分类依据"
    assert len(rows) - 1 == 440
    assert all("客户分层: " in row[-1] for row in rows[1:])


def test_an_unknown_dimension_is_an_error_and_nothing_is_written(capsys, tmp_path):
    target = tmp_path / "out.xlsx"
    assert main(["classify", str(EXAMPLES / "lost-deals.xlsx"), "--by", "鞋码", "-o", str(target)]) == 2
    assert "unknown-dimension" in capsys.readouterr().err
    assert not target.exists()


def test_the_command_that_comes_next_can_be_typed_as_it_stands(capsys, tmp_path):
    (tmp_path / "三行.csv").write_text(
        "姓名,沟通记录,结果\n王二,上面没松口,未成交\n李四,过完年再说吧,未成交\n", encoding="utf-8"
    )
    assert main(["classify", str(tmp_path / "三行.csv")]) == 0
    assert "--by" not in capsys.readouterr().out  # too little to set against each other
    last = run(capsys, tmp_path, "shop-customers.csv").splitlines()[-1]
    assert run(capsys, tmp_path, "shop-customers.csv", "--by", last.rsplit(" ", 1)[1]).startswith("分类")


def test_the_sheet_itself_is_never_the_output(capsys, tmp_path):
    sheet = tmp_path / "a.xlsx"
    sheet.write_bytes((EXAMPLES / "lost-deals.xlsx").read_bytes())
    assert main(["classify", str(sheet), "-o", str(sheet)]) == 2
    assert capsys.readouterr().out == ""


# ------------------------------------------------------------------------------------------------ tables


def test_rates_of_the_groups_add_up_to_the_whole():
    groups = pd.Series(["a"] * 7 + ["b"] * 5 + [None] * 2)
    table = rates(groups, pd.Series([True, False] * 7))
    assert (table["n"].sum(), table["k"].sum()) == (14, 7)
    assert table["value"].tolist() == ["a", "b", "unknown"]
    assert table["enough"].tolist() == [True, True, False]


def test_few_customers_are_shown_and_not_compared():
    table = crosstab(pd.Series(["a"] * 9 + ["b"] * 2), pd.Series(["x", "y"] * 5 + ["x"]))
    assert table.loc[table["row"] == "b", "q"].isna().all()


def test_a_customer_with_two_needs_counts_in_both_and_once_among_the_customers():
    table = shares(pd.Series(["price; service", "price", None]), pd.Series([100.0, 50.0, 50.0]))
    assert table["value"].tolist() == ["price", "service", "unknown"]
    assert table["n"].tolist() == [2, 1, 1]
    assert table["share"].round(2).tolist() == [0.67, 0.33, 0.33]
    assert table["amount"].tolist() == [150.0, 100.0, 50.0]


def test_the_order_of_the_rows_changes_nothing():
    rows, columns = pd.Series(list("aabbcc") * 5), pd.Series(list("xyz") * 10)
    there, back = crosstab(rows, columns), crosstab(rows[::-1], columns[::-1])
    keys = ["row", "column"]
    pd.testing.assert_frame_equal(there.sort_values(keys, ignore_index=True), back.sort_values(keys, ignore_index=True))


# ------------------------------------------------------------------------------------------------ new reasons


def test_words_that_recur_where_no_reason_is_known_are_proposed():
    strange = ["店里养的鹦鹉太吵，不来了", "说鹦鹉叫得头疼", "鹦鹉把孩子吓哭了", "那只鹦鹉会骂人"]
    leads = classified(
        {
            "notes": [*strange, *["嫌贵"] * 6],
            "outcome_class": ["lost"] * 10,
            "main_reason": ["other"] * 4 + ["price"] * 6,
        }
    )
    found = proposals(leads, VOCABULARY)
    assert found["n"].tolist() == [4]
    assert found["terms"][0].startswith("鹦鹉")


def test_nothing_is_proposed_where_every_reason_is_known():
    leads = classified({"notes": ["嫌贵"] * 6, "outcome_class": ["lost"] * 6, "main_reason": ["price"] * 6})
    assert proposals(leads, VOCABULARY).empty


def test_reasons_in_peoples_own_words_are_crossed_by_what_they_mean(tmp_path, capsys):
    said = [
        "嫌贵",
        "太贵了",
        "价格高",
        "联系不上",
        "不接电话",
        "没人接",
        "老公不同意",
        "家人反对",
        "去别家了",
        "选了同行",
        "预算不够",
        "没钱",
        "再看看",
        "明年再说",
    ]
    made = openpyxl.Workbook()
    made.active.append(["姓名", "电话", "来源", "是否成交", "未成交原因"])
    for n in range(42):
        made.active.append(
            [
                f"王{n}",
                f"1990000{n:04}",
                "抖音" if n % 2 else "介绍",
                "否" if n % 3 else "是",
                said[n % 14] if n % 3 else None,
            ]
        )
    path = tmp_path / "客户.xlsx"
    made.save(path)
    assert main(["classify", str(path), "--by", "来源,未成交原因", "--no-charts", "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert "来源 × 未成交原因" in shown
    assert "抖音 × 价格过高" in shown
    assert "未成交率" not in shown
