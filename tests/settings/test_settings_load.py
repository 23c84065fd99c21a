from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import ValidationError

from aggregator.errors import ConfigurationError
from aggregator.settings import Settings, load, variables
from aggregator.yamlfile import read_file

ROOT = Path(__file__).parents[2]


def write(folder: Path, text: str) -> Path:
    (folder / "config").mkdir()
    (folder / "config" / "settings.yaml").write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path, **environ: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load(folder, environ)
    return [str(mistake).replace(f"{folder}/", "") for mistake in caught.value.mistakes]


def test_without_a_file_the_defaults_hold(tmp_path: Path):
    found = load(tmp_path, {"HOME": "/", "PATH": ""})
    assert found.database == f"sqlite:///{tmp_path}/data/aggregator.db"
    assert found.fetch.model_dump() == {
        "allow_networks": [],
        "timeout": timedelta(seconds=30),
        "max_bytes": 10_000_000,
        "max_decoded_bytes": 15_000_000,
        "concurrency": 32,
        "per_host": 2,
        "host_gap": timedelta(seconds=1),
        "min_interval": timedelta(minutes=5),
    }
    assert (found.store.retain, found.store.max_size) == (timedelta(days=180), None)
    assert (found.publish.max_entries, found.publish.directory) == (1000, None)
    assert (found.web.host, found.web.port, found.web.status_token) == ("127.0.0.1", 8000, None)
    assert (found.log.format, found.log.level) == ("auto", "info")


def test_the_shipped_file_holds_every_key_with_its_default():
    document = read_file(ROOT / "config/settings.yaml", {})
    keys = {(name, *([key] if key else [])) for name, value in document.data.items() for key in (value or [""])}
    assert keys == set(variables().values())
    assert Settings.model_validate(document.data) == Settings()


def test_the_shipped_file_says_what_each_key_does():
    lines = (ROOT / "config/settings.yaml").read_text(encoding="utf-8").splitlines()
    keys = [line for line in lines if ":" in line and not line.startswith("#") and not line.endswith(":")]
    assert len(keys) == len(variables())
    assert all(" # " in line for line in keys)


@pytest.mark.parametrize("text", ["", "# nothing\n", "fetch:\n", "database:\n"])
def test_empty_files_and_sections_change_nothing(tmp_path: Path, text: str):
    assert load(write(tmp_path, text), {}) == load(tmp_path, {})


def test_the_file_is_read_and_variables_in_it_expanded(tmp_path: Path):
    folder = write(
        tmp_path,
        "database: postgresql://u:${PW}@h/d\nfetch: { allow_networks: [10.0.0.0/8, 'fd00::/8'], timeout: 5s }\n"
        "store: { retain: forever }\npublish: { directory: public }\nweb: { status_token: 0123456789abcdef }\n",
    )
    found = load(folder, {"PW": "secret"})
    assert found.database == "postgresql://u:secret@h/d"
    assert found.fetch.allow_networks == [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
    assert (found.fetch.timeout, found.store.retain) == (timedelta(seconds=5), None)
    assert found.publish.directory == tmp_path / "public"
    assert found.web.status_token == "0123456789abcdef"
    assert "secret" not in repr(found)
    assert "0123456789abcdef" not in repr(found)


def test_every_key_has_a_variable_that_wins_over_the_file(tmp_path: Path):
    values = {
        "AGGREGATOR_DATABASE": "postgresql://h/d",
        "AGGREGATOR_FETCH__ALLOW_NETWORKS": "127.0.0.0/8, ::1/128,",
        "AGGREGATOR_FETCH__TIMEOUT": "9s",
        "AGGREGATOR_FETCH__MAX_BYTES": "1MB",
        "AGGREGATOR_FETCH__MAX_DECODED_BYTES": "2000000",
        "AGGREGATOR_FETCH__CONCURRENCY": "3",
        "AGGREGATOR_FETCH__PER_HOST": "1",
        "AGGREGATOR_FETCH__HOST_GAP": "0s",
        "AGGREGATOR_FETCH__MIN_INTERVAL": "1s",
        "AGGREGATOR_STORE__RETAIN": "forever",
        "AGGREGATOR_STORE__MAX_SIZE": "2GB",
        "AGGREGATOR_PUBLISH__MAX_ENTRIES": "7",
        "AGGREGATOR_PUBLISH__DIRECTORY": "/var/www",
        "AGGREGATOR_WEB__HOST": "::1",
        "AGGREGATOR_WEB__PORT": "0",
        "AGGREGATOR_WEB__CONNECTIONS": "9",
        "AGGREGATOR_WEB__PER_CLIENT": "4",
        "AGGREGATOR_WEB__TRUSTED_PROXIES": "10.1.0.0/16",
        "AGGREGATOR_WEB__STATUS_TOKEN": "0123456789abcdef",
        "AGGREGATOR_WEB__ROBOTS": "feeds",
        "AGGREGATOR_LOG__FORMAT": "json",
        "AGGREGATOR_LOG__LEVEL": "debug",
    }
    assert values.keys() == variables().keys()
    found = load(write(tmp_path, (ROOT / "config/settings.yaml").read_text(encoding="utf-8")), values)
    assert found.database == "postgresql://h/d"
    assert found.fetch.allow_networks == [ip_network("127.0.0.0/8"), ip_network("::1/128")]
    assert (found.fetch.max_bytes, found.fetch.max_decoded_bytes, found.fetch.concurrency) == (10**6, 2 * 10**6, 3)
    assert (found.fetch.timeout, found.fetch.host_gap) == (timedelta(seconds=9), timedelta(0))
    assert (found.fetch.min_interval, found.fetch.per_host) == (timedelta(seconds=1), 1)
    assert (found.store.retain, found.publish.max_entries, found.publish.directory) == (None, 7, Path("/var/www"))
    assert (found.web.host, found.web.port) == ("::1", 0)
    assert (found.web.connections, found.web.per_client, found.web.robots) == (9, 4, "feeds")
    assert found.web.trusted_proxies == [ip_network("10.1.0.0/16")]
    assert (found.log.format, found.log.level) == ("json", "debug")


def test_a_list_may_be_json(tmp_path: Path):
    found = load(tmp_path, {"AGGREGATOR_FETCH__ALLOW_NETWORKS": '["10.0.0.0/8"]'})
    assert found.fetch.allow_networks == [ip_network("10.0.0.0/8")]
    assert "begins like a JSON list" in faults(tmp_path, AGGREGATOR_FETCH__ALLOW_NETWORKS="[10.0.0.0/8]")[0]


def test_what_platforms_set_is_heeded_and_our_own_names_win(tmp_path: Path):
    found = load(tmp_path, {"DATABASE_URL": "postgres://u:p@h/d", "PORT": "5000"})
    assert (found.database, found.web.host, found.web.port) == ("postgresql://u:p@h/d", "0.0.0.0", 5000)
    found = load(
        tmp_path,
        {
            "DATABASE_URL": "postgres://h/d",
            "AGGREGATOR_DATABASE": "postgresql://own/d",
            "PORT": "5000",
            "AGGREGATOR_WEB__PORT": "6000",
            "AGGREGATOR_WEB__HOST": "127.0.0.1",
        },
    )
    assert (found.database, found.web.host, found.web.port) == ("postgresql://own/d", "127.0.0.1", 6000)


def test_an_empty_variable_is_as_good_as_none(tmp_path: Path):
    empty = dict.fromkeys([*variables(), "PORT", "DATABASE_URL"], "")
    assert load(tmp_path, empty) == load(tmp_path, {})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("sqlite:///a/b.db", "sqlite:///{folder}/a/b.db"),
        ("sqlite:////a/b.db", "sqlite:////a/b.db"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
    ],
)
def test_a_relative_sqlite_path_lies_beside_feeds_yaml(tmp_path: Path, given: str, expected: str):
    assert load(tmp_path, {"AGGREGATOR_DATABASE": given}).database == expected.format(folder=tmp_path)


