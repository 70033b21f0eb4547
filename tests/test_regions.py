"""Where customers are: what a cell, a row and a sheet tell, and nothing that they do not."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from frames import EN, VOCABULARY, ZH, classified, layout, options
from lostdeals import schema
from lostdeals.analyse import resolve_dimension
from lostdeals.classify import classify
from lostdeals.classify.places import Where, place_reader
from lostdeals.classify.region import read_regions
from lostdeals.errors import LostDealsError
from lostdeals.vocab import load
from lostdeals.vocab.gazetteer import gazetteer
from lostdeals.vocab.loading import HERE

CASES = tomllib.loads((Path(__file__).parent / "cases" / "regions.toml").read_text(encoding="utf-8"))
READER = place_reader(VOCABULARY)


def written(place):
    return "/".join(part or "" for part in place).rstrip("/")


def regions(columns, headers=None, lang="zh"):
    """The places of a frame whose headers are its keys unless others are given."""
    sheet = layout({key: key for key in columns} | (headers or {}), len(next(iter(columns.values()))))
    return read_regions(pd.DataFrame(columns, dtype=object), sheet if lang == "zh" else english(sheet), VOCABULARY)


def english(sheet):
    return type(sheet)(sheet.header_rows, sheet.columns, sheet.rows, "en")


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param(*case, id=case[0]) for cases in CASES["text"].values() for case in cases]
)
def test_a_cell_is_a_place_as_far_as_it_is_certain(text, expected):
    assert expected == written(READER.read(text))


@pytest.mark.parametrize("case", CASES["row"], ids=lambda case: " ".join(case["cells"].values()))
def test_the_columns_of_a_row_are_read_together(case):
    columns, headers = {}, {}
    for header, cell in case["cells"].items():
        role = "address" if header in ("地址", "Address") else "region"
        taken = sum(schema.role_of(key) == role for key in columns)
        key = f"{role}.{taken + 1}" if taken else role
        columns[key], headers[key] = [cell], header
    places, _ = regions(columns, headers)
    assert case["is"] == written(places.loc[0, ["country", "province", "city", "district"]])


def test_every_row_gets_its_tier_and_market():
    places, _ = regions(
        {"region": ["上海", "杭州西湖", "昆山", "潍坊", "拉萨", "广东", "香港", "美国", "海外", "欧洲", None, "火星"]}
    )
    assert places["city_tier"].tolist() == [
        *("first", "new_first", "new_first", "second", "third_or_lower", None, None, None, None, None, None, None)
    ]
    assert places["market"].tolist() == [*["domestic"] * 7, *["international"] * 3, None, None]


def test_the_region_is_a_province_in_china_and_elsewhere_as_written():
    columns = {
        "region": ["江苏省苏州市", "浦东", None, "Texas", None, "朝阳区"],
        "address": [None, None, "深圳市南山区科技路1号", None, None, None],
    }
    places, _ = regions(columns)
    assert places["region_class"].tolist() == ["江苏", "上海", "广东", "Texas", None, "朝阳区"]


def test_domestic_is_the_country_of_most_customers_where_the_language_does_not_say():
    places, home = regions({"region": ["Texas", "USA", "Chicago", "Germany", "overseas", None]}, lang="en")
    assert home == "US"
    assert places["market"].tolist() == [*["domestic"] * 3, *["international"] * 2, None]


def test_without_a_majority_only_overseas_is_another_market():
    places, home = regions({"region": ["Texas", "Germany", "overseas"]}, lang="en")
    assert home is None
    assert places["market"].tolist() == [None, None, "international"]


def test_the_home_country_of_an_english_sheet_can_be_told(tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text('[places.words.home]\nsheet_en = "CN"\n', encoding="utf-8")
    leads = pd.DataFrame({"region": ["USA", "USA", "Shanghai", "Europe"]}, dtype=object)
    places, home = read_regions(leads, english(layout({"region": "Country"}, 4)), load(own))
    assert home is None
    assert places["market"].tolist() == ["international", "international", "domestic", "international"]


def test_an_inferred_home_is_a_finding():
    leads = classified({"region": ["USA", "Texas", "Germany"]}).drop(columns=list(schema.CLASSES))
    result = classify(leads, english(layout({"region": "Country"}, 3)), VOCABULARY, options())
    found = [finding for finding in result.findings if finding.code == "home-market"]
    assert [(finding.count, finding.values["country"]) for finding in found] == [(2, "US")]


def test_places_are_never_taken_from_notes():
    leads = classified({"notes": ["在上海出差，回头联系", "搬去深圳了"], "name": ["王朝阳", "李海南"]})
    places, _ = read_regions(leads, layout({"notes": "备注", "name": "姓名"}, 2), VOCABULARY)
    assert places.isna().all(axis=None)


def test_a_sheet_without_regions_has_none():
    leads = classified({"name": ["王小明"]}).drop(columns=list(schema.CLASSES))
    result = classify(leads, layout({"name": "姓名"}, 1), VOCABULARY, options())
    assert result.leads[list(schema.PLACES)].iloc[0].tolist() == [None] * len(schema.PLACES)


def test_a_place_of_the_users_own_is_read(tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text('[places.words.means.mine]\n"老厂区" = "江苏/无锡/老厂区"\n', encoding="utf-8")
    assert place_reader(load(own)).read("老厂区") == Where("CN", "江苏", "无锡", "老厂区")


def test_a_place_of_the_users_own_that_lies_nowhere_is_an_error(tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text('[places.words.means.mine]\n"老厂区" = "火星/老厂区"\n', encoding="utf-8")
    with pytest.raises(LostDealsError) as stop:
        gazetteer(load(own))
    assert (stop.value.code, stop.value.values["reason"]) == ("vocab-unreadable", "老厂区 = '火星/老厂区'")


@pytest.mark.parametrize(
    ("part", "key", "zh", "en"),
    [
        ("country", "CN", "中国", "China"),
        ("country", "US", "美国", "United States"),
        ("province", "陕西", "陕西", "Shaanxi"),
        ("province", "California", "加利福尼亚州", "California"),
        ("city", "西安", "西安", "Xi'an"),
        ("city", "Paris", "巴黎", "Paris"),
        ("district", "昆山市", "昆山市", "Kunshan"),
        ("region", "江苏", "江苏", "Jiangsu"),
        ("region", "Northwest", "Northwest", "Northwest"),
        ("city_tier", "new_first", "新一线", "New first tier"),
        ("market", "international", "国际", "International"),
    ],
)
def test_a_place_is_shown_in_the_readers_language(part, key, zh, en):
    assert ZH.label(part, key) == zh
    assert EN.label(part, key) == en


@pytest.mark.parametrize(
    ("by", "name"),
    [
        *[("city_tier", "city_tier"), ("城市等级", "city_tier"), ("City tier", "city_tier"), ("market", "market")],
        *[("province", "province"), ("省份", "province"), ("城市", "city"), ("区县", "district"), ("国家", "country")],
    ],
)
def test_a_funnel_can_be_split_by_place(by, name):
    leads = classified({"region": ["浙江杭州西湖", "海外"], **{place: [place, None] for place in schema.PLACES}})
    found, values = resolve_dimension(by, leads, layout({"region": "所在地"}, 2), VOCABULARY)
    assert (found, values.tolist()) == (name, [name, None])


def test_a_header_of_the_sheet_comes_before_the_place_of_that_name():
    leads = classified({"region": ["杭州市"], "city": ["杭州"]})
    found, values = resolve_dimension("城市", leads, layout({"region": "城市"}, 1), VOCABULARY)
    assert (found, values.tolist()) == ("region", ["杭州市"])


# --------------------------------------------------------------------------------------------------- the tables


def test_the_table_of_divisions_is_complete():
    places = gazetteer(VOCABULARY).places
    china = next(number for number, place in enumerate(places) if place.key == "CN")
    inside = [place for place in places if place.path[:1] == (china,)]
    count = [sum(place.level == level for place in inside) for level in range(1, 5)]
    assert count[:2] == [1, 34]
    assert count[2] >= 333
    assert count[3] >= 2_800


def test_every_tier_names_cities_of_the_table():
    places = gazetteer(VOCABULARY).places
    ranked = {place.key for place in places if place.ranked}
    tiers = VOCABULARY.section("places/tiers")["cities"]
    assert {tier: len(names) for tier, names in tiers.items()} == {"first": 4, "new_first": 15, "second": 30}
    assert {name for names in tiers.values() for name in names} - ranked == set()


def test_every_official_name_stands_for_its_place_or_for_several():
    known, unclear = gazetteer(VOCABULARY), set(VOCABULARY.section("places/words")["unclear"]["words"])
    lines = (HERE / "places" / "divisions.tsv").read_text(encoding="utf-8").splitlines()
    names = {line.split("\t")[1] for line in lines if not line.startswith("#")} - unclear
    unread = {name for name in names if not known.shared([n for one in READER.named(name) for n in one.first])}
    assert unread == set()
