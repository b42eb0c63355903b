"""The table of what the server answers, as OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

import mikoshi
from mikoshi.serve.api import JSON, Endpoint
from mikoshi.serve.models import Input, Refusal
from mikoshi.text.json import Json


def openapi(table: Sequence[Endpoint], name: str) -> Json:
    """The table as OpenAPI 3.1."""
    models: set[type[BaseModel]] = {Refusal, *(each.answer for each in table)}
    models |= {each.body for each in table if each.body}
    modes = [(each, "serialization") for each in sorted(models, key=lambda each: each.__name__)]
    refs, schemas = models_json_schema(modes, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    paths: dict[str, Json] = {}
    for each in table:
        told: dict[str, Json] = {
            "summary": each.about,
            "operationId": f"{each.method.lower()}{each.at}".replace("/", "-").strip("-{}"),
            "parameters": [*_parameters(each.path, "path"), *_parameters(each.query, "query")],
            "responses": {
                **{str(status): _content(refs, each.answer) for status in each.statuses},
                **{str(status): _content(refs, Refusal) for status in each.refused()},
            },
        }
        if each.body:
            told["requestBody"] = {"required": True, **_content(refs, each.body)}
            told["requestBody"].pop("description")
        paths.setdefault(each.at.replace(":path", ""), {})[each.method.lower()] = told
    return {
        "openapi": "3.1.0",
        "info": {"title": name, "version": mikoshi.__version__},
        "paths": paths,
        "components": {"schemas": schemas["$defs"]},
    }


def _content(refs: Mapping[Any, Json], model: type[BaseModel]) -> Json:
    schema = refs[model, "serialization"]
    return {
        "description": (model.__doc__ or "").split("\n")[0],
        "content": {JSON: {"schema": schema}},
    }


def _parameters(kind: type[Input] | None, place: str) -> list[Json]:
    if kind is None:
        return []
    schema = kind.model_json_schema()
    return [
        {"name": name, "in": place, "required": place == "path", "schema": each}
        for name, each in schema["properties"].items()
    ]
