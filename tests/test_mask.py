"""Personal values as they may be shown."""

import tomllib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from lostdeals.write.mask import mask, masked

CASES = tomllib.loads((Path(__file__).parent / "cases/mask.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("role", "value", "expected"),
    [(role, value, said) for role, cases in CASES.items() for value, said in cases.items()],
)
def test_a_value_is_masked_as_its_role_asks(role, value, expected):
    assert expected == mask(value, role)


def test_the_second_column_of_a_role_is_masked_like_the_first():
    assert mask("13800000001", "phone.2") == "138****0001"


def test_a_birthday_keeps_its_year_and_nothing_stays_nothing():
    assert [mask(date(1990, 5, 17), "birthday"), mask(None, "name")] == ["1990-**-**", None]


def test_a_whole_column_is_masked_and_empty_cells_stay_empty():
    names = pd.Series(["王小明", None, "王小明", "Ann Smith"], index=[3, 5, 7, 9], dtype=object)
    assert masked(names, "name").to_dict() == {3: "王**", 5: None, 7: "王**", 9: "A** S**"}
