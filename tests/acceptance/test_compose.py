"""What config/deploy/ has for containers, tried as far as that goes without an engine that runs them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from aggregator import settings
from tests.support import postgresql
from tests.support.commands import Commands
from tests.support.compose import example_variables, read_compose
from tests.support.installation import PROJECT, Installation
from tests.support.proxies import DEPLOY

pytestmark = pytest.mark.acceptance

FILES = ["compose.yaml", "compose.sqlite.yaml"]
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")


def ours_of(file: str) -> dict[str, dict[str, Any]]:
    """The services that run this program, as a `.env` filled in after the example has them."""
    services = read_compose(file, example_variables())["services"]
    return {name: one for name, one in services.items() if one["image"] == "aggregator"}


def test_the_image_is_made_of_what_there_is_from_the_lock_and_runs_without_root():
    copied = [
        name for line in re.findall(r"^COPY (?!--)(.*) \S+$", CONTAINERFILE, re.MULTILINE) for name in line.split()
    ]
    assert copied
    assert [name for name in copied if not (PROJECT / name).exists()] == []
    assert "--require-hashes -r requirements.txt" in CONTAINERFILE
    users = re.findall(r"^USER (.*)$", CONTAINERFILE.rpartition("\nFROM ")[2], re.MULTILINE)
    assert users
    assert not {"0", "root"} & set(users)


@pytest.mark.parametrize("file", FILES)
def test_our_services_are_confined_and_made_from_the_image(file: str):
    for one in ours_of(file).values():
        assert (one["read_only"], one["cap_drop"], one["user"]) == (True, ["ALL"], "10001")
        assert (DEPLOY / one["build"]["context"] / one["build"]["dockerfile"]).is_file()
        assert (DEPLOY / one["build"]["context"]).resolve() == PROJECT
        assert all(port.startswith("127.0.0.1:") for port in one.get("ports", []))


@pytest.mark.parametrize("file", FILES)
def test_our_services_start_commands_of_ours_with_settings_that_there_are(tmp_path: Path, file: str):
    commands = set()
    for one in ours_of(file).values():
        ours = Commands.at(tmp_path, "sources: {}\n", "")
        assert "Usage" in ours.command(*one["command"], "--help")
        given = {"DATABASE_URL": "sqlite:////data/aggregator.db"} | one.get("environment", {})
        settings.load(tmp_path, given)
        commands.add(one["command"][0])
    assert {"worker", "web"} <= commands


def test_one_box_keeps_its_database_on_a_volume():
    assert all("data:/data" in one["volumes"] for one in ours_of("compose.sqlite.yaml").values())
    assert "DATABASE_URL=sqlite:////data/aggregator.db" in CONTAINERFILE


def test_the_formation_has_two_of_each_which_start_when_the_release_is_done_on_a_database_that_is_up():
    services = read_compose("compose.yaml", example_variables())["services"]
    assert {name: one["deploy"]["replicas"] for name, one in services.items() if "deploy" in one} == {
        "worker": 2,
        "web": 2,
    }
    for name in ("worker", "web"):
        assert services[name]["depends_on"] == {"release": {"condition": "service_completed_successfully"}}
    assert (services["release"]["command"], services["release"]["restart"]) == (["apply"], "no")
    assert services["release"]["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_the_formation_s_parts_name_each_other_as_they_are_called_and_no_password_stands_in_a_url():
    services = read_compose("compose.yaml", example_variables())["services"]
    database, proxy = services["database"]["environment"], services["proxy"]["environment"]
    for name in ("release", "worker", "web"):
        url = make_url(services[name]["environment"]["DATABASE_URL"])
        assert (url.host, url.username, url.database, url.password) == (
            "database",
            database["POSTGRES_USER"],
            database["POSTGRES_DB"],
            None,
        )
        assert services[name]["environment"]["PGPASSWORD"] == database["POSTGRES_PASSWORD"]
    assert f"dynamic a web {settings.Settings().web.port} " in proxy["WEBS"]
    assert services["web"]["command"] == ["web", "--host", "0.0.0.0"]  # meant
    assert "./Caddyfile:/etc/caddy/Caddyfile:ro" in services["proxy"]["volumes"]
    caddyfile = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert set(re.findall(r"\{\$(\w+):", caddyfile)) == proxy.keys()


@pytest.mark.parametrize("name", sorted(example_variables()))
def test_what_is_not_filled_in_is_asked_for(name: str):
    given = {key: value for key, value in example_variables().items() if key != name}
    with pytest.raises(KeyError, match=r"env\.example"):
        read_compose("compose.yaml", given)


def test_the_web_s_check_of_health_passes_while_it_answers_and_only_then(tmp_path: Path):
    ours = Installation.at(tmp_path, "sources: {}\n")
    checks = {str(ours_of(file)["web"]["healthcheck"]["test"]) for file in FILES}
    (kind, program, *arguments) = ours_of(FILES[0])["web"]["healthcheck"]["test"]
    assert (kind, program, len(checks)) == ("CMD", "python", 1)
    here = [one.replace("127.0.0.1:8000", f"127.0.0.1:{ours.port}") for one in arguments]
    check = [str(ours.python), *here]
    assert here != arguments
    assert subprocess.run(check, capture_output=True, check=False).returncode != 0
    with ours.running("-m", "aggregator", "web"):
        ours.wait_for("/healthz")
        subprocess.run(check, check=True)


def test_the_database_s_check_of_health_passes_while_it_answers_and_only_then(tmp_path: Path):
    services = read_compose("compose.yaml", example_variables())["services"]
    (kind, name, *arguments) = services["database"]["healthcheck"]["test"]
    assert kind == "CMD"
    url = make_url(postgresql.server())
    there, port = str(url.query.get("host") or url.host), str(url.port or 5432)
    for place, is_up in ((there, True), (str(tmp_path), False)):
        check = [postgresql.tool(name), *[place if one == "127.0.0.1" else one for one in arguments], "-p", port]
        assert (subprocess.run(check, capture_output=True, check=False).returncode == 0) is is_up
