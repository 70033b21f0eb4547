"""``lostdeals clean`` as people and programs meet it: the cleaned sheet, its log, and the way back."""

# ruff: noqa: DTZ001 - a sheet's dates are local days without a zone

import csv
import json
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot
from openpyxl import load_workbook
from rich.cells import cell_len

from builders import book, saved
from lostdeals.clean.changes import _differs
from lostdeals.cli import main
from lostdeals.model import Options, Sheet
from lostdeals.package.letters import letters
from lostdeals.read import read_book
from lostdeals.understand import understand
from lostdeals.vocab import load

TODAY = ["--today", "2026-11-20"]
HEADER = ["客户姓名", "手机号", "邮箱", "来源", "报价金额", "最近跟进时间", "销售", "备注"]
ROWS = [
    ["王小明", "138 0000-0001", "wang@example.com", "展会", "1.2万", "2026年11月1日", "张三", "=1+1"],
    ["李红 ", "１３８０００００００２", "无", "展会", "¥8,000", "2026.1.5", "李四", "下周联系"],
    ["赵一", "13800000002", "zhao@@example", "转介绍", "看方案", "下周", "张三", None],
    ["测试", "12345678901", None, "转介绍", "面议", datetime(2026, 11, 2), "张三", "ok"],
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sheet(tmp_path / "客户.xlsx", ["九月客户"], [], HEADER, *ROWS)
    with (tmp_path / "客户.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *([str(cell or "") for cell in row] for row in ROWS)])
    return tmp_path


def sheet(path, *rows):
    """A workbook in which a text is a text, whatever it looks like."""
    made = book(*rows)
    for row in made.active.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    return saved(made, path)


def run(capsys, *argv):
    code = main([str(word) for word in argv])
    out, err = capsys.readouterr()
    return code, out, err


def clean(capsys, *argv):
    """The object of a run that went well."""
    code, out, err = run(capsys, "clean", *argv, "--json", *TODAY)
    assert (code, err) == (0, "")
    return json.loads(out)


def rows(path, encoding="utf-8-sig"):
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def log(path, *names):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [tuple(line[name] for name in names) for line in csv.DictReader(file)]


def cells(path, sheet=0):
    return read_book(path)[sheet].cells


def assert_same(one, other):
    assert one.shape == other.shape
    found = {
        letter: [(a, b) for a, b in zip(one[letter], other[letter], strict=True) if not _same(a, b)] for letter in one
    }
    assert {letter: pairs for letter, pairs in found.items() if pairs} == {}


def _same(a, b):
    import numpy as np

    if isinstance(a, datetime | date) and isinstance(b, datetime | date):
        a, b = (value if isinstance(value, datetime) else datetime.combine(value, time()) for value in (a, b))
        return abs(a - b) < timedelta(seconds=1)
    one, other = np.empty(1, dtype=object), np.empty(1, dtype=object)
    one[0], other[0] = a, b
    there = (np.array([cell is not None and cell == cell]) for cell in (*one, *other))
    return not _differs(one, other, *there)[0]


# The cleaned sheet


def test_the_workbook_has_every_cell_where_it_was_and_the_cleaned_ones_typed(folder, capsys):
    before = (folder / "客户.xlsx").read_bytes()
    found = clean(capsys, "客户.xlsx")
    assert found["outputs"] == ["客户.cleaned.xlsx"]
    made = load_workbook(folder / "客户.cleaned.xlsx")
    assert made.sheetnames == ["客户", "数据质量", "修改记录", "问题单元格", "重复客户"]
    customers = made["客户"]
    assert [[cell.value for cell in row] for row in customers.iter_rows()] == [
        ["九月客户", *[None] * 7],
        [None] * 8,
        HEADER,
        ["王小明", "13800000001", "wang@example.com", "展会", 12000, datetime(2026, 11, 1), "张三", "=1+1"],
        ["李红", "13800000002", None, "展会", 8000, datetime(2026, 1, 5), "李四", "下周联系"],
        ["赵一", "13800000002", "zhao@@example", "转介绍", "看方案", "下周", "张三", None],
        ["测试", "12345678901", None, "转介绍", None, datetime(2026, 11, 2), "张三", "ok"],
    ]
    assert [customers[cell].number_format for cell in ("B4", "F4")] == ["@", "yyyy-mm-dd"]
    assert customers["H4"].data_type == "s"
    assert (folder / "客户.xlsx").read_bytes() == before


def test_the_csv_has_header_and_customers_dates_in_iso_and_no_formula(folder, capsys):
    clean(capsys, "客户.xlsx", "-o", "out.csv")
    assert (folder / "out.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
    assert rows(folder / "out.csv") == [
        HEADER,
        ["王小明", "13800000001", "wang@example.com", "展会", "12000", "2026-11-01", "张三", "'=1+1"],
        ["李红", "13800000002", "", "展会", "8000", "2026-01-05", "李四", "下周联系"],
        ["赵一", "13800000002", "zhao@@example", "转介绍", "看方案", "下周", "张三", ""],
        ["测试", "12345678901", "", "转介绍", "", "2026-11-02", "张三", "ok"],
    ]


def test_a_csv_can_be_raw_and_in_another_encoding(folder, capsys):
    clean(capsys, "客户.xlsx", "-o", "out.csv", "--raw-csv", "--encoding", "gb18030")
    assert rows(folder / "out.csv", "gb18030")[1][7] == "=1+1"


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_cleaning_a_cleaned_sheet_changes_nothing(folder, capsys, ending):
    clean(capsys, "客户.xlsx", "-o", f"one.{ending}", "--raw-csv")
    again = clean(capsys, f"one.{ending}", "-o", f"two.{ending}", "--raw-csv", "--changes", "none.csv")
    assert (again["changes"], again["by_rule"], log(folder / "none.csv", "cell")) == (0, {}, [])
    assert_same(cells(folder / f"one.{ending}"), cells(folder / f"two.{ending}"))
    if ending == "xlsx":
        assert load_workbook("one.xlsx").sheetnames == [
            *load_workbook("two.xlsx").sheetnames[:1],
            "数据质量",
            "修改记录",
            "问题单元格",
            "重复客户",
        ]


def test_a_scored_sheet_keeps_its_own_columns_and_a_cleaned_one_can_be_scored(folder, capsys):
    run(capsys, "score", "客户.xlsx", "--no-charts", "--no-remember", "-q", *TODAY)
    header = [cell.value for cell in load_workbook("客户.scored.xlsx").worksheets[0][3]]
    clean(capsys, "客户.scored.xlsx", "-o", "out.xlsx")
    assert [cell.value for cell in load_workbook("out.xlsx").worksheets[0][3]] == header
    clean(capsys, "客户.xlsx")
    assert run(capsys, "score", "客户.cleaned.xlsx", "--no-charts", "--no-remember", "-q", *TODAY)[0] == 0
    assert "问题单元格" not in load_workbook("客户.cleaned.scored.xlsx").sheetnames


def test_other_sheets_of_the_file_come_along(folder, capsys):
    made = book(HEADER, *ROWS)
    made.create_sheet("修改记录").append(["我自己的表"])
    saved(made, folder / "two.xlsx")
    clean(capsys, "two.xlsx", "-o", "out.xlsx")
    again = load_workbook("out.xlsx")
    assert again.sheetnames == ["客户", "修改记录", "数据质量", "修改记录 (2)", "问题单元格", "重复客户"]
    assert again["修改记录"]["A1"].value == "我自己的表"
    clean(capsys, "out.xlsx", "-o", "third.xlsx")
    assert load_workbook("third.xlsx").sheetnames[:2] == ["客户", "修改记录"]


def test_a_result_that_somebody_worked_in_is_set_aside(folder, capsys):
    clean(capsys, "客户.xlsx")
    made = load_workbook("客户.cleaned.xlsx")
    made.worksheets[0]["H4"] = "edited"
    made.save("客户.cleaned.xlsx")
    found = clean(capsys, "客户.xlsx")
    assert [finding["code"] for finding in found["findings"] if finding["code"] == "kept-edited"] == ["kept-edited"]
    assert load_workbook("客户.cleaned.edited.xlsx").worksheets[0]["H4"].value == "edited"


# The log, pairs and problems


def test_the_log_names_every_cell_with_rule_values_and_types(folder, capsys):
    found = clean(capsys, "客户.xlsx", "--changes", "changes.csv")
    assert log(
        folder / "changes.csv", "row", "cell", "header", "rule", "before", "after", "before_type", "after_type"
    ) == [
        ("4", "B4", "手机号", "phones", "138 0000-0001", "13800000001", "text", "text"),
        ("4", "E4", "报价金额", "numbers", "1.2万", "12000", "text", "number"),
        ("4", "F4", "最近跟进时间", "dates", "2026年11月1日", "2026-11-01", "text", "date"),
        ("5", "A5", "客户姓名", "text", "李红 ", "李红", "text", "text"),
        ("5", "B5", "手机号", "text", "１３８０００００００２", "13800000002", "text", "text"),
        ("5", "C5", "邮箱", "blanks", "无", "", "text", ""),
        ("5", "E5", "报价金额", "numbers", "¥8,000", "8000", "text", "number"),
        ("5", "F5", "最近跟进时间", "dates", "2026.1.5", "2026-01-05", "text", "date"),
        ("7", "E7", "报价金额", "blanks", "面议", "", "text", ""),
    ]
    assert found["changes"] == 9
    assert found["by_rule"] == {"phones": 1, "numbers": 2, "dates": 2, "text": 2, "blanks": 2}


def test_no_text_of_the_log_is_a_formula(folder, capsys):
    sheet(
        folder / "f.xlsx",
        HEADER,
        ["王", "13800000001", None, "展会", "=HYPERLINK(1) ", "2026-01-01", "张三", " =cmd|x"],
    )
    clean(capsys, "f.xlsx", "--changes", "changes.csv", "-o", "out.xlsx")
    assert ("H2", "' =cmd|x", "'=cmd|x") in log(folder / "changes.csv", "cell", "before", "after")


def test_a_csv_that_only_got_types_has_not_changed(folder, capsys):
    (folder / "t.csv").write_text("姓名,手机,报价金额,最近跟进\n王,13800000001,12,2026-01-05\n", encoding="utf-8")
    assert clean(capsys, "t.csv", "-o", "out.csv")["changes"] == 0
    assert clean(capsys, "t.csv", "-o", "out.xlsx")["cells"] == {"changed": 0, "only_type": 2}


def test_pairs_and_problems_name_the_files_rows(folder, capsys):
    found = clean(capsys, "客户.xlsx", "--duplicates", "pairs.csv", "--problems", "problems.csv")
    assert rows(folder / "pairs.csv") == [
        ["row_a", "row_b", "score", "why"],
        ["5", "6", "0.9601", "电话相同；姓名不同"],
    ]
    assert {key: found["duplicates"][key] for key in ("groups", "rows", "pairs", "clashes")} == {
        "groups": 1,
        "rows": 1,
        "pairs": 1,
        "clashes": 1,
    }
    assert log(folder / "problems.csv", "cell", "code", "value") == [
        ("F6", "unread-dates", "下周"),
        ("E6", "unread-numbers", "看方案"),
        ("B7", "placeholder-contact", "12345678901"),
        ("C6", "invalid-email", "zhao@@example"),
        ("A7", "test-entry", "测试"),
        ("B7", "no-contact", "12345678901"),
    ]


def test_what_a_value_probably_should_be_is_said_and_not_done(folder, capsys):
    sheet(folder / "t.xlsx", HEADER, ["王", "13800000001", "wang@gmial.com", "展会", "1", "2026-01-01", "张三", "x"])
    clean(capsys, "t.xlsx", "-o", "out.xlsx", "--problems", "problems.csv")
    assert log(folder / "problems.csv", "cell", "value", "meant") == [("C2", "wang@gmial.com", "wang@gmail.com")]
    assert cells(folder / "out.xlsx").loc[2, "C"] == "wang@gmial.com"
    _, out, _ = run(capsys, "clean", "t.xlsx", "-o", "out.xlsx", "--verbose", *TODAY)
    assert ("w***@gmial.com" in out, "w***@gmail.com" in out, "wang@" in out) == (True, True, False)


# The way back


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_undo_gives_back_what_was_there(folder, capsys, ending):
    clean(capsys, "客户.xlsx", "-o", f"clean.{ending}", "--changes", "changes.csv")
    code, out, _ = run(
        capsys, "clean", f"clean.{ending}", "--undo", "changes.csv", "-o", f"back.{ending}", "--raw-csv", "--json"
    )
    found = json.loads(out)
    assert (code, found["changed"], found["later"], found["missing"]) == (0, 0, 0, 0)
    if ending == "xlsx":
        assert_same(cells(folder / "客户.xlsx"), cells(folder / "back.xlsx"))
        assert load_workbook("back.xlsx").sheetnames == ["客户"]
    else:
        assert rows(folder / "back.csv") == [
            HEADER,
            *([str(cell or "").removesuffix(" 00:00:00") for cell in row] for row in ROWS),
        ]


def test_one_rule_can_be_undone_and_then_the_rest(folder, capsys):
    clean(capsys, "客户.xlsx", "-o", "clean.xlsx", "--changes", "changes.csv")
    run(capsys, "clean", "clean.xlsx", "--undo", "changes.csv", "--rule", "dates", "-o", "dates.xlsx", "-q")
    assert cells(folder / "dates.xlsx").loc[4, ["E", "F"]].tolist() == [12000, "2026年11月1日"]
    code, out, _ = run(capsys, "clean", "dates.xlsx", "--undo", "changes.csv", "-o", "back.xlsx", "--json")
    assert (code, json.loads(out)["restored"], json.loads(out)["already"]) == (0, 7, 2)
    assert_same(cells(folder / "客户.xlsx"), cells(folder / "back.xlsx"))


def test_a_cell_that_somebody_changed_since_is_left_and_counted(folder, capsys):
    clean(capsys, "客户.xlsx", "--changes", "changes.csv")
    made = load_workbook("客户.cleaned.xlsx")
    made.worksheets[0]["E4"] = 15000
    made.save("edited.xlsx")
    code, out, _ = run(capsys, "clean", "edited.xlsx", "--undo", "changes.csv", "-o", "back.xlsx")
    assert (code, "还原了 8 个单元格" in out, "首个：E4" in out) == (0, True, True)
    assert cells(folder / "back.xlsx").loc[4, ["B", "E"]].tolist() == ["138 0000-0001", 15000]


def test_an_earlier_rule_is_not_undone_under_a_later_one(folder, capsys):
    sheet(folder / "t.xlsx", HEADER, ["王", " １３８ 0000 0001", None, "展会", "1", "2026-01-01", "张三", "x"])
    clean(capsys, "t.xlsx", "-o", "clean.xlsx", "--changes", "changes.csv")
    assert log(folder / "changes.csv", "cell", "rule")[:2] == [("B2", "text"), ("B2", "phones")]
    code, out, _ = run(
        capsys, "clean", "clean.xlsx", "--undo", "changes.csv", "--rule", "text", "-o", "back.xlsx", "--json"
    )
    found = json.loads(out)
    assert (code, found["restored"], found["later"], found["first_later"]) == (0, 0, 1, "B2")
    assert cells(folder / "back.xlsx").loc[2, "B"] == "13800000001"


@pytest.mark.parametrize(
    ("argv", "code", "told"),
    [
        (["客户.xlsx", "-o", "客户.xlsx"], 2, "would-overwrite"),
        (["客户.xlsx", "-o", "out.pdf"], 2, "unknown-output"),
        (["客户.xlsx", "--changes", "changes.txt"], 2, "unknown-output"),
        (["客户.xlsx", "--changes", "a.csv", "--duplicates", "a.csv"], 2, "would-overwrite"),
        (["客户.csv", "--changes", "客户.csv"], 2, "would-overwrite"),
        (["客户.xlsx", "--rule", "phones"], 2, "option-needs"),
        (["没有.xlsx"], 1, "no-such-file"),
        (["."], 1, "is-a-folder"),
        ([".", "--undo", "changes.csv"], 1, "is-a-folder"),
        (["客户.cleaned.xlsx", "--undo", "."], 1, "is-a-folder"),
        (["客户.xlsx", "-o", "no/such/out.xlsx"], 1, "cannot-write"),
        (["客户.xlsx", "-o", "out.csv", "--encoding", "utf-99"], 2, "unknown-encoding"),
        (["客户.xlsx", "--undo", "客户.csv"], 1, "not-a-change-log"),
        (["other.xlsx", "--undo", "changes.csv"], 1, "log-does-not-fit"),
        (["客户.cleaned.xlsx", "--undo", "changes.csv", "--rule", "phone"], 2, "unknown-rule"),
        (["客户.cleaned.xlsx", "--undo", "changes.csv", "-o", "客户.cleaned.xlsx"], 2, "would-overwrite"),
        (["客户.cleaned.xlsx", "--undo", "changes.csv", "-o", "changes.csv"], 2, "would-overwrite"),
    ],
)
def test_every_stop_has_a_code_and_what_to_do(folder, capsys, argv, code, told):
    sheet(folder / "客户.xlsx", HEADER, ["王", "13800000001", None, "展会", "1", "2026-01-01", "张三", "y"])
    sheet(folder / "t.xlsx", HEADER, ["王 ", "138-0000-0001", None, "展会", "1", "2026-01-01", "张三", "y"])
    sheet(folder / "other.xlsx", HEADER, ["李", "13800000003", None, "展会", "2", "2026-01-02", "李四", "z"])
    run(capsys, "clean", "t.xlsx", "-o", "客户.cleaned.xlsx", "--changes", "changes.csv", "-q")
    found, _, err = run(capsys, "clean", *argv)
    assert (found, err.splitlines()[0].split(": ")[1]) == (code, told)
    assert "Traceback" not in err


def test_all_shared_options_are_taken(folder, capsys):
    shared = ["--sheet", "客户", "--header-row", "3", "--map", "备注=feedback", "--lang", "en", "--tz", "Asia/Shanghai"]
    code, out, err = run(
        capsys, "clean", "客户.xlsx", *shared, *TODAY, "--no-charts", "--outcome", "备注", "-q", "-o", "out.xlsx"
    )
    assert (code, out, err) == (0, "", "")
    assert load_workbook("out.xlsx").sheetnames == ["客户", "Data quality", "Changes", "Problem cells", "Duplicates"]


def test_a_cleaned_file_is_no_input_of_a_glob(folder, capsys):
    clean(capsys, "客户.xlsx")
    (folder / "lostdeals.toml").write_text('[[jobs]]\ninput = ["*.xlsx"]\ncharts = false\n', encoding="utf-8")
    code, out, _ = run(capsys, "run", "--json", *TODAY)
    assert (code, [Path(path).name for path in json.loads(out)["jobs"][0]["done"]]) == (0, ["客户.xlsx"])


# Undo and cleaning twice, over nasty cells

TEXTS = [
    *(
        "１３８ 0000 0021",
        "138****8000",
        "1.38E+10",
        "+86 138-0000-0021",
        "021-00000021转801",
        "13800000021/13900000021",
    ),
    *(
        "2024年3月5日",
        "10/20/2016",
        "03/04/2024",
        "24/3/5",
        "45356.5",
        "2024-03-05T10:00:00Z",
        "下周",
        "1899-12-30",
        "-0",
    ),
    *(
        "1.2万",
        "三十五万",
        "5k-8k",
        "$342.09K",
        "€ 2.900,00",
        "85%",
        "90后",
        "50-99人",
        "面议",
        "00:05:30",
        "-5",
        "+3.0",
    ),
    *(
        "无",
        "-",
        "N/A",
        "#REF!",
        "未知",
        "0",
        "No",
        "否",
        "√",
        "'00123",
        "''5",
        " a\u200b\u00a0b ",
        "一\n二",
        "Closed-Won",
    ),
    *(
        "closed won",
        "测试2",
        "=1+1",
        "@SUM(A1)",
        "'=1",
        "'",
        "+cmd|x",
        "\tx",
        "a;b|c",
        'say "hi", "x"',
        "字" * 200,
        "  x  ",
    ),
]
TEXT = st.one_of(
    st.sampled_from(TEXTS),
    st.tuples(st.sampled_from(TEXTS), st.sampled_from([" ", ";", "/", "\n", "'"]), st.sampled_from(TEXTS)).map("".join),
    st.text(st.sampled_from("0123456789.-/:,;@ aexwkO万千元年月日无'\"=（）%¥$+"), min_size=1, max_size=12),
)
TYPED = st.one_of(
    st.none(),
    TEXT,
    st.integers(-(10**12), 10**12),
    st.sampled_from([0, 1, 45356, 20240305, 13800000021]),
    st.floats(-1e12, 1e12, allow_subnormal=False),
    st.booleans(),
    st.datetimes(datetime(1950, 1, 1), datetime(2050, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
    st.dates(date(1950, 1, 1), date(2050, 1, 1)),
)
NAMES = [
    "姓名",
    "手机",
    "邮箱",
    "年龄",
    "公司规模",
    "报价（万元）",
    "预算",
    "是否勿扰",
    "最近跟进",
    "创建时间",
    "来源",
    "评级",
    "备注",
    "停留时长",
]
OFTEN = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


def tables(kinds):
    return st.integers(1, 5).flatmap(
        lambda n: st.lists(st.tuples(*[kinds] * len(NAMES)), min_size=n, max_size=n).map(
            lambda rows: [
                ["王小明", "13800000001", *row[2:]] if not place else list(row) for place, row in enumerate(rows)
            ]
        )
    )


@cache
def told():
    """What each column is, by its header alone: values made of rubbish may be read otherwise once they are clean."""
    empty = Sheet(
        Path("a.xlsx"),
        "客户",
        pd.DataFrame([NAMES], columns=list(map(letters, range(1, len(NAMES) + 1))), index=[1], dtype=object),
    )
    layout = understand([empty], load(), Options(today=date(2026, 11, 20)))[1]
    return [word for column in layout.columns for word in ("--map", f"{column.header}={column.role}")]


@OFTEN
@given(table=tables(TYPED))
def test_undoing_a_cleaned_workbook_gives_the_sheet_as_it_was_and_cleaning_twice_changes_nothing(tmp_path, table):
    found, cleaned, changes, back = (tmp_path / name for name in ("a.xlsx", "b.xlsx", "c.csv", "d.xlsx"))
    sheet(found, NAMES, *table)
    said = ["--changes", str(changes), "-q", *TODAY, *told()]
    assert main(["clean", str(found), "-o", str(cleaned), *said]) == 0
    assert main(["clean", str(cleaned), "--undo", str(changes), "-o", str(back), "-q"]) == 0
    assert_same(cells(found), cells(back))
    assert main(["clean", str(cleaned), "-o", str(back), *said]) == 0
    assert log(changes, "cell", "rule", "before", "after") == []


@OFTEN
@given(table=tables(st.one_of(st.just(""), TEXT)))
def test_undoing_a_cleaned_csv_gives_the_cells_as_they_were(tmp_path, table):
    found, cleaned, changes, back = (tmp_path / name for name in ("a.csv", "b.csv", "c.csv", "d.csv"))
    with found.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([NAMES, *table])
    assert main(["clean", str(found), "-o", str(cleaned), "--changes", str(changes), "-q", *TODAY]) == 0
    assert main(["clean", str(cleaned), "--undo", str(changes), "-o", str(back), "-q", "--raw-csv"]) == 0
    assert_same(cells(found), cells(back))


# The screen


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("verbose", [[], ["--verbose"]])
def test_the_screen_is_at_most_80_wide_and_shows_no_personal_value(folder, capsys, lang, verbose):
    code, out, _ = run(capsys, "clean", "客户.xlsx", "--lang", lang, *verbose, *TODAY)
    assert code == 0
    assert max(cell_len(line) for line in out.splitlines()) <= 80
    assert [text for text in ("王小明", "13800000001", "12345678901", "zhao@@example") if text in out] == []


def test_the_screen_in_chinese(folder, capsys):
    _, out, _ = run(capsys, "clean", "客户.xlsx", "--changes", "changes.csv", *TODAY)
    assert out == snapshot("""\
读取  客户.xlsx › 客户：表头在第 3 行，4 位客户，8 列认出 8 列
清洗  改动 9 个单元格：数字 2 · 日期 2 · 空格与全角 2 · 空白 2 · 电话 1
      重复客户 1 位，多出 1 行，都没有删除 · 1 位有几个人在跟（撞单）
      例如 第 5 行与第 6 行（电话相同；姓名不同）
注意  1 个日期未能识别，首个：客户!F6「下周」；原值保留在原表中
      1 个数字未能识别，首个：客户!E6「看方案」
      另有 5 项，--verbose 查看
质量  B · 80 分，能用，有缺口：完整 23/24（96%） · 有效 12/17（71%） · 不重复
      3/4（75%） · 新鲜 2/3（67%）

  缺口最大的列（4 位客户）
  列         填写率   有内容   空白   无/未知   有问题
  ────────────────────────────────────────────────────
  邮箱          50%        2      1         1        1
  报价金额      75%        3      0         1        1
  客户姓名     100%        4      0         0        1
  手机号       100%        4      0         0        1

  按「销售」（* 不到 10 位）
  值      客户   完整   有效   重复    过期
  ─────────────────────────────────────────
  张三*      3    94%    62%      1   0 / 2
  李四*      1   100%   100%      0   1 / 1

  最值得做的几件事（做完可加的分）
  +5.0  核对并合并重复客户：1 行（1 位客户）
  +5.0  联系或更新：1 位客户超过 180 天没有动静（最近跟进时间）
  +1.8  改正「客户姓名」：1 个值读不出、不完整或不可能

已写入  客户.cleaned.xlsx
        修改记录、问题单元格和数据质量在这个工作簿里；原表未动
        changes.csv（9 条修改，可凭它撤销）
接着    lostdeals clean 客户.cleaned.xlsx --undo changes.csv   撤销
""")


def test_the_screen_in_english(folder, capsys):
    _, out, _ = run(capsys, "clean", "客户.xlsx", "--lang", "en", "-o", "out.csv", *TODAY)
    assert out == snapshot("""\
read     客户.xlsx › 客户: header in row 3, 4 customers, 8 of 8 columns
         recognised
clean    10 cells changed: numbers 2 · dates 2 · spaces 2 · blanks 2 ·
         phones 1 · formula guard 1
         customers with several rows 1, extra rows 1, none deleted · with
         several owners 1
         such as rows 5 and 6 (same phone; different name)
note     1 date could not be read, at 客户!F6 “下周”; it stays as it is in your
         sheet
         1 number could not be read, at 客户!E6 “看方案”
         5 more, see --verbose
quality  B · 80 points, usable, with gaps: complete 23/24 (96%) · valid 12/17
         (71%) · unique 3/4 (75%) · fresh 2/3 (67%)

  Columns with the largest gaps (4 customers)
  column     filled %   filled   blank   says nothing   wrong
  ───────────────────────────────────────────────────────────
  邮箱            50%        2       1              1       1
  报价金额        75%        3       0              1       1
  客户姓名       100%        4       0              0       1
  手机号         100%        4       0              0       1

  By “销售” (* fewer than 10)
  value   n   complete   valid   duplicates   stale
  ─────────────────────────────────────────────────
  张三*   3        94%     62%            1   0 / 2
  李四*   1       100%    100%            0   1 / 1

  What would help most (points it would bring)
  +5.0  check and merge duplicates (1 extra rows, 1 customers)
  +5.0  contact or update (1 customers without a sign for over 180 days, by “最
        近跟进时间”)
  +1.8  mend “客户姓名” (1 unreadable, incomplete or impossible)

written  out.csv
         header and customers only, no title rows; your file is untouched
next     lostdeals score out.csv   score the customers
""")


def test_what_undo_did_is_said(folder, capsys):
    run(capsys, "clean", "客户.xlsx", "--changes", "changes.csv", "-q", *TODAY)
    _, out, _ = run(capsys, "clean", "客户.cleaned.xlsx", "--undo", "changes.csv", "--rule", "phones")
    assert out == snapshot("""\
撤销    客户.cleaned.xlsx：还原了 1 个单元格（规则：电话统一写法）
已写入  客户.undone.xlsx
""")


def test_one_row_per_customer_can_be_written_beside(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    rows = (
        "姓名,手机,邮箱,城市\n王晓明,19912345601,,杭州\n王晓明,19912345601,a@example.com,\n李文静,19912345602,,上海\n"
    )
    (tmp_path / "客户.csv").write_text(rows, encoding="utf-8")
    assert main(["clean", "客户.csv", "-o", "干净.csv", "--merged", "合并.csv", "--quiet"]) == 0
    said = (tmp_path / "合并.csv").read_text(encoding="utf-8-sig").splitlines()
    assert said == ["row,姓名,手机,邮箱,城市", "2,王晓明,19912345601,a@example.com,杭州", "4,李文静,19912345602,,上海"]
    assert len((tmp_path / "干净.csv").read_text(encoding="utf-8-sig").splitlines()) == 4


def test_amounts_of_one_row_per_customer_keep_the_unit_of_their_header(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    rows = "姓名,手机,报价（万元）\n王晓明,19912345601,\n王晓明,19912345601,1.2\n李文静,19912345602,2.5万\n赵云清,19912345603,35\n"
    (tmp_path / "客户.csv").write_text(rows, encoding="utf-8")
    assert main(["clean", "客户.csv", "-o", "干净.csv", "--merged", "合并.csv", "--quiet"]) == 0
    said = (tmp_path / "合并.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.rsplit(",", 1)[1] for line in said] == ["报价（万元）", "1.2", "2.5", "35"]


def test_outliers_are_brought_in_only_when_asked_and_can_be_given_back(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    amounts = [8, 9.5, 12, 15, 20, 30, 7, 11, 13, 18] * 3 + [150_000]
    rows = "".join(f"王小明{n},199123456{n:02d},{amount}\n" for n, amount in enumerate(amounts))
    (tmp_path / "客户.csv").write_text("姓名,手机,报价（万元）\n" + rows, encoding="utf-8")

    def last(*argv):
        assert main([*argv, "--quiet"]) == 0
        return float(
            (tmp_path / argv[argv.index("-o") + 1]).read_text(encoding="utf-8-sig").splitlines()[-1].split(",")[2]
        )

    assert last("clean", "客户.csv", "-o", "干净.csv") == 150_000
    brought_in = last("clean", "客户.csv", "-o", "收.csv", "--winsorise", "--changes", "log.csv")
    assert 30 < brought_in < 1_000
    assert "winsorised" in (tmp_path / "log.csv").read_text(encoding="utf-8-sig")
    assert last("clean", "收.csv", "--undo", "log.csv", "-o", "原.csv") == 150_000
