"""Real sheets that are not part of the project: measured where they lie beside it, skipped elsewhere."""

import json
from datetime import date
from pathlib import Path

import pytest

from lostdeals.clean import diff
from lostdeals.cli import main
from lostdeals.model import Options
from lostdeals.pipeline.prepare import opened, prepare
from lostdeals.read import read_book
from lostdeals.score.features import find_features
from lostdeals.score.leakage import find_leaks, role_leaks
from lostdeals.vocab import load

VOCABULARY = load()
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

ROLES = {
    "bank/bank.csv": "age=age job=occupation education=education y=outcome",
    "bi-sales-funnel/call_logs.csv": "lead_id=id rep_id=owner call_at_utc=last_contact_at dialer_source=source",
    "bi-sales-funnel/deals.csv": "deal_id=id country=region owner_rep_id=owner deal_created_at=created_at close_at=closed_at "
    "status=outcome plan_selected=product final_mrr_usd=amount lost_reason=loss_reason",
    "bi-sales-funnel/funnel_stage_history.csv": "lead_id=id stage=stage owner_rep_id=owner",
    "bi-sales-funnel/leads.csv": "lead_id=id created_at=created_at country=region channel=source "
    "company_size_band=company_size buyer_role=job_title expected_mrr_usd=amount",
    "crm-exports/hubspot/deal_data.csv": "deal_id=id owner_id=owner property_dealname=deal property_createdate=created_at",
    "crm-exports/hubspot/contact_data.csv": "property_email=email id=id property_company=company property_lastname=name "
    "property_email_1=email property_createdate=created_at",
    "crm-exports/hubspot/company_data.csv": "id=id property_name=company property_description=notes property_createdate=created_at "
    "property_industry=industry property_address=address property_city=region property_state=region property_country=region",
    "crm-exports/salesforce-mock/accounts.csv": "AccountName=company Industry=industry Phone=phone Website=website "
    "BillingCity=region BillingCountry=region OwnerId=owner CreatedDate=created_at",
    "crm-exports/salesforce-mock/contacts.csv": "ContactId=id LastName=name Email=email Phone=phone Title=job_title CreatedDate=created_at",
    "crm-exports/salesforce-mock/opportunities.csv": "OpportunityId=id OpportunityName=deal CloseDate=closed_at StageName=stage "
    "Amount=amount Probability=probability CreatedDate=created_at",
    "crm-exports/salesforce/sf_opportunity_data.csv": "amount=amount close_date=closed_at created_date=created_at id=id "
    "is_won=outcome lead_source=source owner_id=owner stage_name=stage",
    "ibm-winloss/sales-win-loss.csv": "Opportunity_Number=id Region=region Route_To_Market=source Opportunity_Result=outcome "
    "Opportunity_Amount_USD=amount Client_Size_By_Employee_Count=company_size Elapsed_Days_In_Sales_Stage=extra",
    "maven-crm/accounts.csv": "account=company sector=industry employees=company_size office_location=region",
    "maven-crm/sales_pipeline.csv": "opportunity_id=id sales_agent=owner product=product account=company deal_stage=stage "
    "engage_date=first_contact_at close_date=closed_at close_value=amount",
    "maven-crm/sales_teams.csv": "sales_agent=owner regional_office=team",
    "olist/olist_closed_deals_dataset.csv": "mql_id=id won_date=closed_at business_segment=industry lead_type=customer_type",
    "olist/olist_marketing_qualified_leads_dataset.csv": "mql_id=id first_contact_date=first_contact_at landing_page_id=campaign origin=source",
    "sample-crm-basudev/Contacts.csv": "ContactID=id FullName=name Email=email Phone=phone City=region State=region Country=region",
    "sample-crm-basudev/Leads.csv": "LeadID=id LeadSource=source LeadStatus=stage CreatedDate=created_at Notes=notes",
    "sample-crm-basudev/Opportunity.csv": "OpportunityID=id OpportunityStage=stage EstimatedValue=amount CloseDate=closed_at SalesID=owner",
    "splink/fake_1000.csv": "unique_id=id surname=name dob=birthday city=region email=email cluster=extra",
    "telco-churn-reason/Telco_customer_churn.xlsx": "Country=region State=region City=region Gender=gender Churn_Label=outcome "
    "Total_Charges=purchase_amount Churn_Reason=loss_reason Churn_Value=extra Churn_Score=extra CLTV=extra Tech_Support=extra",
    "xeducation/Leads.csv": "Prospect_ID=id Lead_Source=source Do_Not_Email=do_not_contact Converted=outcome TotalVisits=visit_count "
    "Total_Time_Spent_on_Website=time_on_site Page_Views_Per_Visit=page_views Country=region City=region Tags=tags "
    "What_is_your_current_occupation=occupation Lead_Quality=extra Last_Activity=extra Asymmetrique_Activity_Index=extra",
    "zh-convertiq/sample_lead_followup.csv": "lead_id=id first_contact_time=first_contact_at scheduled_inspection_time=stage_date "
    "inspection_done_time=stage_date quote_amount=amount quote_time=stage_date contract_signed_time=stage_date final_status=outcome",
    "zh-convertiq/sample_leads.csv": "lead_id=id created_at=created_at region=region source_channel=source sales_id=owner",
    "zh-lead-sheets/crm_loss_rows_neusoft_demo.csv": "编号=id 客户名称=company 客户经理=owner 上次下单时间=last_purchase_at "
    "暂缓措施=notes 确认流失时间=closed_at 流失原因=loss_reason 客户编号=extra",
    "zh-lead-sheets/crm_tran_rows_dlyk.csv": "交易编号=id 交易金额=amount 预计成交时间=extra 阶段=stage 描述=notes "
    "下次联系时间=next_contact_at 创建时间=created_at 创建人=extra",
    "zh-lead-sheets/tennis_leads_title_rows.csv": "序号=ignore 线索时间=created_at 微信名/电话=phone 线索渠道=source 咨询需求=need "
    "意向类型=intent 跟进人=owner 跟进状态=stage 用户顾虑点=loss_reason 沟通情况和方案建议=notes 是否转化=outcome",
    "zh-store-advisor/temp_uploaded.xlsx": "姓名=name 性别=gender 车牌=extra 车型=product 上次进站时间=last_contact_at 手机号=phone "
    "是否加微信=extra 备注=notes",
    "zh-store-advisor/促活话术_PC导出.xlsx": "客户姓名=name 车型=product 上次到店时间=last_contact_at 未到店天数=extra",
    "zh-templates/Kevin-Hu88_客户导入模板.xlsx": "名称=company 联系人=name 电话=phone 邮箱=email 微信=wechat 地址=address "
    "类型=customer_type 区域=region 需求=need 备注=notes",
    "zoho-crm/Leads.csv": "LEADID=id Last_Name=name Company=company Lead_Owner=owner Email=email Mobile=phone Website=website "
    "Industry=industry Lead_Source=source Lead_Status=stage Created_Time=created_at CONVERTED=outcome",
}
"""Header (spaces as underscores) and the role a person gives it; columns left out are ones about which people differ."""
HEADER_ROWS = {"zh-lead-sheets/tennis_leads_title_rows.csv": [3]}


