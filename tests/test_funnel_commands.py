"""``funnel`` and ``forecast`` as people and programs meet them: screens, JSON, workbooks, charts, errors."""

import json
import re
import shlex
from datetime import date, timedelta

import pytest
from openpyxl import Workbook, load_workbook
from rich.cells import cell_len

from lostdeals.cli import main
from lostdeals.read import plain

STEPS = ["线索", "沟通", "报价", "签约"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = ["客户编号,阶段,进入时间,来源,负责人"]
    start = date(2026, 1, 1)
    for number in range(240):
        day = start + timedelta(days=number)
        came = 1 + (number * 7) % 4 if number % 3 else 1
        for place in range(came):
            rows.append(
                f"K{number:03d},{STEPS[place]},{day + timedelta(days=(2 + number % 3) * place)},{'广告展会'[number % 2 * 2 :][:2]},王{number % 3}"
            )
        if came < 4 and number % 5 == 0:
            rows.append(f"K{number:03d},输单,{day + timedelta(days=4 * came + 4)},,")
    (tmp_path / "阶段.csv").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "城市.csv").write_text("城市,数量\n上海,3\n北京,4\n", encoding="utf-8")
    return tmp_path


def run(capsys, *argv):
    code = main([str(word) for word in argv])
    out, err = capsys.readouterr()
    return code, out, err


def funnel(capsys, *more):
    code, out, err = run(capsys, "funnel", "阶段.csv", "--today", "2026-11-20", "--json", *more)
    assert (code, err) == (0, "")
    return json.loads(out)


def test_json_has_the_contracts_names(folder, capsys):
    found = funnel(capsys, "--by", "来源")
    assert {"funnel", "semantics", "by", "window_days", "total", "segments", "bottlenecks"} <= set(found)
    step = found["total"]["steps"][1]
    assert {"step", "n", "from_first", "from_previous", "low", "high", "median_days", "p75_days", "p90_days"} <= set(
        step
    )
    assert {"value", "steps", "final_rate", "ci", "p", "q", "enough"} <= set(found["segments"][0])
    assert (found["semantics"], found["input"], found["by"]) == ("history", "stage-log", "source")
    assert [one["step"] for one in found["total"]["steps"]] == STEPS
    assert 3.0 <= step["median_days"] <= step["p90_days"] == 4.0


def test_steps_order_and_window_can_be_asked_for(folder, capsys):
    found = funnel(capsys, "--steps", "线索,报价", "--order", "ordered", "--window", "5d")
    assert (found["order"], found["window_days"], found["window_per_step"]) == ("ordered", 5.0, False)
    assert found["total"]["steps"][1]["n"] == 0
    assert funnel(capsys, "--steps", "线索,报价", "--window", "1w")["total"]["steps"][1]["n"] > 0


def test_trend_comparison_and_channels_come_beside_the_funnel(folder, capsys):
    (folder / "花费.csv").write_text(
        "来源,月份,花费\n广告,2026-01-01,900\n广告,2026-02-01,900\n展会,2026-01-01,500\n", "utf-8"
    )
    found = funnel(capsys, "--over", "month", "--since", "2026-05-01", "--by", "来源", "--spend", "花费.csv")
    assert [one["period"] for one in found["trend"]["cohorts"]][:2] == ["2026-01", "2026-02"]
    mix = found["comparison"]["mix"]
    assert mix["mix"] + mix["rate"] == pytest.approx(found["comparison"]["first_to_last"]["difference"], abs=1e-5)
    assert {row["value"]: row["cost"] for row in found["channels"]["rows"]} == {"广告": 1800.0, "展会": 500.0}
    plain = funnel(capsys)
    assert (plain["trend"], plain["comparison"], plain["channels"]) == (None, None, None)


def test_two_files_are_compared(folder, capsys):
    text = (folder / "阶段.csv").read_text(encoding="utf-8").splitlines()
    (folder / "上月.csv").write_text("\n".join(text[:200]), encoding="utf-8")
    found = funnel(capsys, "--compare", "上月.csv")["comparison"]
    assert (found["before"], found["after"]) == ("上月.csv", "阶段.csv")
    assert [change["step"] for change in found["steps"]] == STEPS
    assert 0 < found["steps"][0]["n_before"] < found["steps"][0]["n_after"] <= 240


