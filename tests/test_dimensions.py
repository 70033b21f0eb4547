"""Every dimension of the vocabulary: words, bands, rules, what gave each label, and what nobody could place."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from frames import VOCABULARY, ZH, classified, layout, options
from lostdeals.analyse import resolve_dimension
from lostdeals.classify import classify, dimensions, unmatched
from lostdeals.classify.derived import with_derived
from lostdeals.classify.dimensions import DimensionReader, classify_dimension
from lostdeals.schema import class_column
from lostdeals.vocab import Vocabulary
from lostdeals.write.basis import basis, reason_of

CASES = tomllib.loads((Path(__file__).parent / "cases" / "dimensions.toml").read_text(encoding="utf-8"))
TODAY = pd.Timestamp("2026-11-20").date()


@pytest.mark.parametrize(
    ("dimension", "text", "expected"),
    [
        pytest.param(dimension, text, expected, id=f"{dimension}: {text}")
        for dimension, categories in CASES.items()
        for expected, texts in categories.items()
        for text in texts
    ],
)
def test_a_text_says_what_category_it_is(dimension, text, expected):
    assert expected == (DimensionReader(VOCABULARY, dimension).one(text) or "none")


def found(dimension, columns, vocabulary=VOCABULARY):
    leads = with_derived(classified(columns), vocabulary, TODAY)
    return classify_dimension(leads, dimension, vocabulary)


def test_an_age_band_begins_with_its_own_number_and_a_birthday_will_do():
    ages = {"age": [17.0, 18.0, 34.0, 35.0, 65.0, None, None], "birthday": [*[None] * 5, "1990-11-21", "1990-11-20"]}
    result = found("age_band", ages)
    assert result["category"].tolist() == ["under-18", "18-24", "25-34", "35-44", "65-plus", "35-44", "35-44"]
    assert set(result["by"]) == {"age_years"}


def test_the_size_of_a_company_follows_the_standard_by_staff():
    result = found("company_size", {"company_size": [19.0, 20.0, 299.0, 300.0, 999.0, 1000.0, None]})
    assert result["category"].tolist() == ["micro", "small", "small", "medium", "medium", "large", None]


@pytest.mark.parametrize(
    ("dimension", "expected", "row"),
    [
        ("frequency", "high", {"purchase_count": 5}),
        ("frequency", "medium", {"purchase_count": 2}),
        ("frequency", "low", {"purchase_count": 1}),
        ("frequency", None, {"purchase_count": 0}),
        ("trading", "lapsed", {"purchase_count": 9, "last_purchase_at": "2026-01-05"}),
        ("trading", "frequent", {"purchase_count": 3, "last_purchase_at": "2026-11-05"}),
        ("trading", "new", {"purchase_count": 1, "last_purchase_at": "2026-11-05"}),
        ("trading", None, {"purchase_count": 0}),
        ("relation", "existing", {"purchase_count": 2}),
        ("relation", "new", {"purchase_count": 0}),
        ("relation", "existing", {"source_class": "existing"}),
        ("relation", None, {"source_class": "search"}),
        ("life_stage", "loyal", {"purchase_count": 3}),
        ("life_stage", "purchase", {"outcome_class": "won"}),
        ("life_stage", "interest", {"stage_class": "in_depth"}),
        ("life_stage", "first_contact", {"stage_class": "initial"}),
        ("life_stage", None, {}),
        ("buyer", "real", {"stage_class": "decision", "intent_class": "medium"}),
        ("buyer", None, {"stage_class": "decision", "intent_class": "low"}),
        ("importance", "key", {"value_class": "high", "intent_class": "high"}),
        ("importance", "potential", {"value_class": "medium"}),
        ("importance", "general", {"outcome_class": "won"}),
        ("value", "high", {"intent_class": "high", "contact_count": 5}),
        ("value", "medium", {"intent_class": "medium", "contact_count": 3}),
        ("behaviour", "active", {"time_on_site": 300}),
        ("company_kind", "sme", {"company_size": 50}),
    ],
)
def test_a_rule_decides_where_no_word_does(dimension, expected, row):
    assert found(dimension, {column: [value] for column, value in row.items()} | {"src_row": [2]})[
        "category"
    ].tolist() == [expected]


def test_high_intent_alone_makes_nobody_a_high_value_customer():
    row = {"intent_class": ["high"], "value_class": ["high"], "by_value": ["keen-and-often-in-touch"]}
    assert found("tier", row)["category"].tolist() == ["potential"]
    assert found("tier", {**row, "by_value": ["top-fifth-by-amount"]})["category"].tolist() == ["high_value"]


def test_ratings_are_read_on_the_scale_of_their_column():
    five = found("feedback", {"feedback": ["5", "4分", "3", "2星", "1", "满意", None]})
    assert five["category"].tolist() == [
        *("satisfied", "satisfied", "neutral", "dissatisfied", "dissatisfied", "satisfied", None),
    ]
    ten = found("feedback", {"feedback": ["9", "8/10", "5", "2"]})
    assert ten["category"].tolist() == ["satisfied", "satisfied", "neutral", "dissatisfied"]


def whole(columns, headers, changes=None, vocabulary=VOCABULARY):
    leads = classified(columns).drop(columns=["outcome_class"])
    return classify(leads, layout(headers, len(leads)), vocabulary, options(), changes).leads


def test_what_a_number_column_says_in_words_is_not_lost():
    changes = pd.DataFrame(
        [(0, "income", "numbers", "高", None), (1, "company_size", "numbers", "大型企业", None)],
        columns=["lead", "column", "rule", "before", "after"],
    )
    leads = whole(
        {"income": [None, 8000.0], "company_size": [50.0, None]}, {"income": "收入", "company_size": "规模"}, changes
    )
    assert leads["income_level_class"].tolist() == ["high", None]
    assert leads["company_size_class"].tolist() == ["small", "large"]
    assert leads["by_company_size"].tolist() == ["company_size", "大型企业@company_size"]


def test_every_label_says_what_gave_it():
    columns = {"industry": ["机械厂"], "age": [30.0], "purchase_count": [4.0], "tier_override": [None]}
    leads = whole(columns, {"industry": "所属行业", "age": "年龄", "purchase_count": "购买次数"})
    told = basis(leads, layout({"industry": "所属行业"}, 1), ZH).tolist()[0].split("; ")
    assert "行业: 「机械」（所属行业）" in told
    assert "年龄段: 按年龄" in told
    assert "客户分层: 购买 3 次及以上；或价值高而意愿不低" in told


def test_a_tier_chosen_by_hand_wins_and_is_shown_as_such():
    leads = whole({"purchase_count": [4.0, 4.0], "tier_override": ["一般客户", None]}, {"purchase_count": "购买次数"})
    assert leads["tier"].tolist() == ["general", "high_value"]
    assert [reason_of(code, "tier", layout({}, 2), ZH) for code in leads["by_tier"]] == [
        "手工指定",
        "购买 3 次及以上；或价值高而意愿不低",
    ]


def test_a_rule_of_the_users_own_is_tried_first_and_one_of_the_same_name_takes_its_place():
    own = Vocabulary(
        {
            "dimensions": {
                "importance": {
                    "rules": [
                        {"name": "our-trade", "is": "key", "when": {"field": "industry_class", "is": ["energy"]}},
                        {"name": "could-grow", "is": "general", "when": {"field": "value_class", "is": ["medium"]}},
                    ]
                }
            }
        }
    )
    rows = {"industry_class": ["energy", None], "value_class": ["medium", "medium"]}
    assert found("importance", rows, own)["category"].tolist() == ["key", "general"]
    assert found("importance", rows)["category"].tolist() == ["potential", "potential"]


def test_a_new_block_is_a_new_dimension_everywhere():
    own = Vocabulary(
        {
            "dimensions": {
                "channel_kind": {
                    "label": {"zh": "渠道性质", "en": "Channel kind"},
                    "roles": ["source"],
                    "categories": {"paid": {"label": {"zh": "付费", "en": "Paid"}, "words": ["投放"]}},
                }
            }
        }
    )
    assert "channel_kind" in dimensions(own)
    leads = whole({"source": ["抖音投放", "转介绍"]}, {"source": "来源"}, vocabulary=own)
    assert leads["channel_kind_class"].tolist() == ["paid", None]
    name, values = resolve_dimension("渠道性质", leads, layout({"source": "来源"}, 2), own)
    assert (name, values.tolist()) == ("channel_kind", ["paid", None])


def test_a_class_can_be_asked_for_beside_the_column_of_its_name():
    leads = whole({"industry": ["机械厂", "面馆餐饮"]}, {"industry": "行业"})
    sheet = layout({"industry": "行业"}, 2)
    assert resolve_dimension("industry", leads, sheet, VOCABULARY)[1].tolist() == ["机械厂", "面馆餐饮"]
    assert resolve_dimension("industry_class", leads, sheet, VOCABULARY)[1].tolist() == ["manufacturing", "hospitality"]


def test_values_that_no_word_knows_are_counted():
    leads = whole({"industry": ["机械", "Z9", "Z9", "Q7", None]}, {"industry": "行业"})
    assert unmatched(leads, "industry", VOCABULARY).values.tolist() == [
        ["industry", "industry", "Z9", 2],
        ["industry", "industry", "Q7", 1],
    ]
    assert unmatched(leads, "tier", VOCABULARY).empty


def test_nothing_is_guessed_of_a_sheet_that_says_nothing():
    leads = whole({"name": ["王小明", "李雷"]}, {"name": "姓名"})
    known = {name for name in dimensions(VOCABULARY) if leads[class_column(name)].notna().any()}
    assert known <= {"tier", "party"}


@pytest.mark.parametrize("dimension", dimensions(VOCABULARY))
def test_every_rule_has_a_name_of_its_own_and_is_said_in_both_languages(dimension):
    section = VOCABULARY.section("dimensions")[dimension]
    rules = section.get("rules", [])
    assert len({rule["name"] for rule in rules}) == len(rules)
    assert all(rule["say"].keys() >= {"zh", "en"} and rule["is"] in section["categories"] for rule in rules)
