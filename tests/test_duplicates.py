"""Duplicates: which rows are one customer, which are not, what is said of them, and what is never decided."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostdeals.clean import merged, pairs
from lostdeals.clean.duplicates import MARKED, OFFERED
from lostdeals.clean.matching.blocking import candidates
from lostdeals.clean.matching.fields import Field, tells_people_apart
from lostdeals.clean.matching.forms import Sounds
from lostdeals.clean.matching.groups import connected
from lostdeals.clean.matching.tokens import Tokens
from lostdeals.model import Options
from lostdeals.pipeline.prepare import prepare
from lostdeals.read import read_book
from lostdeals.stats.copies import clashes, customer_of
from lostdeals.vocab import Words, load
from test_clean import codes, column, run

CASES: dict[str, list[dict[str, dict[str, str]]]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "duplicates.toml").read_text(encoding="utf-8")
)
FAKE = Path(__file__).parents[2] / "shared" / "data" / "splink" / "fake_1000.csv"
FIRST, SECOND = 11, 32
"""Where the two records of a case stand among the others."""


def others(roles: list[str], n: int = 40) -> dict[str, list[Any]]:
    """Made-up customers of whom no two are one, with these roles, every tenth cell blank."""
    rng = np.random.default_rng(3)
    han = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
    trees = [
        "Alder",
        "Birch",
        "Cedar",
        "Dogwood",
        "Elm",
        "Fir",
        "Ginkgo",
        "Hazel",
        "Ironwood",
        "Juniper",
        "Larch",
        "Maple",
        "Nutmeg",
        "Oak",
        "Pine",
        "Rowan",
    ]

    def characters(row: int) -> str:
        return chr(0x4E00 + 53 * row + 900) + chr(0x4E00 + 77 * row + 300)

    make = {
        "name": lambda row: han[row % 32] + characters(row) if row % 2 else f"{trees[row % 16]} {trees[row * 7 % 16]}s{row}",
        "company": lambda row: f"{characters(row)}商贸有限公司" if row % 2 else f"{trees[row % 16]}{row} Trading Ltd",
        "deal": lambda row: f"{characters(row)}改造" if row % 2 else f"{trees[row * 3 % 16]} fit-out",
        "phone": lambda row: f"1770{rng.integers(10**6, 10**7)}",
        "email": lambda row: f"{trees[row % 16].lower()}{rng.integers(10**5)}@host{row % 7}.example",
        "wechat": lambda row: f"wx_{rng.integers(10**8)}",
        "website": lambda row: f"{trees[row % 16].lower()}{row}.example",
        "id": lambda row: f"KH{row + 20000}",
        "address": lambda row: f"样例市{han[row % 32]}家路{row + 100}号" if row % 2 else f"{row + 20} {trees[row * 5 % 16]} Way",
        "region": lambda row: ["上海", "北京", "广州", "Leeds", "York", "London", "Derby", "南京"][row % 8],
        "birthday": lambda row: f"{1950 + row}-{row % 12 + 1:02d}-{row % 28 + 1:02d}",
        "gender": lambda row: "男女"[row % 2],
    }  # fmt: skip
    return {role: [None if row % 10 == 9 else make[role](row) for row in range(n)] for role in roles}


def chance(case: dict[str, dict[str, str]]) -> tuple[float, bool]:
    """The score of the two records of a case among others, 0 where they are not listed; and whether they are marked."""
    roles = list({**case["a"], **case["b"]})
    cells = others(roles)
    for role in roles:
        cells[role].insert(FIRST, case["a"].get(role))
        cells[role].insert(SECOND, case["b"].get(role))
    leads = run(**cells).leads
    listed = pairs(leads)
    both = listed[(listed["row_a"] == FIRST + 2) & (listed["row_b"] == SECOND + 2)]
    groups = customer_of(leads)
    return (float(both["score"].iloc[0]) if len(both) else 0.0), groups[FIRST] == groups[SECOND]


def named(case: dict[str, dict[str, str]]) -> str:
    return " = ".join(" ".join(record.values()) for record in (case["a"], case["b"]))


@pytest.mark.parametrize("case", CASES["same"], ids=named)
def test_two_records_of_one_customer_are_marked(case):
    score, marked = chance(case)
    assert (score >= MARKED, marked) == (True, True)


@pytest.mark.parametrize("case", CASES["offered"], ids=named)
def test_a_likely_pair_is_listed(case):
    assert chance(case)[0] >= OFFERED


@pytest.mark.parametrize("case", CASES["different"], ids=named)
def test_two_customers_stay_two(case):
    assert chance(case)[1] is np.False_


def test_the_reasons_are_said_in_both_languages_the_weightiest_first() -> None:
    cells = {"phone": ["19900000001"] * 2, "name": ["王建国", "王建过"], "birthday": ["1990-01-01", "1971-05-05"]}
    padding = others(list(cells))
    leads = run(**{role: cells[role] + padding[role] for role in cells}).leads
    assert pairs(leads, lang="zh")["why"].iloc[0].split("；") == ["电话相同", "姓名相似 0.82", "生日不同"]
    assert pairs(leads, lang="en")["why"].iloc[0].split("; ") == ["same phone", "name 0.82 alike", "different birthday"]


def test_pairs_name_the_files_own_rows_and_lie_between_a_half_and_one() -> None:
    listed = pairs(run(phone=["19900000001", "19900000077", "19900000001"], name=["王芳", "李雷", "王芳"]).leads)
    assert list(listed.columns) == ["row_a", "row_b", "score", "why"]
    assert listed[["row_a", "row_b"]].to_numpy().tolist() == [[2, 4]]
    assert listed["score"].between(OFFERED, 1).all()


def test_a_name_and_a_city_are_listed_and_not_marked() -> None:
    case = {"a": {"name": "张伟", "region": "上海"}, "b": {"name": "张伟", "region": "上海"}}
    score, marked = chance(case)
    assert (score >= OFFERED, bool(marked)) == (True, False)


@given(st.integers(1, 12), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=14))
def test_rows_are_of_one_group_where_pairs_lead_from_one_to_the_other(n, pairs) -> None:
    pairs = [(a % n, b % n) for a, b in pairs]
    first, second = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    reach = np.eye(n, dtype=bool)
    reach[first, second] = reach[second, first] = True
    for between in range(n):
        reach |= reach[:, [between]] & reach[between]
    group = connected(first, second, n)
    assert np.array_equal(group[:, None] == group, reach)
    assert sorted(set(group.tolist())) == list(range(group.max() + 1))


def test_a_chain_does_not_join_those_who_contradict_each_other() -> None:
    # The second row has the number of one and the address of the other
    cells = {
        "name": ["王建国", "王建国", "赵思雨"],
        "phone": ["19900000001", "19900000001", "19900000088"],
        "email": ["wjg@sample.example", "zsy@sample.example", "zsy@sample.example"],
        "birthday": ["1960-01-01", None, "1999-09-09"],
        "address": ["样例市东路1号", None, "样例市西路222号"],
    }
    padding = others(list(cells))
    leads = run(**{role: cells[role] + padding[role] for role in cells}).leads
    groups = customer_of(leads)
    assert groups[0] != groups[2]
    assert groups[0] == groups[1]


def test_a_shared_number_joins_nobody_even_beside_real_copies() -> None:
    names = [f"{name}家" for name in "赵钱孙李周吴郑王冯陈褚卫"]
    cleaned = run(phone=["021-60000021"] * 12 + ["19900000001"] * 2, name=[*names, "王建国", "王建国"])
    assert column(cleaned, "duplicate_of") == [None] * 12 + [None, 12.0]
    assert "shared-contact" in codes(cleaned)


def test_a_truth_or_row_number_column_tells_nothing() -> None:
    group = pd.Series([str(number // 2) for number in range(200)], dtype=object)
    assert not tells_people_apart(group)
    assert not tells_people_apart(pd.Series([f"R-{number}" for number in range(200)], dtype=object))
    assert not tells_people_apart(pd.Series(["a", "b"] * 100, dtype=object))
    assert tells_people_apart(pd.Series([f"{10_000 + 137 * number % 7919}" for number in range(100)] * 2, dtype=object))


def test_a_large_block_gives_no_more_pairs_than_a_few_per_row() -> None:
    n = 20_000
    rng = np.random.default_rng(1)
    same = Field("name", "text", np.zeros(n, np.int64), np.array(["王芳"], dtype=object))
    city = Field("region", "text", rng.integers(0, 3, n), np.array(["上海", "北京", "广州"], dtype=object))
    sounds = {one.key: one.texts for one in (same, city)}
    assert len(candidates([same, city], {}, sounds, n)) <= 10 * n


def test_owners_who_work_on_one_customer_are_told() -> None:
    cleaned = run(
        phone=["19900000001", "19900000001", "19900000002", "19900000002"],
        name=["王芳", "王芳", "李雷", "李雷"],
        owner=["销售甲", "销售乙", "销售甲", "销售甲"],
    )
    assert clashes(cleaned.leads).to_dict("records") == [
        {"kept": 0, "records": 2, "rows": "2; 3", "customer": "王芳", "owners": "销售甲; 销售乙"}
    ]
    (found,) = [one for one in cleaned.findings if one.code == "owner-clash"]
    assert (found.count, found.first, found.values["sample"]) == (1, "客户!owner2", "销售甲; 销售乙")
    assert [Words(load(), lang).finding(found) for lang in ("zh", "en")] == [
        "1 位客户由不同的人在跟（撞单），首个：客户!owner2「销售甲; 销售乙」",
        "1 customer is worked on by more than one person, at 客户!owner2 “销售甲; 销售乙”",
    ]


def test_without_an_owner_or_copies_there_is_no_clash() -> None:
    assert clashes(run(phone=["19900000001"] * 2, name=["王芳"] * 2).leads).empty
    assert clashes(run(phone=["19900000001", "19900000002"], owner=["甲", "乙"]).leads).empty


def test_merging_fills_blanks_from_the_latest_copy_and_changes_nothing_else() -> None:
    cleaned = run(
        phone=["19900000001"] * 3 + ["19900000444"],
        name=["王芳", "王芳", "王芳", "李雷"],
        company=["甲样例公司", None, None, None],
        email=[None, "old@sample.example", "new@sample.example", None],
        region=["上海", None, None, "北京"],
        updated_at=["2024-03-01", "2024-01-01", "2024-02-01", "2024-01-01"],
        do_not_contact=["否", "否", "是", None],
    )
    before = cleaned.leads.copy()
    one, other = merged(cleaned.leads).to_dict("records")
    assert (one["src_row"], one["company"], one["email"], one["region"]) == (
        2,
        "甲样例公司",
        "new@sample.example",
        "上海",
    )
    assert one["do_not_contact"] is True
    assert (other["src_row"], other["name"], other["email"]) == (5, "李雷", None)
    pd.testing.assert_frame_equal(cleaned.leads, before)
    assert merged(cleaned.leads).dtypes.to_dict() == cleaned.leads.dtypes.to_dict()


def test_cleaning_twice_marks_the_same_rows() -> None:
    cells = others(["name", "phone", "birthday"])
    cells = {role: [*values, *values[:5]] for role, values in cells.items()}
    once = run(**cells)
    again = run(**{role: once.leads[role].tolist() for role in cells})
    assert column(once, "duplicate_of") == column(again, "duplicate_of")
    assert once.leads["duplicate_of"].notna().sum() == 5


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_a_sheet_of_hardly_any_rows_is_no_trouble(rows) -> None:
    leads = run(name=["王芳"] * rows, phone=["19900000001"] * rows).leads if rows else run(name=[]).leads
    assert len(pairs(leads)) == (rows == 2)
    assert len(merged(leads)) == min(rows, 1)


@pytest.mark.skipif(not FAKE.is_file(), reason="the real sheets are not here")
def test_people_with_damaged_fields_are_found_with_no_settings(tmp_path) -> None:
    sheet = pd.read_csv(FAKE, dtype=str)
    sheet.drop(columns=["cluster", "unique_id"]).to_csv(tmp_path / "people.csv", index=False)
    ready = prepare(read_book(tmp_path / "people.csv"), load(), Options(today=datetime.date(2026, 11, 20)))
    ours, truth = (np.asarray(groups)[:, None] for groups in (customer_of(ready.cleaned.leads), sheet["cluster"]))
    upper = np.triu_indices(len(sheet), 1)
    found, true = (ours == ours.T)[upper], (truth == truth.T)[upper]
    assert 2 * (found & true).sum() / (found.sum() + true.sum()) >= 0.93


@given(st.lists(st.text("李伟王芳abc sm\ue000é12", max_size=5), max_size=6))
def test_texts_sound_the_same_alone_and_together(texts):
    sounds = Sounds(load())
    assert sounds.each(texts) == [sounds.of(text) for text in texts]


@given(
    st.lists(st.lists(st.sampled_from(["acme", "north", "a", "样例科技", "上海"]), max_size=4), min_size=1, max_size=8)
)
def test_texts_are_alike_by_the_cosine_of_their_weighted_words(words):
    texts = np.array([" ".join(one) for one in words], dtype=object)
    tokens = Tokens.of(texts)
    table = np.zeros((len(texts), len(tokens.texts_with)))
    for place in range(len(texts)):
        own = slice(tokens.ends[place], tokens.ends[place + 1])
        table[place, tokens.word[own]] = tokens.weight[own]
    first, second = np.divmod(np.arange(len(texts) ** 2), len(texts))
    np.testing.assert_allclose(tokens.alike(first, second), (table @ table.T).ravel(), atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(table, axis=1), [bool(one) for one in words], atol=1e-12)
