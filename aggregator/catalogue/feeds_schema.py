"""The JSON Schema of feeds.yaml, for editors that complete and check while one types.

`python -m aggregator.catalogue.feeds_schema` prints it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from aggregator.catalogue.spec import FeedsSpec


class _Generator(GenerateJsonSchema):
    """What editors need: no titles, which would only repeat the keys; and ids that are none are mistakes."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 # the overridden method's
        return False

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        found = super().dict_schema(schema)
        return {**found, "additionalProperties": False} if "patternProperties" in found else found


def schema() -> dict[str, Any]:
    """The schema, as plain data (draft 2020-12)."""
    found = FeedsSpec.model_json_schema(by_alias=True, schema_generator=_Generator)
    return {"$schema": GenerateJsonSchema.schema_dialect, **found}


def schema_text() -> str:
    """The schema as it stands in config/feeds.schema.json."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
