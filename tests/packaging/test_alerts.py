"""The alerts that we hand out, in Prometheus' own tool: each fires when it should, and at no other time."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from aggregator.yamlfile import read_file

HERE = Path(__file__).parent
ALERTS = HERE.parent.parent / "config" / "deploy" / "alerts.yaml"


def test_each_alert_fires_when_it_should_and_is_silent_else():
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is missing; Debian's package prometheus has it")
    done = subprocess.run(
        [promtool, "test", "rules", "alerts.yaml"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_is_tried_for_firing_and_for_silence():
    named = {rule["alert"] for group in read_file(ALERTS, {}).data["groups"] for rule in group["rules"]}
    tried = [one for case in read_file(HERE / "alerts.yaml", {}).data["tests"] for one in case["alert_rule_test"]]
    assert {one["alertname"] for one in tried if one["exp_alerts"]} == named
    assert {one["alertname"] for one in tried if not one["exp_alerts"]} == named
