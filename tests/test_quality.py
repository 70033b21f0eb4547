"""How good the data are: counts that can be added, a score that says what would help."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from frames import VOCABULARY
from lostdeals.analyse.quality import added, count_quality, judged, quality
from lostdeals.clean import clean
from lostdeals.model import ErrorCell

TODAY = date(2026, 11, 20)
SHEET = {
    "name": ["王", "李", "赵", None],
    "phone": ["13800000001", "13800000001", "12345678901", " "],
    "source": ["展会", "展会", "未知", None],
    "owner": ["张三", "李四", "张三", "张三"],
    "amount": ["1.2万", "看方案", "面议", 300],
    "intent": ["高", "未知", "无", ErrorCell("#REF!")],
    "last_contact_at": ["2026-11-01", "2026-01-01", "下周", None],
}


def frames(columns: dict[str, list[Any]]):
    count = len(next(iter(columns.values())))
    raw = pd.DataFrame(
        {
            "src_sheet": pd.Series(["客户"] * count, dtype=object),
            "src_row": range(2, count + 2),
            **{key: pd.Series(cells, dtype=object) for key, cells in columns.items()},
        }
    )
    done = clean(raw, VOCABULARY, today=TODAY, language="zh", address=lambda lead, key: f"{key}{lead + 2}")
    own = done.missing[done.missing["column"].isin(raw.columns)]
    return done.leads, done.changes, done.problems, own


def counts(columns=SHEET):
    return count_quality(*frames(columns), VOCABULARY, TODAY)


def test_kinds_of_nothing_are_told_apart_and_what_cannot_be_read_is_filled():
    table = counts().columns.set_index("column")[["filled", "blank", "placeholder", "none", "unknown", "error"]]
    assert {key: line.tolist() for key, line in table.iterrows()} == {
        "name": [3, 1, 0, 0, 0, 0],
        "phone": [3, 1, 0, 0, 0, 0],
        "source": [2, 1, 0, 0, 1, 0],
        "owner": [4, 0, 0, 0, 0, 0],
        "amount": [3, 0, 1, 0, 0, 0],
        "intent": [1, 0, 0, 1, 1, 1],
        "last_contact_at": [3, 1, 0, 0, 0, 0],
    }


def test_validity_counts_filled_cells_that_could_be_read():
    table = counts().columns.set_index("column")
    assert table[["checked", "read"]].to_dict("index") == {
        "name": {"checked": 3, "read": 3},
        "phone": {"checked": 3, "read": 2},
        "source": {"checked": 0, "read": 0},
        "owner": {"checked": 0, "read": 0},
        "amount": {"checked": 3, "read": 2},
        "intent": {"checked": 0, "read": 0},
        "last_contact_at": {"checked": 3, "read": 2},
    }


def test_owners_and_sources_have_their_own_counts():
    table = counts().groups.set_index(["by", "value"])
    assert table.loc[("owner", "张三")].to_dict() == {
        "n": 3,
        "asked": 18,
        "met": 12,
        "checked": 8,
        "read": 6,
        "copies": 0,
        "dated": 1,
        "stale": 0,
    }
    assert table.loc[("owner", "李四"), ["n", "copies", "stale"]].tolist() == [1, 1, 1]
    assert table.loc["source"]["n"].tolist() == [2, 2]


def test_ages_are_classes_of_days_with_the_undated_last():
    table = counts().ages
    assert table["n"].tolist() == [1, 0, 0, 1, 0, 2]
    assert table["up_to"].tolist()[:4] == [30, 90, 180, 365]


def test_parts_of_a_sheet_add_up_to_the_whole():
    one = {key: cells[:2] for key, cells in SHEET.items()}
    other = {key: cells[2:] for key, cells in SHEET.items()}
    whole = counts({**SHEET, "phone": [None] * 4})  # what lies across parts is not seen in them
    sum_ = added(counts({**one, "phone": [None] * 2}), counts({**other, "phone": [None] * 2}))
    for name in ("columns", "needs", "ages"):
        pd.testing.assert_frame_equal(getattr(sum_, name), getattr(whole, name), check_dtype=False)
    for name, keys in (("issues", ["column", "code"]), ("groups", ["by", "value"])):
        one, other = (getattr(found, name).set_index(keys).sort_index() for found in (sum_, whole))
        pd.testing.assert_frame_equal(one, other, check_dtype=False)
    assert (sum_.rows, sum_.dated, sum_.stale) == (whole.rows, whole.dated, whole.stale)
    assert judged(sum_, VOCABULARY).score == pytest.approx(judged(whole, VOCABULARY).score)


def test_the_score_is_the_weighted_mean_of_what_the_sheet_can_answer():
    found = quality(*frames(SHEET), VOCABULARY, TODAY)
    assert found.parts == {"completeness": (18, 24), "validity": (9, 12), "uniqueness": (3, 4), "freshness": (1, 2)}
    assert found.score == pytest.approx(35 * 18 / 24 + 30 * 9 / 12 + 20 * 3 / 4 + 15 / 2)
    assert found.grade == "C"
    assert set(quality(*frames({"name": ["王"]}), VOCABULARY, TODAY).parts) == {
        "completeness",
        "validity",
        "uniqueness",
    }


def test_a_fix_gains_what_doing_it_would_bring():
    found = quality(*frames(SHEET), VOCABULARY, TODAY)
    assert [(fix.code, fix.columns, fix.count) for fix in found.fixes] == [
        ("update", ("last_contact_at",), 1),
        ("merge", (), 1),
        ("fill", ("source",), 2),
    ]
    better = {**SHEET, "last_contact_at": ["2026-11-01", "2026-11-01", "下周", None]}
    gain = quality(*frames(better), VOCABULARY, TODAY).score - found.score
    assert gain == pytest.approx(found.fixes[0].gain)


def test_a_perfect_sheet_has_an_a_and_nothing_to_fix():
    found = quality(*frames({"name": ["王", "李"], "phone": ["13800000001", "13800000002"]}), VOCABULARY, TODAY)
    assert (found.score, found.grade, found.fixes) == (pytest.approx(100), "A", ())


def test_every_grade_part_and_fix_has_its_words():
    section = VOCABULARY.section("quality")
    assert set(section["weights"]) == set(section["parts"])
    assert section["grades"][-1]["at_least"] == 0
    assert set(VOCABULARY.section("messages")["fix"]) == {"fill", "mend", "merge", "update"}
