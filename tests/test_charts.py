"""The charts as PNG files: what they say, and that Chinese is drawn on any machine."""

import dataclasses
import struct

import pytest

from lostdeals.errors import LostDealsError
from lostdeals.write import fonts
from lostdeals.write.charts import pictures, write_charts
from made_up import report, words

NAMES = ["reasons", "funnel", "sources", "stages", "tiers", "scores", "months"]


@pytest.fixture
def only_the_packaged_font(monkeypatch):
    """As on a machine without any Chinese font."""
    monkeypatch.setattr(fonts, "CHINESE", ())
    fonts.families.cache_clear()
    yield
    fonts.families.cache_clear()


def size(path):
    """Width and height of a PNG."""
    return struct.unpack(">II", path.read_bytes()[16:24])


@pytest.mark.usefixtures("only_the_packaged_font")
def test_every_glyph_is_drawn_on_a_machine_without_a_chinese_font(tmp_path):
    paths = write_charts(report("zh", 60), words("zh"), tmp_path / "charts")  # a missing glyph warns, and so fails
    assert [f"{number:02d}_{name}.png" for number, name in enumerate(NAMES, start=1)] == [path.name for path in paths]
    assert {(1200, 700)} == {size(path) for path in paths}
    assert fonts.families()[0] == "Noto Sans SC"


def test_an_emoji_in_the_name_of_a_source_is_left_out_of_the_picture(tmp_path):
    made = report("zh", 60)
    sources = made.analysis.sources.assign(source=[f"🔥{name}" for name in made.analysis.sources["source"]])
    made = dataclasses.replace(made, analysis=dataclasses.replace(made.analysis, sources=sources))
    assert len(write_charts(made, words("zh"), tmp_path)) == 7
    assert fonts.drawable("🔥朋友圈") == "朋友圈"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_titles_state_the_finding_with_its_n(lang):
    made = report(lang, 300)
    table = made.analysis.reasons
    titles = {picture.name: picture.title for picture in pictures(made, words(lang))}
    top, total = int(table["n"].iloc[0]), int(table["n"].sum())
    label = {"zh": "价格过高", "en": "Price too high"}[lang]
    assert label in titles["reasons"]
    assert f"{top} / {total} ({top / total:.0%})" in titles["reasons"]


def test_every_chart_says_how_many_customers_it_is_about():
    notes = [picture.note for picture in pictures(report("zh", 300), words("zh"))]
    assert [int(note.split("n = ")[1]) for note in notes] == [177, 293, 239, 300, 231, 231, 300]


def test_sources_are_only_ranked_where_the_difference_is_beyond_chance():
    made = report("zh", 300)
    assert "没有可靠差别" in _title(made, "sources")
    table = made.analysis.sources.assign(won=[60, 5, 5, 5, 5], lost=[5, 60, 60, 60, 60])
    made = dataclasses.replace(made, analysis=dataclasses.replace(made.analysis, sources=table))
    assert f"{table['source'].iloc[0]}的成交率最高 60 / 65 (92%)" in _title(made, "sources")


@pytest.mark.parametrize("n", [0, 1, 4])
def test_fewer_than_five_customers_make_no_chart(tmp_path, n):
    assert write_charts(report("zh", n), words("zh"), tmp_path / "charts") == []
    assert not (tmp_path / "charts").exists()


def test_a_chart_with_nothing_to_show_is_left_out():
    made = report("zh", 60)
    analysis = dataclasses.replace(made.analysis, funnel=None, months=made.analysis.months.head(0))
    made = dataclasses.replace(made, analysis=analysis, leads=made.leads.assign(score=float("nan")))
    assert [picture.name for picture in pictures(made, words("zh"))] == ["reasons", "sources", "stages", "tiers"]


def test_matplotlib_is_left_as_it_was_and_the_same_report_gives_the_same_bytes(tmp_path):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    first, second = (write_charts(report("zh", 30), words("zh"), tmp_path / name) for name in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert before == dict(mpl.rcParams)


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "charts").write_text("a file")
    with pytest.raises(LostDealsError, match="cannot-write"):
        write_charts(report("zh", 30), words("zh"), tmp_path / "charts")


def _title(made, name):
    return next(picture.title for picture in pictures(made, words("zh")) if picture.name == name)
