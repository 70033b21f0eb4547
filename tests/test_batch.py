"""Jobs as cron runs them."""

import json

import pytest
from filelock import FileLock

from lostdeals.cli import main
from lostdeals.cli.options import Asked, options_from
from lostdeals.config import read_config
from lostdeals.errors import LostDealsError

GOOD = "姓名,手机号,意向,来源,阶段\n王小明,13800000001,高,展会,已报价\n李小红,13800000002,低,广告,初步接触\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "in" / "b.csv").write_text(GOOD, encoding="gb18030")
    return tmp_path


def run(capsys, *argv):
    code = main(list(argv))
    out, err = capsys.readouterr()
    return code, out, err


def test_init_writes_one_job_and_never_replaces_it(folder, capsys):
    assert run(capsys, "init", "in/*.csv")[0] == 0
    text = (folder / "lostdeals.toml").read_text(encoding="utf-8")
    assert 'input = ["in/*.csv"]' in text
    code, _, err = run(capsys, "init", "other/*.csv")
    assert (code, err.splitlines()[0]) == (1, "error: config-exists")
    assert (folder / "lostdeals.toml").read_text(encoding="utf-8") == text


def test_run_does_every_file_and_prints_one_line_a_job(folder, capsys):
    run(capsys, "init", "in/*.csv")
    code, out, err = run(capsys, "run", "--today", "2026-11-20")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == 1
    assert out.startswith("ok  nightly  2 files")
    assert sorted(path.name for path in (folder / "scored").glob("*.xlsx")) == ["a.scored.xlsx", "b.scored.xlsx"]


def test_a_bad_file_is_reported_and_the_rest_done(folder, capsys):
    (folder / "in" / "bad.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    run(capsys, "init", "in/*", "missing.xlsx")
    code, out, err = run(capsys, "run")
    assert code == 3
    assert out.startswith("partly  nightly  2 files done, 2 failed")
    assert [line.split("  ")[0] for line in err.splitlines()] == ["failed", "failed"]
    assert (folder / "scored" / "a.scored.xlsx").is_file()
    assert not list((folder / "scored").glob("bad*"))


def test_nothing_is_left_half_written(folder, capsys):
    run(capsys, "init", "in/*.csv")
    run(capsys, "run")
    assert {path.suffix for path in (folder / "scored").rglob("*") if path.is_file()} == {".xlsx"}


def test_a_second_night_replaces_the_first_and_skips_its_own_outputs(folder, capsys):
    (folder / "lostdeals.toml").write_text(
        '[[jobs]]\nname = "n"\ninput = "in/*"\noutput = "in"\ncharts = false\n', encoding="utf-8"
    )
    assert run(capsys, "run")[0] == 0
    code, out, _ = run(capsys, "run")
    assert (code, out.split("  ")[2]) == (0, "2 files")


def test_two_inputs_of_one_name_do_not_overwrite_each_other(folder, capsys):
    (folder / "in" / "a.tsv").write_text(GOOD.replace(",", "\t"), encoding="utf-8")
    run(capsys, "init", "in/a.*")
    run(capsys, "run")
    assert sorted(path.name for path in (folder / "scored").glob("*.xlsx")) == ["a.scored.xlsx", "a.tsv.scored.xlsx"]


def test_only_one_run_at_a_time(folder, capsys):
    run(capsys, "init", "in/*.csv")
    with FileLock(folder / ".lostdeals.lock"):
        code, _, err = run(capsys, "run")
    assert (code, err.splitlines()[0]) == (1, "error: locked")


def test_no_file_for_a_pattern_is_a_failure(folder, capsys):
    run(capsys, "init", "nothing/*.xlsx")
    code, _, err = run(capsys, "run")
    assert (code, "no-input-files" in err) == (3, True)


def test_json_tells_what_was_done_and_what_failed(folder, capsys):
    run(capsys, "init", "in/a.csv", "missing.xlsx")
    code, out, _ = run(capsys, "run", "--json")
    job = json.loads(out)["jobs"][0]
    assert (code, job["customers"], [item["code"] for item in job["failed"]]) == (3, 2, ["no-such-file"])


def test_columns_of_the_config_are_used(folder, capsys):
    (folder / "lostdeals.toml").write_text(
        '[columns]\n"来源" = "campaign"\n[[jobs]]\ninput = "in/a.csv"\ncharts = false\n', encoding="utf-8"
    )
    assert run(capsys, "run")[0] == 0


@pytest.mark.parametrize("text", ["[[jobs]\n", "[[jobs]]\nname = 'x'\n", "jobs = 3\n"])
def test_a_broken_config_is_said(folder, capsys, text):
    (folder / "lostdeals.toml").write_text(text, encoding="utf-8")
    code, _, err = run(capsys, "run")
    assert (code, err.splitlines()[0]) == (1, "error: config-unreadable")


def test_a_bug_met_in_one_file_does_not_stop_the_others(folder, capsys, monkeypatch):
    from lostdeals import batch

    real = batch.run

    def run_but_fall_over(path, *rest):
        if path.name == "a.csv":
            raise RuntimeError("boom")
        return real(path, *rest)

    monkeypatch.setattr(batch, "run", run_but_fall_over)
    run(capsys, "init", "in/*.csv")
    code, out, err = run(capsys, "run")
    assert (code, out.startswith("partly  nightly  1 files done, 1 failed")) == (3, True)
    assert "internal-error" in err


def test_inputs_of_one_name_in_three_folders_get_three_outputs(folder, capsys):
    for name in ("x", "y", "z"):
        (folder / name).mkdir()
        (folder / name / "d.csv").write_text(GOOD, encoding="utf-8")
    run(capsys, "init", "[xyz]/d.csv")
    assert run(capsys, "run")[0] == 0
    assert len(list((folder / "scored").glob("*.xlsx"))) == 3


def test_a_name_with_brackets_is_a_name_before_it_is_a_pattern(folder, capsys):
    (folder / "a[1].csv").write_text(GOOD, encoding="utf-8")
    run(capsys, "init", "a[1].csv")
    code, out, _ = run(capsys, "run")
    assert (code, out.split("  ")[2]) == (0, "1 files")


def test_a_headers_role_in_the_config_is_passed_over_where_a_sheet_lacks_it(folder, capsys):
    (folder / "lostdeals.toml").write_text(
        '[columns]\n"没有这一列" = "source"\n[[jobs]]\ninput = "in/a.csv"\ncharts = false\n', encoding="utf-8"
    )
    assert run(capsys, "run")[0] == 0


def test_what_the_score_section_says_holds_for_every_sheet(folder):
    text = '[score]\ndrop = ["标签"]\nkeep = ["合同"]\nwithout_sensitive = true\nmissing = "median"\nmodel = "m.json"\n'
    (folder / "lostdeals.toml").write_text(text, encoding="utf-8")
    chosen = options_from(Asked(today="2026-11-20"), read_config(folder))
    assert chosen.settled == {"标签": False, "合同": True}
    assert (chosen.without_sensitive, chosen.missing, chosen.model) == (True, "median", folder / "m.json")
    assert options_from(Asked(today="2026-11-20", missing="own"), read_config(folder)).missing == "own"


@pytest.mark.parametrize(
    "line", ['drop = "标签"', "keep = [1]", 'without_sensitive = "yes"', "model = 3", "card = 'x'"]
)
def test_a_score_section_of_the_wrong_kind_is_said(folder, line):
    (folder / "lostdeals.toml").write_text(f"[score]\n{line}\n", encoding="utf-8")
    with pytest.raises(LostDealsError) as stop:
        read_config(folder)
    assert stop.value.code == "config-unreadable"
