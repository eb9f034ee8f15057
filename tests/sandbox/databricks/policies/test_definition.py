from __future__ import annotations

import json

import pytest

from sandbox.databricks.policies.definition import MalformedDefinitionError, Rule, read_rules


@pytest.mark.parametrize(("definition", "problem"), [
    ("{", "is not JSON"), ("[]", "is not a JSON object"), ('[{"foo": "bar"}]', "is not a JSON object"),
    ("[" * 100_000, "is not JSON"),
    ('{"a": 1}', "a: the rule is not a JSON object"), ('{"a": {}}', "a: the type None is not one of fixed, forbidden"),
    ('{"a": {"type": "frozen"}}', "a: the type 'frozen'"), ('{"a": {"type": []}}', "a: the type []"),
    ('{"a": {"type": "fixed"}}', "a: a fixed rule needs a value"),
    ('{"a": {"type": "allowlist", "values": []}}', "needs a list of values"),
    ('{"a": {"type": "blocklist", "values": "x"}}', "needs a list of values"),
    ('{"a": {"type": "regex"}}', "needs a pattern"), ('{"a": {"type": "regex", "pattern": "("}}', "no regular"),
    ('{"a": {"type": "range"}}', "minValue, maxValue or both"),
    ('{"a": {"type": "range", "maxValue": "x"}}', "minValue, maxValue or both"),
    ('{"a": {"type": "range", "maxValue": true}}', "minValue, maxValue or both"),
    ('{"a": {"type": "unlimited", "isOptional": "yes"}}', "isOptional is not a boolean"),
    ('{"": {"type": "forbidden"}}', "is no attribute path"), ('{"a..b": {"type": "forbidden"}}', "no attribute path"),
])
def test_malformed_definition_is_told_by_its_path(definition: str, problem: str) -> None:
    with pytest.raises(MalformedDefinitionError) as refused:
        read_rules(definition)
    assert problem in str(refused.value)


def test_rules_are_read_in_their_order() -> None:
    rules = read_rules(json.dumps({
        "b": {"type": "fixed", "value": 0, "hidden": True}, "a.b": {"type": "range", "maxValue": 5, "defaultValue": 3},
        "c": {"type": "unlimited", "isOptional": True}}))
    assert rules == (
        Rule("b", "fixed", 0), Rule("a.b", "range", (None, 5), 3), Rule("c", "unlimited", is_optional=True))