def test_an_older_file_is_not_worse_for_having_had_less_time(folder, capsys):
    lines = (folder / "阶段.csv").read_text(encoding="utf-8").splitlines()
    until = "2026-03-20"
    old = [lines[0], *(line for line in lines[1:] if line.split(",")[2] <= until)]
    (folder / "旧.csv").write_text("\n".join(old), encoding="utf-8")
    found = funnel(capsys, "--compare", "旧.csv")["comparison"]
    days = found["within_days"]
    assert days > 0
    came = {}
    for line in lines[1:]:
        who, stage, when = line.split(",")[:3]
        came.setdefault(who, {}).setdefault(stage, date.fromisoformat(when))
    end = date.fromisoformat(until)
    watched = [one for one in came.values() if (end - one["线索"]).days >= days]
    won = [one for one in watched if "签约" in one and (one["签约"] - one["线索"]).days <= days]
    assert (found["steps"][0]["n_before"], found["steps"][-1]["n_before"]) == (len(watched), len(won))
    assert found["first_to_last"]["p"] > 0.05


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_screen_fits_80_columns(folder, capsys, lang):
    more = ["--by", "来源,负责人", "--over", "month", "--since", "2026-05-01", "--channels", "--lang", lang]
    code, out, err = run(capsys, "funnel", "阶段.csv", "--today", "2026-11-20", *more)
    assert (code, err) == (0, "")
    assert max(cell_len(line) for line in out.splitlines()) <= 80
    assert re.search(r"\w…", out) is None  # nothing is cut off
    code, out, _ = run(capsys, "forecast", "阶段.csv", "--today", "2026-11-20", "--horizon", "30d", "--lang", lang)
    assert code == 0
    assert max(cell_len(line) for line in out.splitlines()) <= 80


def test_a_workbook_has_a_sheet_for_each_part_and_its_charts(folder, capsys):
    more = ["--by", "来源", "--over", "month", "--since", "2026-05-01", "--channels", "-o", "漏斗.xlsx"]
    code, out, _ = run(capsys, "funnel", "阶段.csv", "--today", "2026-11-20", *more)
    assert code == 0
    book = load_workbook(folder / "漏斗.xlsx")
    assert book.sheetnames == ["漏斗", "分组", "分组各步", "停留", "停留太久", "趋势", "对比", "渠道"]
    rows = list(book["漏斗"].iter_rows(values_only=True))
    assert [row[:2] for row in rows[2:6]] == [(step["step"], step["n"]) for step in funnel(capsys)["total"]["steps"]]
    names = sorted(path.name for path in (folder / "漏斗_charts").iterdir())
    assert names == ["01_funnel.png", "02_groups.png", "03_cohorts.png", "04_curve.png"]
    assert "漏斗.xlsx" in out


def test_the_workbook_and_the_charts_are_the_same_bytes_again(folder, capsys):
    made = []
    for _ in range(2):
        run(capsys, "funnel", "阶段.csv", "--by", "来源", "--over", "month", "-o", "f.xlsx", "--today", "2026-11-20")
        files = [folder / "f.xlsx", *sorted((folder / "f_charts").iterdir())]
        made.append([path.read_bytes() for path in files])
    assert made[0] == made[1]


def test_a_sheet_that_is_read_is_never_written_over(folder, capsys):
    (folder / "a.xlsx").write_bytes(b"")
    code, _, err = run(capsys, "funnel", "阶段.csv", "--compare", "a.xlsx", "-o", "a.xlsx")
    assert (code, "would-overwrite" in err) == (2, True)


