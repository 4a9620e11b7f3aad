"""The OpenAPI document is one that clients can be generated from: names that stay, examples that hold, nothing left unsaid."""

import json
import re

import jsonschema
import pytest
from typer.testing import CliRunner

from kpiflow.access.scopes import BY_NAME
from kpiflow.cli.main import app
from kpiflow.web.api.app import document


@pytest.fixture(scope="module")
def said() -> dict:
    return document()


def operations(said: dict) -> list[tuple[str, dict]]:
    return [(f"{verb} {path}", one) for path, verbs in said["paths"].items() for verb, one in verbs.items()]


def test_operations_have_names_tags_and_scopes_of_their_own(said):
    names = [one["operationId"] for _, one in operations(said)]
    assert len(set(names)) == len(names) > 20
    known = {tag["name"] for tag in said["tags"]}
    for route, one in operations(said):
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", one["operationId"]), route
        assert len(one["tags"]) == 1, route
        assert set(one["tags"]) <= known, route
        assert one["summary"], route
        assert one["operationId"] == "list_places" or (one["x-scope"] in BY_NAME and one["security"]), route


def test_every_answer_is_a_named_model_with_an_example_that_fits(said):
    for route, one in operations(said):
        for status, answer in one["responses"].items():
            for media, content in answer.get("content", {}).items():
                if media in ("application/json", "application/problem+json"):
                    name = content["schema"]["$ref"].rpartition("/")[2]
                    model = said["components"]["schemas"][name]
                    assert model["examples"], f"{route} {status}: {name}"
                    whole = {**model, "components": said["components"]}
                    for shown in model["examples"]:
                        jsonschema.validate(shown, whole)


def test_parameters_have_no_unions_and_say_what_they_mean(said):
    for route, one in operations(said):
        for given in one.get("parameters", ()):
            assert not {"anyOf", "oneOf"} & set(given["schema"]), f"{route} {given['name']}"
            assert given["description"], f"{route} {given['name']}"


def parts(schema: object, at: str = ""):
    """Every schema inside a document, with where it stands."""
    if isinstance(schema, list):
        for number, one in enumerate(schema):
            yield from parts(one, f"{at}/{number}")
    if isinstance(schema, dict):
        yield at, schema
        for name, one in schema.items():
            if name not in ("examples", "example", "default", "enum"):
                yield from parts(one, f"{at}/{name}")


def test_every_list_and_every_object_says_what_is_in_it_as_clients_need_it(said):
    seen = 0
    for at, one in parts({"schemas": said["components"]["schemas"], "paths": said["paths"]}):
        kinds = [one["type"]] if isinstance(one.get("type"), str) else one.get("type")
        if not isinstance(kinds, list):
            continue
        seen += 1
        assert "array" not in kinds or one.get("items"), at
        assert "object" not in kinds or one.get("properties") or isinstance(one.get("additionalProperties"), dict), at
        assert "nullable" not in one, at
    assert seen > 300


def test_the_command_prints_the_document(said):
    done = CliRunner().invoke(app, ["openapi"])
    assert json.loads(done.stdout) == json.loads(json.dumps(said))
