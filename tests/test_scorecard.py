"""Scorecards: the channel card is exact to its cut-offs, the default card fits any sheet."""

import pandas as pd
import pytest

from frames import EN, VOCABULARY, ZH, classified, layout
from lostdeals.errors import LostDealsError
from lostdeals.score.scorecard import apply_card, load_card

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


def test_an_unknown_card_names_the_known_ones():
    with pytest.raises(LostDealsError) as stop:
        load_card("chanel", VOCABULARY)
    assert (stop.value.code, stop.value.values["known"]) == (
        "unknown-card",
        "channel, company-background, default, intent",
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
