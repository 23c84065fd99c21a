"""Running the migrations, by Alembic as a library: there is no alembic.ini."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

_FOLDER = Path(__file__).parent


def configuration(connection: Connection | None = None, folder: Path = _FOLDER) -> Config:
    """Alembic's view of the migrations in `folder`, to be run over `connection`."""
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, revision: str = "head", folder: Path = _FOLDER) -> None:
    """Bring the tables to `revision` inside the transaction that `connection` is in."""
    command.upgrade(configuration(connection, folder), revision)