def test_a_funnel_of_ones_own_is_a_toml_file(folder, capsys):
    text = 'steps = ["进来", "谈过", "成了"]\nwon = "成了"\n[step."谈过"]\nwords = ["沟通", "报价"]\n[step."进来"]\nwords = ["线索"]\n'
    (folder / "自己.toml").write_text(text, encoding="utf-8")
    found = funnel(capsys, "--funnel", "自己.toml")
    assert [step["step"] for step in found["total"]["steps"]] == ["进来", "谈过", "成了"]
    assert found["total"]["steps"][0]["n"] == 240
    own = '[funnels.mine]\nlabel = { zh = "我的", en = "Mine" }\nsteps = ["线索", "签约"]\n'
    (folder / "vocab.toml").write_text(own, encoding="utf-8")
    assert funnel(capsys, "--vocab", "vocab.toml", "--funnel", "我的")["funnel"] == "mine"


@pytest.mark.parametrize(
    ("argv", "code", "error"),
    [
        (["--funnel", "nothing"], 2, "unknown-funnel"),
        (["--funnel", "none.toml"], 1, "funnel-unreadable"),
        (["--steps", "线索"], 2, "bad-option"),
        (["--steps", "线索,线索"], 2, "bad-option"),
        (["--window", "soon"], 2, "bad-option"),
        (["--window", "0d"], 2, "bad-option"),
        (["--order", "any", "--window", "7d", "--per-step"], 2, "bad-option"),
        (["--order", "backwards"], 2, "bad-option"),
        (["--over", "fortnight"], 2, "bad-option"),
        (["--since", "yesterday"], 2, "bad-option"),
        (["--since", "2030-01-01"], 2, "nothing-to-compare"),
        (["--between", "来源"], 2, "bad-option"),
        (["--between", "来源=广告,没有"], 2, "nothing-to-compare"),
        (["--by", "来源,负责人,month"], 2, "too-many-dimensions"),
        (["--by", "星座"], 2, "unknown-dimension"),
        (["--baseline", "没有", "--by", "来源"], 2, "no-such-baseline"),
        (["--bins", "a,b", "--by", "来源"], 2, "bad-option"),
        (["--spend", "阶段.csv"], 2, "no-spend"),
        (["--with", "城市.csv"], 2, "no-events"),
        (["-o", "x.png"], 2, "unknown-output"),
    ],
)
def test_what_cannot_be_done_is_said(folder, capsys, argv, code, error):
    found, out, err = run(capsys, "funnel", "阶段.csv", "--today", "2026-11-20", *argv)
    assert (found, out) == (code, "")
    assert f"error: {error}" in err or f"错误: {error}" in err


def test_forecast_prints_one_object_with_the_contracts_names(folder, capsys):
    code, out, err = run(capsys, "forecast", "阶段.csv", "--horizon", "30d", "--json", "--today", "2026-11-20")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert {"horizon_days", "expected", "low", "high", "by_stage", "velocity", "backtest", "verdict"} <= set(found)
    assert found["horizon_days"] == 30
    assert found["low"] <= found["expected"] <= found["high"]
    assert len(found["backtest"]["windows"]) >= 3
    run(capsys, "forecast", "阶段.csv", "--horizon", "30d", "-o", "f.json", "--quiet", "--today", "2026-11-20")
    assert json.loads((folder / "f.json").read_text(encoding="utf-8")) == found


def test_a_forecast_that_cannot_be_made_says_so_and_is_no_error(folder, capsys):
    (folder / "k.csv").write_text("步骤,人数\n首页,520\n支付,10\n", encoding="utf-8")
    code, out, _ = run(capsys, "forecast", "k.csv")
    assert (code, "无法预测" in out) == (0, True)
    code, out, _ = run(capsys, "forecast", "k.csv", "--json")
    assert json.loads(out)["expected"] is None


def test_customers_who_sit_too_long_are_masked_and_found_by_their_row(folder, capsys):
    rows = ["客户姓名,创建时间,量房时间,报价时间,是否成交"]
    rows += [f"客户{n},2026-01-01,2026-01-02,2026-01-{3 + n % 5:02d},{'是' if n % 2 else '否'}" for n in range(20)]
    rows += ["张无忌,2026-01-01,2026-01-02,,", "新来的,2026-02-20,2026-02-20,,"]
    (folder / "s.csv").write_text("\n".join(rows), encoding="utf-8")
    _, out, _ = run(capsys, "funnel", "s.csv", "--today", "2026-03-01", "--json")
    found = json.loads(out)
    assert found["input"] == "dated-stages"
    (step,) = [one for one in found["ageing"] if one["stuck"]]
    assert step["customers"] == [{"customer": "张**", "row": 22, "days": 49.0}]
    assert "张无忌" not in out


