"""Sheets that people make without thinking of columns: sign-up lists, boards, headers that leave all open, stray apostrophes."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from lostdeals.cli import main
from lostdeals.errors import LostDealsError
from lostdeals.model import Options, Sheet
from lostdeals.understand import match_columns, parted, to_leads, understand
from lostdeals.vocab import load

VOCABULARY = load()
OPTIONS = Options(today=date(2026, 5, 1))
SIGNED_UP = [
    "#接龙 周末看房团",
    "格式：姓名+电话+意向",
    "1. 张三 19900000001 想看三室",
    "2、李四，19900000002，太贵了，考虑一下",
    "3．王姐 已付定金",
    "4. 陈总想要两室139 0000 0004",
    "5. Tony 19900000005",
]


def sheet(rows, name="客户"):
    width = max(map(len, rows))
    cells = [[*(None if cell == "" else cell for cell in row), *[None] * (width - len(row))] for row in rows]
    letters = [chr(65 + number) for number in range(width)]
    return Sheet(Path("a.csv"), name, pd.DataFrame(cells, index=range(1, len(rows) + 1), columns=letters, dtype=object))


def leads(rows):
    found, layout = understand(parted([sheet(rows)], VOCABULARY), VOCABULARY, OPTIONS)
    return to_leads(found, layout)


def test_a_sign_up_list_is_parted_into_name_phone_and_the_rest():
    found = leads([[line] for line in SIGNED_UP])
    assert found[["src_row", "name", "phone", "notes"]].to_numpy().tolist() == [
        [3, "张三", "19900000001", "想看三室"],
        [4, "李四", "19900000002", "太贵了，考虑一下"],
        [5, "王姐", None, "已付定金"],
        [6, "陈总", "139 0000 0004", "想要两室"],
        [7, "Tony", "19900000005", None],
    ]


def test_commas_that_part_the_lines_of_a_list_do_not_matter():
    rows = [["1. 张三", "19900000001", "想看房"], ["2. 李四", "19900000002", "太贵"], ["3. 王芳", "19900000003", ""]]
    found = leads(rows)
    assert found[["name", "phone", "notes"]].to_numpy().tolist() == [
        ["张三", "19900000001", "想看房"],
        ["李四", "19900000002", "太贵"],
        ["王芳", "19900000003", None],
    ]


def test_an_english_list_is_parted_as_well():
    rows = [["Open house sign-up"], ["1. Ann Smith 415-555-0102 too expensive"], ["2. Bob Lee 415-555-0103"]]
    found = leads([*rows, ["3) Cara Diaz, 415-555-0104, wants a second visit"]])
    assert found[["name", "phone", "notes"]].to_numpy().tolist() == [
        ["Ann Smith", "415-555-0102", "too expensive"],
        ["Bob Lee", "415-555-0103", None],
        ["Cara Diaz", "415-555-0104", "wants a second visit"],
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["序号", "姓名"], ["1. 张三", "19900000001"], ["2. 李四", "19900000002"], ["3. 王芳", "19900000003"]],
        [["会议议程"], ["1. 开场"], ["2. 报告"], ["3. 总结"]],
        [["1. 张三", "139", "a", "b"], ["2. 李四", "139", "a", "b"], ["3. 王芳", "139", "a", "b"]],
        [["姓名"], ["张三 19900000001"], ["李四 19900000002"], ["王芳 19900000003"]],
        [["5. 张三 19900000001"], ["3. 李四 19900000002"], ["1. 王芳 19900000003"]],
    ],
)
def test_what_is_no_list_of_people_stays_as_it_is(rows):
    before = sheet(rows)
    assert parted([before], VOCABULARY)[0] is before


def test_a_scored_sign_up_list_is_a_new_workbook_and_its_lines_stay(tmp_path, capsys):
    path = tmp_path / "接龙.txt"
    path.write_text("\n".join(SIGNED_UP), encoding="utf-8")
    assert main(["clean", str(path), "-o", str(tmp_path / "out.csv"), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "5 lines parted into name, phone and comment" in out.replace("\n         ", " ")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()[:2] == [
        "接龙原文,姓名,电话,备注",
        "1. 张三 19900000001 想看三室,张三,19900000001,想看三室",
    ]
    assert path.read_text(encoding="utf-8").splitlines() == SIGNED_UP


BOARD = [
    ["New Lead", "Contacted", "Proposal", "Won", "Lost"],
    ["Acme refit", "Blue Fern app", "Kite site", "Old Mill brand", "Sand Bar logo"],
    ["Grid Leaf site", "North Peak app", "", "", "Quartz site"],
]


@pytest.mark.parametrize(
    "rows", [BOARD, [["线索", "报价", "谈判", "成交"], ["张伟 装修", "王芳 全屋", "李静 橱柜", "刘洋 地板"]]]
)
def test_a_board_is_refused_with_the_way_out(rows):
    with pytest.raises(LostDealsError) as stop:
        understand([sheet(rows)], VOCABULARY, OPTIONS)
    assert stop.value.code == "board"
    assert stop.value.values["steps"] == tuple(rows[0])


def test_steps_with_days_ticks_or_a_customer_beside_them_are_no_board():
    dated = [["客户", "电话", *BOARD[0]], ["张伟", "19900000001", "2026-01-02", "2026-01-05", "", "", "2026-02-01"]]
    told = [["客户", "报价", "谈判", "成交"], ["张伟", "报了三套", "嫌贵没谈拢", "未签"], ["王芳", "报了一套", "", ""]]
    for rows in (dated, told):
        _, layout = understand([sheet(rows)], VOCABULARY, replace_mapping(rows))
        assert layout.doubt is None


def replace_mapping(rows):
    return Options(today=date(2026, 5, 1), mapping={} if len(rows[0]) > 4 else {"客户": "name"})


@pytest.mark.parametrize("header", ["跟进", "跟进2", "回访", "第二次沟通", "Follow up", "2nd call"])
@pytest.mark.parametrize(
    ("cells", "role"),
    [
        (["嫌贵，再考虑", "没接电话", "约周六看房", "老婆不同意，年后再说"], "notes"),
        (["小王", "小李", "小王", "小王"], "owner"),
        (["已报价", "洽谈中", "已签约", "已报价"], "stage"),
        ([3, 5, 1, 2], "contact_count"),
        (["是", "否", "是", "否"], "extra"),
        (["call back in May", "wants a cheaper quote", "husband to decide", "no answer twice"], "notes"),
    ],
)
def test_values_decide_what_a_header_leaves_open(header, cells, role):
    [found] = match_columns({"A": header}, pd.DataFrame({"A": cells}, dtype=object), VOCABULARY, {})
    assert found.role == role


def test_a_follow_up_beside_the_stage_goes_on_as_notes():
    data = pd.DataFrame({"A": ["已报价", "洽谈中", "已报价"], "B": ["没接", "已报价", "没接"]}, dtype=object)
    found = match_columns({"A": "阶段", "B": "回访一"}, data, VOCABULARY, {})
    assert [match.role for match in found] == ["stage", "notes"]


def test_whether_somebody_was_contacted_is_no_wish_to_be_left_alone():
    data = pd.DataFrame({"A": ["Yes", "No", "Yes", "Yes"]}, dtype=object)
    assert match_columns({"A": "Contacted"}, data, VOCABULARY, {})[0].role == "extra"


def test_an_apostrophe_that_marks_text_is_read_over_written_out_and_brought_back(tmp_path, capsys):
    lines = ["'姓名,'手机,来源", "'张伟,'019900000001,抖音", "'王芳,'19900000002,官网", "'李静,'19900000003,抖音"]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    cleaned, log = tmp_path / "out.csv", tmp_path / "log.csv"
    assert main(["clean", str(path), "-o", str(cleaned), "--changes", str(log)]) == 0
    assert cleaned.read_text(encoding="utf-8-sig").splitlines()[1:] == [
        "张伟,19900000001,抖音",
        "王芳,19900000002,官网",
        "李静,19900000003,抖音",
    ]
    assert main(["clean", str(cleaned), "--undo", str(log), "-o", str(tmp_path / "back.csv")]) == 0
    assert (tmp_path / "back.csv").read_text(encoding="utf-8-sig").splitlines() == lines
    capsys.readouterr()


def test_names_that_begin_with_an_apostrophe_keep_it():
    rows = [["Name", "Phone"], ["'t Hooft", "0201234567"], ["Smith", "0201234568"], ["O'Brien", "0201234569"]]
    assert leads(rows)["name"].tolist() == ["'t Hooft", "Smith", "O'Brien"]


def test_identity_cards_are_masked_on_the_screen(tmp_path, capsys):
    path = tmp_path / "a.csv"
    path.write_text("姓名,身份证号\n张伟,110101199001011234\n王芳,11010119900101123X\n", encoding="utf-8")
    main(["inspect", str(path)])
    assert "19900101" not in capsys.readouterr().out


def test_no_other_column_tells_the_names_that_are_masked(tmp_path, capsys):
    path = tmp_path / "list.txt"
    path.write_text("\n".join(SIGNED_UP), encoding="utf-8")
    assert main(["inspect", str(path)]) == 0
    screen = capsys.readouterr().out
    assert "张**" in screen
    assert "张三" not in screen
