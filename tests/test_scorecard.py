"""Scorecards: the channel card is exact to its cut-offs, the default card fits any sheet."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from frames import EN, VOCABULARY, ZH, classified, layout
from lostdeals.errors import LostDealsError
from lostdeals.score.card_fields import unread_values
from lostdeals.score.card_file import Scorecard, load_card
from lostdeals.score.doctor import check_card
from lostdeals.score.scorecard import apply_card
from lostdeals.score.why import card_lift

HEADERS = {
    "extra.主营产品": "主营产品",
    "extra.经营模式": "经营模式",
    "company_size": "公司总人数",
    "extra.销售人数": "销售人数",
    "extra.技术人数": "技术人数",
    "extra.注册资金": "注册资金(元)",
    "extra.平时订货": "平时订货金额",
    "extra.有无欠款": "有无欠款",
    "extra.年限": "经营门禁年限",
}
BEST = ["国内中档联网型", "纯器材销售，不做工程", 20, 4, 4, 1_000_000, 10_000, "无", 3]


def channel(*rows, settings=None):
    frame = pd.DataFrame(list(rows), columns=list(HEADERS))
    leads = classified({column: frame[column].tolist() for column in frame})
    card = load_card("channel", VOCABULARY)
    if settings:
        card = type(card)(**{**card.__dict__, "settings": settings})
    return apply_card(card, leads, layout(HEADERS, len(rows)), ZH)


def but(**changes):
    """The best dealer, changed."""
    keys = ["products", "mode", "staff", "sales", "tech", "capital", "order", "arrears", "years"]
    return [changes.get(key, value) for key, value in zip(keys, BEST, strict=True)]


def test_the_best_dealer_reaches_the_maximum_of_twenty():
    carded = channel(BEST)
    assert (carded.total.tolist(), carded.maximum.tolist(), carded.grade.tolist()) == ([20.0], [20.0], ["A"])
    assert carded.notes.tolist() == [None]


def test_funds_count_once_unless_the_setting_sums_them():
    assert channel(BEST, settings={"funds": "sum"}).total.tolist() == [24.0]
    assert channel(but(capital=500_000)).total.tolist() == [20.0]
    assert channel(but(order=None, arrears=None, capital=500_000)).total.tolist() == [18.0]


@pytest.mark.parametrize(
    ("row", "points"),
    [
        (but(products="国外高档"), 18),
        (but(products="国内低端（一体机）"), 17),
        (but(products="国内中档、国外高档"), 18),
        (but(products="多档次"), 18),
        (but(mode="器材销售兼工程"), 19),
        (but(mode="以工程为主"), 18),
        (but(staff=19, sales=4, tech=4), 19),
        (but(staff=9, sales=2, tech=2), 18),
        (but(arrears="有"), 18),
        (but(arrears="资金周转不灵"), 18),
        (but(order=9_999, arrears="有"), 17),
        (but(years=2.9), 18),
        (but(years=2), 18),
        (but(years=1.9), 17),
    ],
)
def test_each_item_scores_as_its_table_says(row, points):
    assert channel(row).total.tolist() == [points]


@pytest.mark.parametrize(
    ("row", "points", "note"),
    [
        (but(staff=25, sales=3, tech=4), 19, "人数"),
        (but(staff=15, sales=1, tech=2), 18, "人数"),
        (but(staff=25, sales=None, tech=None), 19, "不详"),
        (but(order=5_000, arrears="无"), 17, "1 万以下且无欠款"),
    ],
)
def test_what_meets_no_row_falls_to_the_lower_one_with_a_note(row, points, note):
    carded = channel(row)
    assert carded.total.tolist() == [points]
    assert note in carded.notes[0]


def test_the_two_knock_outs_are_c_whatever_the_points():
    carded = channel(but(products="非门禁产品"), but(mode="有项目时顺带做"))
    assert carded.grade.tolist() == ["C", "C"]
    assert "主营不是门禁产品" in carded.notes[0]


def test_the_cut_offs_are_sixteen_and_ten():
    sixteen = but(products="国内低端", years=1, staff=25, sales=3, tech=3)  # 1 + 4 + 3 + 4 + 1 = 13
    carded = channel(
        but(products="国外高档", mode="以工程为主"),  # 2 + 2 + 4 + 4 + 4 = 16
        but(products="国内低端", mode="以工程为主"),  # 15
        but(products="国内低端", mode="以工程为主", staff=9, sales=2, tech=2, years=1),  # 1 + 2 + 2 + 4 + 1 = 10
        but(products="国内低端", mode="以工程为主", staff=9, sales=2, tech=2, years=1, order=9_000, arrears="有"),  # 7
        sixteen,
    )
    assert carded.total.tolist() == [16, 15, 10, 7, 13]
    assert carded.grade.tolist() == ["A", "B", "B", "C", "B"]


def test_a_missing_item_scores_nothing_and_makes_the_grade_provisional():
    carded = channel(but(years=None))
    assert (carded.total.tolist(), carded.grade.tolist()) == ([16.0], ["A"])
    assert carded.notes.tolist() == ["缺少：经营年限，等级为暂定"]


def test_the_default_card_leaves_out_what_the_sheet_does_not_have():
    leads = classified({"intent_class": ["high", "low", None]})
    carded = apply_card(load_card(None, VOCABULARY), leads, layout({"intent": "意向"}, 3), EN)
    assert carded.maximum.tolist() == [25.0, 25.0, 25.0]
    assert carded.share.round(2).tolist() == [1.0, 0.08, 0.0]
    assert carded.grade.tolist() == ["A", "C", "C"]


def test_a_card_without_anything_to_go_by_gives_no_score():
    carded = apply_card(load_card(None, VOCABULARY), classified({"name": ["王小明"]}), layout({"name": "姓名"}, 1), EN)
    assert carded.share.isna().tolist() == [True]
    assert carded.grade.tolist() == [None]


def test_numbers_may_carry_their_unit():
    carded = channel(but(sales="4人", tech="4 人", years="3年"))
    assert carded.total.tolist() == [20.0]


def test_more_contact_lifts_no_customer_who_is_to_be_contacted_rarely():
    columns = {"contact_count": [1.0, 1.0], "stage_class": ["decision", "decision"], "tier": ["low_value", "general"]}
    frame = classified(columns)
    found = apply_card(load_card(None, VOCABULARY), frame, layout({"contact_count": "次数"}, 2), ZH)
    lifts = found.points[found.points["factor"] == "互动频率"]["lift"]
    assert lifts.tolist() == ["", "增加互动"]


@pytest.mark.parametrize("words", [ZH, EN])
def test_a_card_never_proposes_what_speaks_for_the_customer(words):
    columns = {
        "days_since_contact": [20.0, 20.0, 80.0, 200.0],
        "stage_class": ["decision", "in_depth", "decision", "initial"],
        "contact_count": [6.0, 3.0, 6.0, 6.0],
        "intent_class": ["high", "high", "high", "high"],
    }
    found = apply_card(load_card(None, VOCABULARY), classified(columns), layout({"contact_count": "次数"}, 4), words)
    lifts = card_lift(found.points)
    recency, stage = (
        next(words.pick(item["lift"]) for item in load_card(None, VOCABULARY).items if item["key"] == key)
        for key in ("recency", "stage")
    )
    assert lifts.to_dict() == {2: recency, 3: stage}  # of the others all that could be raised is well already


def test_an_unknown_card_names_the_known_ones():
    with pytest.raises(LostDealsError) as stop:
        load_card("chanel", VOCABULARY)
    assert (stop.value.code, tuple(known.key for known in stop.value.values["known"])) == (
        "unknown-card",
        ("channel", "company-background", "default", "intent"),
    )


def test_a_card_of_the_users_own_may_be_a_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'label = { zh = "我的", en = "mine" }\ncutoffs = [{ grade = "A", at = 1 }, { grade = "C", at = 0 }]\n'
        '[[items]]\nkey = "x"\nlabel = { zh = "年限", en = "years" }\nfields = ["age"]\n'
        'rules = [{ points = 1, when = { field = "age", at_least = 18 }, say = { zh = "成年", en = "of age" } }]\n',
        encoding="utf-8",
    )
    carded = apply_card(load_card(str(path), VOCABULARY), classified({"age": [18, 17]}), layout({"age": "年龄"}, 2), EN)
    assert carded.grade.tolist() == ["A", "C"]


OWN = """
label = { zh = "我的", en = "mine" }
unit = "points"
[[cutoffs]]
grade = "好"
at = 3
[[cutoffs]]
grade = "差"
at = 0
[[knockouts]]
grade = "差"
when = { field = "黑名单", is = ["是"] }
say = { zh = "在黑名单上", en = "blacklisted" }
[[items]]
key = "area"
label = { zh = "面积", en = "Area" }
fields = ["店面面积"]
rules = [
  { points = 3, when = { field = "店面面积", at_least = 100, below = 500 }, say = { zh = "100–500 平", en = "100 to 500 m²" } },
  { points = 1, when = { field = "店面面积", known = true }, say = { zh = "其他面积", en = "another area" } },
]
"""


def own(tmp_path, area, listed):
    path = tmp_path / "my.toml"
    path.write_text(OWN, encoding="utf-8")
    headers = {"extra.店面面积": "店面面积（平米）", "extra.黑名单": "黑名单"}
    leads = classified({"extra.店面面积": area, "extra.黑名单": listed})
    return apply_card(load_card(str(path), VOCABULARY), leads, layout(headers, len(area)), ZH)


def test_a_condition_may_name_any_column_by_its_header(tmp_path):
    carded = own(tmp_path, ["99平", "100平", "499", "500", None], ["否", None, "否", "否", "否"])
    assert carded.total.tolist() == [1, 3, 3, 1, 0]
    assert carded.grade.tolist() == ["差", "好", "好", "差", "差"]


def test_a_knock_out_may_name_a_column_by_its_header_too(tmp_path):
    carded = own(tmp_path, ["100"], ["是"])
    assert (carded.grade.tolist(), carded.notes.tolist()) == (["差"], ["在黑名单上"])


def test_signals_of_a_companys_background_are_points():
    headers = {
        "extra.电话线数": "电话线数",
        "address": "公司地址",
        "extra.样板客户": "样板客户",
        "extra.分支机构": "分支机构",
        "extra.注册资金": "注册资金",
    }
    rows = [["20", "中关村大厦12层", "有，某银行", "3", 1_000_000], ["1", "阳光小区3栋", "无", "0", 100_000]]
    frame = pd.DataFrame(rows, columns=list(headers))
    leads = classified({column: frame[column].tolist() for column in frame})
    carded = apply_card(load_card("company-background", VOCABULARY), leads, layout(headers, 2), ZH)
    assert carded.total.tolist() == [20, 2]
    assert carded.grade.tolist() == ["A", "C"]


def outcomes(n=200, seed=0):
    """Intent that tells something, a source that tells nothing, and a stage that repeats the intent."""
    rng = np.random.default_rng(seed)
    intent = rng.choice(["high", "medium", "low"], n)
    won = rng.random(n) < np.select([intent == "high", intent == "medium"], [0.7, 0.4], 0.15)
    stage = np.select([intent == "high", intent == "medium"], ["decision", "in_depth"], "initial")
    return classified(
        {
            "intent_class": intent.tolist(),
            "stage_class": stage.tolist(),
            "source_class": rng.choice(["referral", "event"], n).tolist(),
            "outcome_class": np.where(won, "won", "lost").tolist(),
        }
    )


def test_the_check_up_tells_items_that_separate_from_items_that_do_not():
    leads = outcomes()
    card = load_card(None, VOCABULARY)
    headers = {"intent": "意向", "stage": "阶段", "source": "来源"}
    check = check_card(card, apply_card(card, leads, layout(headers, len(leads)), EN), leads)
    items = {item.item: item for item in check.items}
    assert items["Intent"].low > 0.6
    assert items["Source"].low < 0.5 < items["Source"].high
    assert (items["Intent"].twin, round(items["Intent"].twin_correlation, 2)) == ("Stage", 1.0)
    assert sum(won + lost for _, won, lost in check.grades) == len(leads)


def test_a_cut_off_one_step_lower_moves_those_who_stand_right_below_it():
    headers = {"extra.店面": "店面"}
    leads = classified({"extra.店面": [15.0] * 10 + [16.0] * 10, "outcome_class": ["won", "lost"] * 10})
    raw = {
        "label": {"en": "x"},
        "cutoffs": (("A", 16), ("B", 0)),
        "rule": {"points": 15, "when": {"field": "店面", "below": 16}, "say": {"en": "15"}},
    }
    rules = [raw["rule"], {"points": 16, "when": {"field": "店面", "known": True}, "say": {"en": "16"}}]
    item = {"key": "x", "label": {"en": "x"}, "fields": ["店面"], "rules": rules}
    card = Scorecard("x", raw["label"], "zero", "points", raw["cutoffs"], (item,), (), {}, {})
    check = check_card(card, apply_card(card, leads, layout(headers, 20), EN), leads)
    (edge,) = check.edges
    assert (edge.on_edge, edge.moved, edge.moved_won) == (10, 10, 5)
    assert edge.callable == tuple((lead, 15.0) for lead in range(1, 10, 2))


def test_those_right_below_a_cut_off_are_named_open_ones_first_nearest_first_and_never_invalid_ones():
    outcomes = ["won", "lost"] * 8 + ["open", "open", "invalid"]
    percents = [70.0] * 14 + [78.0, 77.0, 76.0, 79.0, 79.0]
    leads = classified({"intent": ["高"] * len(outcomes), "outcome_class": outcomes})
    card = load_card(None, VOCABULARY)
    carded = apply_card(card, leads, layout({"intent": "意向"}, len(leads)), EN)
    carded = replace(carded, share=pd.Series(percents) / 100, grade=pd.Series(["B"] * len(leads)))
    best = check_card(card, carded, leads).edges[0]
    assert (best.grade, best.on_edge, best.moved_won) == ("A", 4, 1)
    assert best.callable == ((17, 79.0), (16, 76.0), (15, 77.0))


def test_a_sheet_with_few_outcomes_judges_no_card():
    leads = outcomes(8)
    card = load_card(None, VOCABULARY)
    assert check_card(card, apply_card(card, leads, layout({"intent": "意向"}, 8), EN), leads) is None


TEXTS = """
label = "mine"
[[cutoffs]]
grade = "A"
at = 3
[[cutoffs]]
grade = "B"
at = 0
[fields.mode]
kind = "words"
headers = ["经营模式", "business model"]
[[items]]
label = "Model"
rules = [
  { points = 3, when = { field = "mode", is = ["直营", "Own shops"] }, say = "own" },
  { points = 2, when = { field = "mode", has = ["加盟"] }, say = "franchise" },
  { points = 1, when = { field = "mode", known = true }, say = "other" },
]
"""


def texts_card(tmp_path, values, header):
    path = tmp_path / "texts.toml"
    path.write_text(TEXTS, encoding="utf-8")
    leads = classified({"extra.x": values})
    card = load_card(str(path), VOCABULARY)
    return card, leads, layout({"extra.x": header}, len(values))


@pytest.mark.parametrize("header", ["经营模式", "Business Model"])
def test_words_without_a_list_are_compared_as_they_stand(tmp_path, header):
    values = ["直营", " own shops", "ＯＷＮ SHOPS", "加盟、代理", "代理", None]
    carded = apply_card(*texts_card(tmp_path, values, header), EN)
    assert carded.total.tolist() == [3, 3, 3, 2, 1, 0]
    assert carded.points["say"].tolist() == ["own", "own", "own", "franchise", "other"]


def test_an_item_that_the_sheet_has_no_column_for_is_named(tmp_path):
    assert apply_card(*texts_card(tmp_path, ["直营"], "经营模式"), EN).absent == ()
    assert apply_card(*texts_card(tmp_path, ["直营"], "渠道"), EN).absent == ("Model",)


def test_values_that_the_words_of_a_card_do_not_cover_are_counted():
    card = load_card("channel", VOCABULARY)
    leads = classified({"extra.m": ["直营", "直营", "连锁", "纯销售", None]})
    sheet = layout({"extra.m": "经营模式"}, 5)
    assert unread_values(card, leads, sheet) == [("经营模式", 3, ("直营", "连锁"))]
    assert "经营模式" not in "".join(apply_card(card, leads, sheet, ZH).absent)


def test_the_check_up_does_not_blame_a_card_for_what_only_lost_customers_have():
    leads = outcomes()
    reasons = np.where(leads["outcome_class"] == "lost", "timing", None)
    leads = leads.assign(reason_class=reasons, main_reason=reasons)
    card = load_card(None, VOCABULARY)
    headers = {"intent": "意向", "stage": "阶段", "source": "来源"}
    with_reasons = check_card(card, apply_card(card, leads, layout(headers, len(leads)), EN), leads)
    without = leads.assign(reason_class=None, main_reason=None)
    plain = check_card(card, apply_card(card, without, layout(headers, len(leads)), EN), without)
    assert (with_reasons.one_sided, plain.one_sided) == (("Loss reason",), ())
    assert with_reasons.auc == pytest.approx(plain.auc)