def book(path, sheets):
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)


def test_a_workbook_of_customers_and_orders_is_none_of_events(folder, capsys):
    customers = [["客户编号", "客户姓名", "跟进阶段", "是否成交"], ["1", "甲", "报价", "否"], ["2", "乙", "签约", "是"]]
    orders = [["客户编号", "商品", "金额", "时间"], ["2", "机器", 500, "2026-01-01"], ["2", "配件", 20, "2026-01-02"]]
    book(folder / "a.xlsx", {"客户": customers, "订单": orders})
    code, out, _ = run(capsys, "funnel", "a.xlsx", "--json")
    assert (code, json.loads(out)["input"]) == (0, "current-stage")


def test_a_workbook_with_one_event_a_sheet_is_a_funnel(folder, capsys):
    sheets = {
        name: [["用户ID", "时间"], *([f"u{number}", f"2026-01-{day:02d}"] for number in range(n))]
        for name, n, day in (("访问", 9, 1), ("注册", 5, 2), ("付款", 2, 3))
    }
    book(folder / "a.xlsx", sheets)
    _, out, _ = run(capsys, "funnel", "a.xlsx", "--json")
    assert [(step["step"], step["n"]) for step in json.loads(out)["total"]["steps"]] == [
        ("访问", 9),
        ("注册", 5),
        ("付款", 2),
    ]


def test_a_large_plain_file_of_events_is_counted_as_a_small_one_is(folder, capsys, monkeypatch):
    rows = ["user_id,event,time,来源"]
    for number in range(300):
        steps = ("home", "cart", "paid")[: 1 + number % 3]
        rows += [
            f"u{number},{step},2026-01-0{1 + place} 10:00:00,{'甲乙'[number % 2]}" for place, step in enumerate(steps)
        ]
    (folder / "e.csv").write_text("\n".join(rows), encoding="utf-8")
    slow = run(capsys, "funnel", "e.csv", "--by", "来源", "--json")
    monkeypatch.setattr(plain, "LARGE", 0)
    assert run(capsys, "funnel", "e.csv", "--by", "来源", "--json") == slow
    assert plain.read_plain(folder / "e.csv") is not None
    (folder / "odd.csv").write_text("user_id,event\nu1,home,too,many\n", encoding="utf-8")
    assert plain.read_plain(folder / "odd.csv") is None
    (folder / "gbk.csv").write_bytes("用户,事件\n甲,乙\n".encode("gb18030"))
    assert plain.read_plain(folder / "gbk.csv") is None


def test_the_next_command_on_the_screen_is_one_that_runs(folder, capsys):
    (folder / "我的 表.csv").write_bytes((folder / "阶段.csv").read_bytes())
    asked = ["funnel", str(folder / "我的 表.csv"), "--today", "2026-11-20", "--lang", "zh", "--map", "负责人=owner"]
    seen = []
    for _ in range(4):
        code, out, err = run(capsys, *asked)
        assert (code, err) == (0, "")
        last = out[out.index("接着：") :].removeprefix("接着：").replace("\\\n", "")
        asked = [*shlex.split(last)[1:], "--today", "2026-11-20"]
        seen.append([word for word in asked if word in ("funnel", "forecast", "--by", "--over")])
    assert seen == [["funnel", "--by"], ["funnel", "--over"], ["funnel", "--by"], ["funnel", "--over"]]


