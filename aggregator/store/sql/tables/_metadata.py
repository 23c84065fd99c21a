"""The registry of all tables, and how their constraints are called."""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


@compiles(CreateIndex, "postgresql")
def _create_index(create: CreateIndex, compiler: Any, **options: Any) -> Any:
    """An index over some rows is over the same ones in PostgreSQL as in SQLite.

    To say so at each index would load PostgreSQL's part of SQLAlchemy into every process, 30 ms of its start.
    """
    where = create.element.dialect_options["sqlite"]["where"]
    create.element.dialect_options["postgresql"]["where"] = where
    return compiler.visit_create_index(create, **options)
