"""Every alert has cases of its own, a runbook, and a panel that shows what it speaks of."""

import json

import pytest
import yaml

from support.monitoring import (
    DASHBOARDS,
    PROMETHEUS,
    ROOT,
    RUNBOOKS,
    alerting_rules,
    panel_of,
    panels,
)

RULES = alerting_rules()
CASES = yaml.safe_load((PROMETHEUS / "tests" / "alerts.yml").read_text("utf-8"))["tests"]


@pytest.mark.parametrize("alert", RULES)
def test_promtool_sees_each_alert_both_fire_and_be_silent(alert: str) -> None:
    """`make rules` runs the cases; here none is forgotten."""
    looks = [one for case in CASES for one in case["alert_rule_test"] if one["alertname"] == alert]
    assert any(one["exp_alerts"] for one in looks)
    assert any(not one["exp_alerts"] for one in looks)


@pytest.mark.parametrize("alert", RULES)
def test_each_alert_says_how_bad_it_is_and_where_its_runbook_stands(alert: str) -> None:
    rule = RULES[alert]
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert {"summary", "description", "runbook_url"} <= rule["annotations"].keys()
    page = (ROOT / rule["annotations"]["runbook_url"]).read_text("utf-8")
    assert page.startswith(f"# {alert}\n\n**Severity** {rule['labels']['severity']} ")
    assert "## Look" in page
    assert "## Do" in page


@pytest.mark.parametrize("alert", RULES)
def test_each_runbook_names_a_panel_that_stands_on_its_dashboard(alert: str) -> None:
    assert panel_of(alert).queries


def test_no_runbook_is_left_of_an_alert_that_is_gone() -> None:
    assert {path.stem for path in RUNBOOKS.glob("*.md")} == {"README", *RULES}
    overview = (RUNBOOKS / "README.md").read_text("utf-8")
    assert all(f"[{alert}]({alert}.md)" in overview for alert in RULES)


def test_panels_have_names_of_their_own_and_ask_the_provisioned_prometheus() -> None:
    titles = [(panel.board, panel.title) for panel in panels()]
    assert len(titles) == len(set(titles))
    provisioning = DASHBOARDS.parent / "provisioning" / "datasources" / "prometheus.yaml"
    (source,) = yaml.safe_load(provisioning.read_text("utf-8"))["datasources"]
    for path in DASHBOARDS.glob("*.json"):
        board = json.loads(path.read_text("utf-8"))
        asked = [panel["datasource"]["uid"] for panel in board["panels"] if "targets" in panel]
        assert set(asked) == {source["uid"]}