@pytest.mark.parametrize("name", ROLES)
def test_a_real_sheet_is_understood(name, capsys):
    assert main(["inspect", str(DATA / name), "--json"]) == 0
    sheet = json.loads(capsys.readouterr().out)["sheets"][0]
    wanted = dict(pair.rsplit("=", 1) for pair in ROLES[name].split())
    found = {column["header"].replace(" ", "_"): column["role"] for column in sheet["columns"]}
    assert wanted == {header: found.get(header) for header in wanted}
    assert sheet["header_rows"] == HEADER_ROWS.get(name, [1])


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


@pytest.mark.parametrize(
    "name", ["xeducation/Leads.csv", "messytables-horror/211.csv", "zh-store-advisor/temp_uploaded.xlsx"]
)
def test_cleaning_a_real_sheet_can_be_undone_and_twice_changes_nothing(name, tmp_path, capsys):
    """Twice with the same roles: a guess may turn where the values have changed."""
    cleaned, log, back = (str(tmp_path / file) for file in ("cleaned.xlsx", "changes.csv", "back.xlsx"))
    assert main(["inspect", str(DATA / name), "--json"]) == 0
    columns = json.loads(capsys.readouterr().out)["sheets"][0]["columns"]
    told = [part for column in columns for part in ("--map", f"{column['header']}={column['role']}")]
    assert main(["clean", str(DATA / name), "-o", cleaned, "--changes", log, "-q", "--today", "2026-11-20"]) == 0
    assert main(["clean", cleaned, "-o", back, "--json", "--today", "2026-11-20", *told]) == 0
    assert json.loads(capsys.readouterr().out)["changes"] == 0
    assert main(["clean", cleaned, "--undo", log, "-o", back, "-q"]) == 0
    first, again = (read_book(Path(path))[0].cells for path in (DATA / name, back))
    assert [diff(first, again, "undo").shape[0], first.shape] == [0, again.shape]


LEAKS = {
    "xeducation/Leads.csv": ({"Tags", "Lead Quality"}, {"Last Activity", "Last Notable Activity"}),
    "bank/bank.csv": ({"duration"}, set()),
    "telco-churn-reason/Telco_customer_churn.xlsx": ({"Churn Value", "Churn Score", "Churn Reason"}, set()),
    "maven-crm/sales_pipeline.csv": ({"close_date", "close_value"}, set()),
}


@pytest.mark.parametrize("name", LEAKS)
def test_the_guard_takes_what_knows_the_answer_and_asks_about_late_activity(name):
    options = Options(today=date(2026, 1, 15))
    sheets, options = opened(DATA / name, VOCABULARY, options)
    ready = prepare(sheets, VOCABULARY, options)
    leads, layout, outcome = ready.classified.leads, ready.layout, ready.classified.outcome
    forbidden = role_leaks(leads, layout, VOCABULARY)
    frame = find_features(leads, layout, VOCABULARY, options, forbidden, ready.cleaned.changes).frame
    guard = find_leaks(frame, leads["outcome_class"], layout, outcome.header, VOCABULARY)
    taken = {left.column for left in (*guard.left_out.values(), *forbidden.values())}
    asked = {left.column for left in guard.questions.values()}
    assert LEAKS[name][0] <= taken
    assert LEAKS[name][1] <= asked
