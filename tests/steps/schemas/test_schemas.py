from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

ROOT = Path(__file__).parents[3]
SCHEMAS = ROOT / "steps" / "schemas"
FOR_EDITORS = ROOT / "files_for_remote_repo" / "pipelines_definitions" / "schemas"
CONTENTS: dict[str, Any] = {path.name: json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob("*.json")}
REGISTRY: Registry[Any] = Registry().with_resources(
    (name, Resource.from_contents(content)) for name, content in CONTENTS.items())
TEAM_FILES = {"workspaces": "workspaces", "cluster_config": "cluster_config", "libraries": "libraries",
              "jobs_config": "team_jobs_config", "access_control_list": "access_control_list"}
PRODUCT_FILES = ("cluster_and_libraries_config", "environment_config", "jobs_config")
CONFIG_FILES = [
    *((ROOT / "files_for_remote_repo" / f"{name}.json", name) for name in PRODUCT_FILES),
    *((ROOT / "teams" / team / f"{name}.json", schema)
      for team in ("data_science", "data_engineering") for name, schema in TEAM_FILES.items()),
]


def fields(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema inside `schema` that stands for a value, with its path."""
    if isinstance(schema, dict):
        for key in ("properties", "$defs"):
            for name, inner in schema.get(key, {}).items():
                yield f"{path}.{name}", inner
                yield from fields(inner, f"{path}.{name}")
        for inner in [schema.get("items"), schema.get("additionalProperties"), *schema.get("anyOf", [])]:
            if isinstance(inner, dict):
                yield f"{path}[]", inner
                yield from fields(inner, f"{path}[]")


ALL_FIELDS = [pytest.param(field, id=f"{name}{path}") for name, content in CONTENTS.items()
              for path, field in fields(content)]


def resolved(name: str, field: dict[str, Any]) -> Draft202012Validator:
    definitions = {"$defs": CONTENTS[name].get("$defs", {})}
    return Draft202012Validator({"$id": name, **definitions, **field}, registry=REGISTRY)


@pytest.mark.parametrize("name", CONTENTS)
def test_a_schema_is_valid_draft_2020_12(name: str) -> None:
    Draft202012Validator.check_schema(CONTENTS[name])
    assert CONTENTS[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert CONTENTS[name]["$id"] == name


@pytest.mark.parametrize("name", CONTENTS)
def test_a_schema_has_a_title_and_says_what_the_file_is(name: str) -> None:
    assert CONTENTS[name]["title"]
    assert CONTENTS[name]["description"]


@pytest.mark.parametrize("field", ALL_FIELDS)
def test_every_field_is_described(field: dict[str, Any]) -> None:
    assert field.get("description") or "$ref" in field


@pytest.mark.parametrize("field", ALL_FIELDS)
def test_objects_with_known_fields_allow_no_others(field: dict[str, Any]) -> None:
    assert "properties" not in field or field["additionalProperties"] is False


@pytest.mark.parametrize("name", CONTENTS)
def test_every_example_validates(name: str) -> None:
    whole = [("", CONTENTS[name])]
    for path, field in [*whole, *fields(CONTENTS[name])]:
        for example in field.get("examples", []):
            assert resolved(name, field).is_valid(example), f"{path}: {example}"


@pytest.mark.parametrize(("path", "name"), [pytest.param(*case, id=str(case[0].relative_to(ROOT)))
                                            for case in CONFIG_FILES])
def test_every_shipped_config_file_validates(path: Path, name: str) -> None:
    validator = resolved(f"{name}.schema.json", CONTENTS[f"{name}.schema.json"])
    assert [error.message for error in validator.iter_errors(json.loads(path.read_text("utf-8")))] == []


@pytest.mark.parametrize("name", PRODUCT_FILES)
def test_editors_of_a_product_get_the_same_schema(name: str) -> None:
    file = f"{name}.schema.json"
    assert (FOR_EDITORS / file).read_bytes() == (SCHEMAS / file).read_bytes()


@pytest.mark.parametrize("name", PRODUCT_FILES)
def test_a_product_file_names_its_schema(name: str) -> None:
    file = ROOT / "files_for_remote_repo" / f"{name}.json"
    named = json.loads(file.read_text("utf-8"))["$schema"]
    assert (file.parent / named).is_file()


def test_editors_get_no_reference_out_of_the_folder() -> None:
    known = {path.name for path in FOR_EDITORS.iterdir()}
    texts = [path.read_text("utf-8") for path in FOR_EDITORS.iterdir()]
    references = [part.split('"')[1] for text in texts for part in text.split('"$ref":')[1:]]
    assert all(reference.startswith("#") or reference.partition("#")[0] in known for reference in references)


def test_a_user_may_ask_for_nothing_a_team_template_cannot_hold() -> None:
    main = CONTENTS["cluster_and_libraries_config.schema.json"]["$defs"]["cluster_parameters"]["properties"]
    assert main.keys() <= CONTENTS["cluster_config.schema.json"]["properties"].keys()


def test_a_job_may_ask_for_nothing_a_team_template_cannot_hold() -> None:
    team = CONTENTS["team_jobs_config.schema.json"]["properties"]
    defined = CONTENTS["jobs_config.schema.json"]["$defs"]
    assert {"schedule", "timeout_seconds", "max_concurrent_runs", "email_notifications", "parameters"} <= team.keys()
    named = {"task_key", "notebook", "python_file", "wheel", "parameters"}
    assert defined["task"]["properties"].keys() - named <= team["tasks"]["items"]["properties"].keys()


def test_what_differs_by_environment_is_all_but_what_names_the_job() -> None:
    defined = CONTENTS["jobs_config.schema.json"]["$defs"]
    job, differences = defined["job"]["properties"], defined["differences"]["properties"]
    assert job.keys() - differences.keys() == {"notebook", "name", "environments"}
    assert all(job[name] == field for name, field in differences.items())