def test_mistakes_of_file_and_environment_come_together(tmp_path: Path):
    folder = write(tmp_path, "fetsh: {}\nfetch:\n  timout: 3s\n  concurrency: 0\nlog: { level: inf }\n")
    found = faults(folder, AGGREGATOR_FETCH__TIMOUT="1s", AGGREGATOR_ZZZ="1", PORT="nine")
    assert (
        "\n".join(found)
        == """\
config/settings.yaml:1: fetsh: unknown key; did you mean 'fetch'?
config/settings.yaml:3: fetch.timout: unknown key; did you mean 'timeout'?
config/settings.yaml:4: fetch.concurrency: must be at least 1, not 0
config/settings.yaml:5: log.level: one of debug, info, warning, error is needed, not 'inf'; did you mean 'info'?
environment: AGGREGATOR_FETCH__TIMOUT: no setting has this name; did you mean AGGREGATOR_FETCH__TIMEOUT?
environment: AGGREGATOR_ZZZ: no setting has this name; the names are AGGREGATOR_<SECTION>__<KEY>; unset it
environment: PORT: a whole number is needed, not what the environment variable holds"""
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("database: 5", "a URL such as"),
        ("database: data.db", "a URL such as"),
        ("database: mysql://h/d", "a URL such as"),
        ("database: postgre://h/d", "did you mean 'postgresql://'?"),
        ("database: postgresql://h:x/d", "host or port"),
        ("fetch: { timeout: 30 }", "30 of what?"),
        ("fetch: { timeout: 0s }", "longer than nothing"),
        ("fetch: { max_bytes: 10XB }", "a size is needed"),
        ("fetch: { allow_networks: 10.0.0.0/8 }", "a list is needed"),
        ("fetch: { allow_networks: [10.0.0.1/8] }", "did you mean '10.0.0.0/8'?"),
        ("fetch: { allow_networks: [x, 5] }", "a network such as"),
        ("store: { retain: always }", "or forever"),
        ("store: { retain: 180 }", "180 of what?"),
        ("publish: { directory: 5 }", "text is needed"),
        ("web: { port: 70000 }", "between 0"),
        ("web: { port: '80' }", "without quotes"),
        ("web: { host: 5 }", "text is needed"),
        ("web: { status_token: short }", "at least 16"),
        ("log: { format: xml }", "one of auto, console, json"),
    ],
)
def test_a_bad_value_is_faulted_with_what_would_be_right(tmp_path: Path, line: str, words: str):
    found = faults(write(tmp_path, line + "\n"))
    assert words in found[0]


@pytest.mark.parametrize("name", ["AGGREGATOR_DATABASE", "AGGREGATOR_WEB__STATUS_TOKEN", "DATABASE_URL"])
def test_no_mistake_repeats_a_secret(tmp_path: Path, name: str):
    (fault,) = faults(tmp_path, **{name: "hunter2 "})
    assert "hunter2" not in fault
    assert fault.startswith(f"environment: {name}: ")


def test_settings_cannot_be_changed(tmp_path: Path):
    with pytest.raises(ValidationError):
        load(tmp_path, {}).web.port = 1
