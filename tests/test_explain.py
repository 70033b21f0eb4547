"""One customer explained, and the score's own pages in the workbook."""

import json

import numpy as np
import openpyxl
import pytest

from frames import VOCABULARY, ZH, layout, options
from lostdeals.cli import main
from lostdeals.cli.questions import answers
from lostdeals.model import LeftOut
from lostdeals.score import score
from lostdeals.write.scoring_pages import asks
from made_up import report, words
from test_score import HEADERS, OUTCOME, sheet

ROWS = 240


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A Chinese sheet whose source and contacts tell something, with a phone to clean and a note to read."""
    rng = np.random.default_rng(5)
    made = openpyxl.Workbook()
    page = made.active
    page.title = "客户"
    page.append(["姓名", "手机", "性别", "来源", "跟进次数", "购买意愿", "是否成交", "未成交原因", "备注", "负责人"])
    for number in range(ROWS):
        referral, contacts = rng.random() < 0.4, int(rng.poisson(3))
        intent = [None, "高", "低"][int(rng.integers(3))]
        odds = -1 + 1.6 * referral + 0.4 * (contacts - 3) + {"高": 1.4, "低": -1.4}.get(intent, 0)
        won = rng.random() < 1 / (1 + np.exp(-odds))
        result = "跟进中" if rng.random() < 0.2 else "成交" if won else "未成交"
        page.append(
            [
                f"王{'小大中'[number % 3]}{'明芳伟强'[number % 4]}{number}",
                f"139{31415926 + number * 7919}",
                "男" if rng.random() < 0.5 else "女",
                "转介绍" if referral else "广告",
                contacts,
                intent,
                result,
                "价格" if result == "未成交" else None,
                "觉得太贵" if result == "未成交" else None,
                "周敏" if number % 2 else "吴强",
            ]
        )
    page["B3"] = "+86 139 3142 3845"
    path = tmp_path_factory.mktemp("book") / "客户.xlsx"
    made.save(path)
    return path


@pytest.fixture(scope="module")
def explained(book):
    path = book.with_name("explained.json")
    assert main(["explain", str(book), "--row", "3", "--today", "2026-11-20", "-q", "-o", str(path)]) == 0
    return json.loads(path.read_text(encoding="utf-8"))


def test_a_customer_is_explained_with_points_cleaning_and_people_who_are_alike(explained):
    assert (explained["row"], explained["method"]) == (3, "learned")
    assert [change["column"] for change in explained["changes"]] == ["手机"]
    assert {one["outcome"] for one in explained["similar"]} == {"won", "lost"}
    assert all(0 <= one["likeness"] <= 1 for one in explained["similar"])
    factors = {line["factor"] for line in explained["points"]}
    assert factors <= {"性别", "来源", "跟进次数", "购买意愿", "负责人"}


def test_what_each_factor_moves_adds_up_from_the_average_customer_to_the_score(book):
    rows = openpyxl.load_workbook(book)["客户"].iter_rows(min_row=2)
    row = next(cells[0].row for cells in rows if cells[6].value == "跟进中")
    path = book.with_name("open.json")
    assert main(["explain", str(book), "--row", str(row), "--today", "2026-11-20", "-q", "-o", str(path)]) == 0
    found = json.loads(path.read_text(encoding="utf-8"))
    assert 50 + sum(line["moves"] for line in found["points"]) + found["moved_by_all_else"] == found["score"]
    assert all(line["moves"] * line["points"] > 0 for line in found["points"])


def test_a_won_customer_has_no_score_to_be_moved(explained):
    assert (explained["outcome"], explained["score"], explained["moved_by_all_else"]) == ("won", None, None)


def test_nobodys_name_or_number_is_shown_whole(explained):
    text = json.dumps(explained, ensure_ascii=False)
    assert "13931423845" not in text
    assert "139 3142 3845" not in text
    assert "王大芳1" not in text


def test_a_row_without_a_customer_is_a_wrong_use(book, capsys):
    assert main(["explain", str(book), "--row", "1", "--lang", "en"]) == 2
    assert f"Customers are in rows 2 to {ROWS + 1}" in capsys.readouterr().err


def test_a_call_that_names_no_row_is_told_to_name_one(book, capsys):
    assert main(["explain", str(book), "--lang", "en"]) == 2
    assert "--row 17" in capsys.readouterr().err


@pytest.fixture(scope="module")
def scored(book):
    out, model = book.with_name("out.xlsx"), book.with_name("m.json")
    line = ["score", str(book), "--today", "2026-11-20", "-o", str(out), "--save-model", str(model)]
    assert main([*line, "--no-charts", "--no-remember", "-q"]) == 0
    return out


def test_sums_and_grades_of_the_scorecard_are_formulas_with_their_values(scored):
    formulas = openpyxl.load_workbook(scored)["评分卡"]
    values = openpyxl.load_workbook(scored, data_only=True)["评分卡"]
    heads = [cell.value for cell in formulas[2]]
    total, percent, grade = (heads.index(name) for name in ("合计", "百分比", "等级"))
    items = [place for place, head in enumerate(heads) if "≤" in str(head)]
    assert formulas.max_row == ROWS + 2
    for row in range(3, 40):
        shown = [cell.value for cell in values[row]]
        assert str(formulas.cell(row, total + 1).value).startswith("=SUM(")
        assert shown[total] == sum(shown[place] or 0 for place in items)
        expected = "A" if shown[percent] >= 80 else "B" if shown[percent] >= 50 else "C"
        assert shown[grade] == expected


def test_the_model_card_and_the_scores_have_pages_of_their_own(scored):
    made = openpyxl.load_workbook(scored)
    assert {"评分明细", "评分卡", "待补信息", "模型卡"} <= set(made.sheetnames)
    card = "\n".join(str(row[1].value) for row in made["模型卡"].iter_rows(min_row=3))
    assert "AUC" in card
    assert "用到敏感信息：性别" in card
    listed = [row[4].value for row in made["评分明细"].iter_rows(min_row=3, max_col=5)]
    assert listed == sorted(listed, reverse=True)


def test_an_existing_file_that_is_no_model_is_never_replaced(book, scored, capsys):
    notes = book.with_name("notes.json")
    notes.write_text('{"my": "notes"}', encoding="utf-8")
    assert main(["score", str(book), "--save-model", str(notes), "--lang", "en"]) == 2
    assert "file-exists" in capsys.readouterr().err
    assert notes.read_text(encoding="utf-8") == '{"my": "notes"}'


def test_cells_worth_a_question_come_by_owner_and_never_ask_for_sensitive_traits():
    leads = sheet(n=500)
    rng = np.random.default_rng(2)
    leads["gender"] = rng.choice(["男", "女", None], len(leads))
    leads.loc[rng.random(len(leads)) < 0.3, "source"] = None
    headers = {**HEADERS, "gender": "性别"}
    found = score(leads, layout(headers, len(leads)), OUTCOME, VOCABULARY, options(), ZH).extras.asks
    assert set(found["column"]) == {"来源"}
    assert found["gain"].is_monotonic_decreasing
    assert leads.loc[found["lead"], "source"].isna().all()


def test_a_page_of_questions_is_left_out_where_there_is_nothing_to_ask():
    assert asks(report("zh"), words("zh")) == ()


def test_without_sensitive_traits_none_is_used_and_the_effect_is_shown():
    leads = sheet(n=600)
    rng = np.random.default_rng(2)
    woman = rng.random(len(leads)) < np.where(leads["outcome_class"] == "won", 0.7, 0.4)
    leads["gender"] = np.where(woman, "女", "男")
    headers = {**HEADERS, "gender": "性别"}
    both = [
        score(
            leads, layout(headers, len(leads)), OUTCOME, VOCABULARY, options(without_sensitive=without), ZH
        ).evaluation
        for without in (False, True)
    ]
    assert ["性别" in one.used_columns for one in both] == [True, False]
    assert [one.sensitive.used for one in both] == [True, False]
    assert both[1].sensitive.auc_with > both[1].sensitive.auc_without
    groups = {group.value: group for group in both[0].sensitive.groups}
    rate = {value: group.selected / group.n for value, group in groups.items()}
    without = {value: group.selected_without / group.n for value, group in groups.items()}
    assert rate["女"] - rate["男"] > without["女"] - without["男"]


def test_what_would_lift_a_score_is_something_a_salesperson_can_do():
    leads = score(sheet(), layout(HEADERS, 400), OUTCOME, VOCABULARY, options(), ZH).leads
    low = leads[(leads["outcome_class"] == "open") & (leads["contact_count"] <= 2)]
    assert low["why"].str.contains("可提升：增加联系").mean() > 0.7


WORTH = {"now": 0.9, "without": 0.88, "all_out": 0.7}
QUESTIONS = (LeftOut("标签", "state-name", {"auc": 0.7, **WORTH}), LeftOut("天数", "state-name", {"auc": 0.6, **WORTH}))


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [("2", ["天数"]), ("1，2", ["标签", "天数"]), ("全部", ["标签", "天数"]), ("", []), ("9\n1", ["标签"])],
)
def test_an_answer_is_asked_for_until_it_is_understood(monkeypatch, capsys, typed, chosen):
    given = iter(typed.split("\n"))
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(given))
    assert answers(QUESTIONS, ZH) == chosen
    said = capsys.readouterr().err
    assert "1  标签" in said
    assert "AUC 0.90，全部排除时 0.70" in said
    assert ("请写 1–2" in said) == ("\n" in typed)


def test_a_row_between_the_customers_that_is_none_is_said_to_be_passed_over(tmp_path, capsys):
    made = openpyxl.Workbook()
    rows = [
        ["姓名", "电话", "是否成交", "跟进记录"],
        *([f"王{n}", f"1990000{n:04}", "否", "3.5 来电\n3.8 到店"] for n in range(8)),
    ]
    for row in [*rows[:5], ["合计", None, 4, None], *rows[5:]]:
        made.active.append(row)
    path = tmp_path / "客户.xlsx"
    made.save(path)
    assert main(["explain", str(path), "--row", "6", "--lang", "zh"]) == 2
    said = capsys.readouterr().err
    assert "第 6 行不是客户" in said
    assert "合计" in said
    assert main(["explain", str(path), "--row", "99", "--lang", "zh"]) == 2
    assert "第 99 行没有客户" in capsys.readouterr().err


def test_line_breaks_within_a_cell_do_not_break_the_screen(tmp_path, capsys):
    made = openpyxl.Workbook()
    for row in [
        ["姓名", "电话", "是否成交", "跟进记录"],
        *([f"王{n}", f"1990000{n:04}", "否", "3.5 来电\n3.8 到店"] for n in range(8)),
    ]:
        made.active.append(row)
    path = tmp_path / "客户.xlsx"
    made.save(path)
    assert main(["explain", str(path), "--row", "3", "--lang", "zh"]) == 0
    assert "3.5 来电 3.8 到店" in capsys.readouterr().out
