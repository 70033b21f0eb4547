"""A saved model says of another sheet what the learned one would have said, and refuses what it does not fit."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from frames import VOCABULARY, ZH, layout, options
from lostdeals.errors import LostDealsError
from lostdeals.score import is_model, model_text, score
from lostdeals.score.saved import read_model
from test_score import HEADERS, OUTCOME, sheet


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    leads = sheet(n=500)
    result = score(leads, layout(HEADERS, len(leads)), OUTCOME, VOCABULARY, options(), ZH)
    path = tmp_path_factory.mktemp("model") / "m.json"
    path.write_text(model_text(result.model, "2026-11-20"), encoding="utf-8")
    return leads, result, path


def again(leads, path, headers=None):
    headers = headers or HEADERS
    return score(leads, layout(headers, len(leads)), OUTCOME, VOCABULARY, options(model=path), ZH)


def test_open_rows_get_the_same_probability_from_the_file(saved):
    leads, result, path = saved
    open_rows = leads["outcome_class"] == "open"
    np.testing.assert_allclose(
        again(leads, path).leads.loc[open_rows, "win_probability"],
        result.leads.loc[open_rows, "win_probability"],
        atol=1e-4,
    )


def test_a_file_that_is_read_and_written_again_is_the_same(saved):
    _, _, path = saved
    kept, made = read_model(path)
    assert model_text(kept, made) == path.read_text(encoding="utf-8")


def test_a_sheet_without_one_of_its_columns_is_refused_with_the_columns_name(saved):
    leads, _, path = saved
    headers = {key: header for key, header in HEADERS.items() if key != "contact_count"}
    with pytest.raises(LostDealsError) as stop:
        again(leads.drop(columns="contact_count"), path, headers)
    assert (stop.value.code, stop.value.values["columns"]) == ("model-does-not-fit", ("跟进次数",))


def test_a_single_new_customer_can_be_scored(saved):
    leads, _, path = saved
    one = leads[leads["outcome_class"] == "open"].head(1).reset_index(drop=True)
    assert 0 < again(one, path).leads.loc[0, "win_probability"] < 1


def test_words_the_model_has_never_seen_do_not_stop_it_but_are_seen_as_drift(saved):
    leads, _, path = saved
    strange = leads.assign(source="直播")
    result = again(strange, path)
    assert [drift.column for drift in result.evaluation.drift] == ["来源"]
    assert result.leads.loc[leads["outcome_class"] == "open", "win_probability"].notna().all()


def test_the_training_sheet_itself_shows_no_drift_and_is_checked_against_its_outcomes(saved):
    leads, _, path = saved
    evaluation = again(leads, path).evaluation
    assert evaluation.drift == ()
    assert [doubt.code for doubt in evaluation.doubts] == ["model-here"]


def changed(path, tmp_path, change):
    raw = json.loads(path.read_text(encoding="utf-8"))
    change(raw)
    target = tmp_path / "m.json"
    target.write_text(json.dumps(raw), encoding="utf-8")
    return target


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.update(format="other"),
        lambda raw: raw.update(version=99),
        lambda raw: raw.pop("features"),
        lambda raw: raw["features"][0]["adds"].append(1.0),
        lambda raw: raw["trees"]["left"].__setitem__(0, 10**6),
        lambda raw: raw["trees"]["feature"].__setitem__(0, -1),
        lambda raw: raw["trees"]["value"].pop(),
        lambda raw: raw.update(weights=[0.0]),
        lambda raw: raw.update(weights="abc"),
        lambda raw: raw["features"][0].update(adds="abc"),
    ],
)
def test_a_damaged_model_is_refused_and_never_walked(saved, tmp_path, change):
    _, _, path = saved
    with pytest.raises(LostDealsError) as stop:
        read_model(changed(path, tmp_path, change))
    assert stop.value.code == "model-unreadable"


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", "客户,电话", "\x00\x01", '{"format": "lostdeals-model"}'])
def test_a_file_that_is_no_model_is_refused(tmp_path, content):
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    assert not is_model(path)


def test_scoring_with_a_file_needs_no_scikit_learn(saved, tmp_path):
    _, _, path = saved
    csv = tmp_path / "new.csv"
    csv.write_text("客户,来源,跟进次数,备用\n王芳,转介绍,4,甲\n李强,广告,1,乙\n", encoding="utf-8")
    code = (
        "import sys; from lostdeals.cli import main; "
        f"code = main(['score', {str(csv)!r}, '--model', {str(path)!r}, '-o', {str(tmp_path / 'o.csv')!r}, '--no-charts', '-q', "
        "'--no-remember']); assert code == 0, code; assert 'sklearn' not in sys.modules"
    )
    source = Path(__file__).parents[1] / "src"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env={"PYTHONPATH": str(source)}
    )
    assert done.returncode == 0, done.stderr


def test_missing_values_filled_in_learning_are_filled_in_scoring(tmp_path):
    leads = sheet(n=500)
    leads.loc[leads.index[::7], "contact_count"] = np.nan
    result = score(leads, layout(HEADERS, len(leads)), OUTCOME, VOCABULARY, options(missing="median"), ZH)
    path = tmp_path / "m.json"
    path.write_text(model_text(result.model, "2026-11-20"), encoding="utf-8")
    open_rows = leads["outcome_class"] == "open"
    assert "contact_count:missing" in [column.column for column in result.model.model.columns]
    np.testing.assert_allclose(
        again(leads, path).leads.loc[open_rows, "win_probability"],
        result.leads.loc[open_rows, "win_probability"],
        atol=1e-4,
    )
