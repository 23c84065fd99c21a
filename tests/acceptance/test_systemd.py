"""The systemd units of config/deploy/, tried as far as that goes where systemd is not the first process."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.commands import Commands
from tests.support.installation import Installation
from tests.support.proxies import DEPLOY, program
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.acceptance

UNITS = DEPLOY / "systemd"
STARTED = ["aggregator-apply.service", "aggregator-worker@1.service", "aggregator-web@8001.service"]
PLACE = "/opt/aggregator/.venv/bin/aggregator "


def installed(folder: Path) -> dict[str, str]:
    """The units in a folder of systemd's, where our program is another one; what tells systemd-analyze of it."""
    shutil.copytree(UNITS, folder)
    for unit in folder.glob("*.service"):
        unit.write_text(unit.read_text(encoding="utf-8").replace(PLACE, "/bin/true "), encoding="utf-8")
    return {"SYSTEMD_UNIT_PATH": f"{folder}:"}


def analyze(verb: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [program("systemd-analyze", "systemd"), verb, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def words(unit: str) -> list[str]:
    """What a unit starts of ours, with the name of its instance filled in."""
    kind, _, instance = unit.removesuffix(".service").partition("@")
    path = UNITS / (f"{kind}@.service" if instance else f"{kind}.service")
    started = re.search(rf"^ExecStart={PLACE}(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert started
    return started[1].replace("%i", instance).split()


@pytest.mark.parametrize("unit", STARTED)
def test_a_unit_is_one_that_systemd_takes_and_finds_well_confined_by_what_all_have_in_common(
    tmp_path: Path, unit: str
):
    told = installed(tmp_path / "system")
    verified = analyze("verify", unit, **told)
    assert (verified.returncode, verified.stderr) == (0, "")
    judging = ("security", "--offline=true", "--threshold=18", unit)  # in tenths; 100 is the worst
    judged = analyze(*judging, **told)
    assert judged.returncode == 0, judged.stdout
    shutil.rmtree(tmp_path / "system" / "aggregator-.service.d")
    assert analyze(*judging, **told).returncode != 0


def test_what_is_no_process_is_a_command_of_ours(tmp_path: Path):
    ours = Commands.at(tmp_path, "sources: {}\n")
    assert "in force by itself" in ours.command(*words(STARTED[0])[:1])
    assert "Usage" in ours.command(*words(STARTED[0]), "--help")


def test_a_process_tells_systemd_when_it_does_its_work_and_the_web_answers_then_on_the_port_it_is_called_by(
    tmp_path: Path,
):
    ours = Installation.at(tmp_path, "sources: {}\n")
    place = "/etc/aggregator/feeds.yaml"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(tmp_path / "notify"))
        supervisor.settimeout(PATIENCE)
        told = replace(ours, variables={"NOTIFY_SOCKET": str(tmp_path / "notify")})
        for unit in ("aggregator-worker@1.service", f"aggregator-web@{ours.port}.service"):
            arguments = [str(tmp_path / "feeds.yaml") if word == place else word for word in words(unit)]
            with told.running("-m", "aggregator", *arguments):
                assert supervisor.recv(64) == b"READY=1"
                if "web" in unit:
                    assert ours.get("/healthz")[0] == 200
        assert "Type=notify" in (UNITS / "aggregator-web@.service").read_text(encoding="utf-8")
