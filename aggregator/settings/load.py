"""config/settings.yaml and the environment -> Settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aggregator.errors import Mistake
from aggregator.settings.spec import Settings
from aggregator.yamlfile import Report, YamlDocument, check, nearest_name, read_file
from aggregator.yamlfile.types import Part

PREFIX = "AGGREGATOR_"
FILE = Path("config") / "settings.yaml"

_PLATFORM = {"DATABASE_URL": ("database",), "PORT": ("web", "port")}
"""What platforms call these settings; our own names win over theirs."""

_SQLITE_FILE = "sqlite:///"


def load(folder: Path, environ: Mapping[str, str]) -> Settings:
    """Read the settings of the installation whose feeds.yaml lies in the folder.

    Args:
        folder: Its `config/settings.yaml` may be missing, and any key in it.
        environ: `AGGREGATOR_<SECTION>__<KEY>`, `DATABASE_URL` and `PORT` win over the file; empty ones are
            as good as not set. Also where `${NAME}` in the file is looked up.

    Raises:
        ConfigurationError: With all mistakes of the file and the environment.
    """
    path = folder / FILE
    document = (
        read_file(path, environ, may_be_empty=True) if path.exists() else YamlDocument(file=str(path), data={})
    )
    given, unknown = _from_environment(environ)
    for place, (variable, value) in given.items():
        document = document.overlay(place, value, variable)
    report = Report(document)
    for mistake in unknown:
        report.add_foreign(mistake)
    settings = check(Settings, document, report)
    report.raise_if_any()
    return _complete(settings, folder.absolute(), on_platform=bool(environ.get("PORT")))


def variables() -> dict[str, tuple[str, ...]]:
    """Every variable of our own, with the place of the setting that it sets."""
    found: dict[str, tuple[str, ...]] = {}
    for name, field in Settings.model_fields.items():
        section = field.annotation
        places: list[tuple[str, ...]] = [(name,)]
        if isinstance(section, type) and issubclass(section, Part):
            places = [(name, key) for key in section.model_fields]
        for place in places:
            found[PREFIX + "__".join(place).upper()] = place
    return found


def _from_environment(
    environ: Mapping[str, str],
) -> tuple[dict[tuple[str, ...], tuple[str, str]], list[Mistake]]:
    """What each place is set to and by which variable; and the variables that set nothing."""
    known = variables()
    given = {place: (name, environ[name]) for name, place in _PLATFORM.items() if environ.get(name)}
    unknown: list[Mistake] = []
    for name in sorted(environ):
        if not name.startswith(PREFIX):
            continue
        if name not in known:
            # Without the prefix, which would make any two names look alike.
            meant = nearest_name(name.removeprefix(PREFIX), [variable.removeprefix(PREFIX) for variable in known])
            hint = (
                f"did you mean {PREFIX}{meant}?"
                if meant
                else "the names are AGGREGATOR_<SECTION>__<KEY>; unset it"
            )
            message = f"no setting has this name; {hint}"
            unknown.append(Mistake(file="environment", line=None, path=name, message=message))
        elif environ[name]:
            given[known[name]] = (name, environ[name])
    return given, unknown


def _complete(settings: Settings, folder: Path, *, on_platform: bool) -> Settings:
    """With what depends on the folder and on the platform."""
    # A platform that sets PORT sends its requests from outside the container.
    everywhere = "0.0.0.0"  # noqa: S104 # meant
    host = settings.web.host or (everywhere if on_platform else "127.0.0.1")
    directory = settings.publish.directory
    return settings.model_copy(
        update={
            "database": _anchor(settings.database or f"{_SQLITE_FILE}data/aggregator.db", folder),
            "publish": settings.publish.model_copy(update={"directory": directory and folder / directory}),
            "web": settings.web.model_copy(update={"host": host}),
        }
    )


def _anchor(database: str, folder: Path) -> str:
    """A relative SQLite path lies beside feeds.yaml, not wherever the process was started."""
    path = database.removeprefix(_SQLITE_FILE)
    if path == database or path.startswith(("/", ":memory:", "file:")) or not path:
        return database
    return f"{_SQLITE_FILE}{folder / path}"
