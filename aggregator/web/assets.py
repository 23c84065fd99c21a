"""The static files: read once, served from memory under names that change with their content."""

from __future__ import annotations

import hashlib
from importlib.resources import files

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.web.answers import Representation, answer, entity_tag

_MEDIA_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


class Assets:
    """The package's static files. Paths of requests are looked up in a table, never on a disk."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self._files: dict[str, Representation] = {}
        for path in sorted(files("aggregator.web").joinpath("static").iterdir(), key=lambda found: found.name):
            stem, _, suffix = path.name.rpartition(".")
            body = path.read_bytes()
            name = f"{stem}.{hashlib.blake2b(body, digest_size=5).hexdigest()}.{suffix}"
            self.names[path.name] = name
            self._files[name] = Representation(
                body=body,
                media_type=_MEDIA_TYPES[suffix],
                etag=entity_tag(body),
                cache="public, max-age=31536000, immutable",
            )

    async def show(self, request: Request) -> Response:
        """GET /static/<name>."""
        found = self._files.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        return answer(request, found)
