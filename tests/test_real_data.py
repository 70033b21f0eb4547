"""Real sheets that are not part of the project: measured where they lie beside it, skipped elsewhere."""

import json
from pathlib import Path

import pytest

from lostdeals.cli import main

DATA = Path(__file__).parents[2] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real sheets are not here")

SCORED = {
    "xeducation/Leads.csv": ("Converted", 9240, "learned"),
    "maven-crm/sales_pipeline.csv": ("deal_stage", 8800, "scorecard"),
    "zoho-crm/Leads.csv": ("CONVERTED", 3900, "scorecard"),
    "bank/bank.csv": ("y", 4521, "learned"),
    "telco-churn-reason/Telco_customer_churn.xlsx": ("Churn Label", 7043, "learned"),
    "zh-convertiq/sample_lead_followup.csv": ("final_status", 10, "scorecard"),
    "zh-lead-sheets/tennis_leads_title_rows.csv": ("是否转化", 2, "scorecard"),
    "zh-lead-sheets/crm_tran_rows_dlyk.csv": (None, 23, "scorecard"),
    "zh-lead-sheets/crm_loss_rows_neusoft_demo.csv": (None, 5, "scorecard"),
    "zh-templates/Kevin-Hu88_客户导入模板.xlsx": (None, 3, "scorecard"),
    "zh-store-advisor/temp_uploaded.xlsx": (None, 300, "scorecard"),
}
ODD = [
    path
    for folder in ("messytables-horror", "excel-fixtures")
    for path in sorted((DATA / folder).glob("*"))
    if path.is_file()
]


@pytest.mark.parametrize("name", SCORED)
def test_a_real_sheet_is_scored(name, tmp_path, capsys):
    argv = ["score", str(DATA / name), "-o", str(tmp_path / "out.xlsx"), "--json", "--no-charts", "--no-remember"]
    code = main([*argv, "--today", "2026-11-20"])
    found = json.loads(capsys.readouterr().out)
    outcome, rows, method = SCORED[name]
    assert (code, found["outcome"]["column"], found["rows"], found["scoring"]["method"]) == (0, outcome, rows, method)
    assert (tmp_path / "out.xlsx").is_file()


@pytest.mark.parametrize("path", ODD, ids=lambda path: path.name)
def test_an_odd_file_is_scored_or_refused_with_a_reason(path, tmp_path, capfd):
    code = main(["score", str(path), "-o", str(tmp_path / "out.xlsx"), "--no-charts", "--no-remember", "--quiet"])
    said = capfd.readouterr()
    assert code in (0, 1)
    assert (tmp_path / "out.xlsx").is_file() == (code == 0)
    assert code == 0 or said.err.startswith("error: ")
    assert "panicked" not in said.err