def test_small_groups_are_marked_without_colour_and_only_the_largest_are_on_the_screen(folder, capsys):
    lines = (folder / "阶段.csv").read_text(encoding="utf-8").splitlines()
    many = [lines[0], *(f"{line.rsplit(',', 1)[0]},顾问{number % 30:02d}" for number, line in enumerate(lines[1:]))]
    (folder / "很多.csv").write_text("\n".join(many), encoding="utf-8")
    _, out, _ = run(capsys, "funnel", "很多.csv", "--by", "负责人", "--today", "2026-11-20")
    first = out[out.index("按「负责人」") : out.index("占上一步（人数）")]
    shown = [line for line in first.splitlines() if line.removeprefix("† ").startswith("顾问")]
    assert len(shown) == 20
    assert all(line.startswith("† ") == (int(line.split()[2 if line[0] == "†" else 1]) < 10) for line in shown)
    assert "另有 10 组" in out


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (["--steps", "甲,乙"], "steps-not-in-sheet"),
        (["--by", "来源,负责人,阶段"], "too-many-dimensions"),
        (["--baseline", "广告"], "bad-option"),
        (["--bins", "1,2"], "bad-option"),
        (["--per-step"], "bad-option"),
        (["--window", "7x"], "bad-option"),
        (["--by", "颜色"], "unknown-dimension"),
        (["--by", "来源", "--baseline", "没有"], "no-such-baseline"),
    ],
)
def test_what_cannot_be_asked_is_said_as_wrong_usage(folder, capsys, asked, code):
    result, out, err = run(capsys, "funnel", "阶段.csv", "--today", "2026-11-20", *asked)
    assert (result, out) == (2, "")
    assert code in err.splitlines()[0]


def test_groups_of_one_are_not_listed_as_if_they_could_be_told_apart(folder, capsys):
    _, out, _ = run(capsys, "funnel", "阶段.csv", "--by", "客户编号", "--today", "2026-11-20")
    assert "每组都不到 10 位" in out
    assert out.count("† ") == 3


def test_counts_are_not_forecast(folder, capsys):
    (folder / "计数.csv").write_text("步骤,人数\n首页,520\n下单,10\n", encoding="utf-8")
    code, out, _ = run(capsys, "forecast", "计数.csv")
    assert code == 0
    assert "无法预测：里面只有计数" in out
    assert "–" not in out.splitlines()[0]


def test_a_step_whose_name_has_a_line_break_stays_on_its_line(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [f'K{n},"{step}",2026-0{n + 1}-01' for n in range(4) for step in ("线索", "技术\n答疑", "签约")[: 1 + n % 3]]
    (tmp_path / "log.csv").write_text("\n".join(["客户编号,阶段,进入时间", *rows]), encoding="utf-8")
    code, out, _ = run(capsys, "funnel", "log.csv", "--lang", "zh", "--today", "2026-11-20")
    assert code == 0
    assert re.search(r"^技术 答疑 +\d", out, re.MULTILINE)


REASONS = ["价格过高", "竞争对手的影响"]


def test_groups_of_which_nobody_finished_are_not_ranked_and_it_is_said_why(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    lost = [f"客户{n},1380000{n:04d},深入沟通,否,{REASONS[n % 2]}" for n in range(30)]
    won = [f"客户{n},1380000{n:04d},最终决策,是," for n in range(30, 45)]
    (tmp_path / "客户.csv").write_text(
        "\n".join(["姓名,电话,跟进阶段,是否成交,未成交原因", *lost, *won]), encoding="utf-8"
    )
    code, out, _ = run(capsys, "funnel", "客户.csv", "--by", "未成交原因", "--today", "2026-11-20")
    [head] = [line.split() for line in out.splitlines() if line.startswith("值 ") and "区间" in line]
    assert (code, head) == (0, ["值", "起点", "终点", "走到最后", "区间"])
    assert "有「未成交原因」的客户都没有走到最后" in out
    assert "q 为" in out


def test_channels_say_why_they_have_no_worth(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    rows = ["Ann Marsh,Fair,Won,£1000", "Bob Stone,Fair,Lost,$800", "Cleo Vale,Web,Won,€900", "Dan Frost,Web,Open,£700"]
    (tmp_path / "a.csv").write_text("\n".join(["Name,Source,Stage,Quote", *rows]), encoding="utf-8")
    code, out, _ = run(capsys, "funnel", "a.csv", "--channels", "--lang", "en")
    assert code == 0
    assert "4 amounts are in several currencies (GBP, USD, EUR)" in out
    assert "q: against all other channels" in out
