"""What the rules of a policy say to a cluster specification. Pure: rules and a specification in, values and words out.

The words begin as those of https://github.com/databricks/terraform-provider-databricks/issues/403.
"""
from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.databricks.policies.attributes import OPEN_MAPS, Spec, Steps, elements, put, value_at
from sandbox.databricks.policies.definition import FIXED, FORBIDDEN, Rule
from sandbox.databricks.policies.virtual_attributes import VIRTUAL

# A cluster has a number of workers or a range of them, and machines of its own or those of a pool.
_EXCLUSIVE = {"num_workers": "autoscale", "autoscale": "num_workers", "node_type_id": "instance_pool_id",
              "driver_node_type_id": "instance_pool_id", "azure_attributes": "instance_pool_id"}


def filled(spec: Spec, rules: Sequence[Rule], *, with_fixed: bool, with_defaults: bool) -> Spec:
    """`spec` with what it leaves out and the policy knows: fixed values, and defaults where they are asked for."""
    whole = copy.deepcopy(spec)
    for rule in rules:
        value = rule.limit if rule.type == FIXED and with_fixed else rule.default if with_defaults else None
        steps = rule.steps
        if value is None or "*" in steps or rule.path in VIRTUAL or _EXCLUSIVE.get(steps[0], "") in whole:
            continue
        if value_at(whole, steps) is None:
            put(whole, steps, text_of(value) if steps[0] in OPEN_MAPS else value)
    return whole


def violations(rules: Sequence[Rule], spec: Spec, virtual: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong by attribute path, in the order of the rules; empty if the policy allows `spec`."""
    numbered = {rule.steps for rule in rules}
    problems: dict[str, str] = {}
    for rule in rules:
        for steps in elements(spec, rule.steps):
            if "*" in rule.steps and steps in numbered:
                continue  # a rule for this very element goes before the one for all
            value = virtual[rule.path] if rule.path in VIRTUAL else _present(spec, steps)
            problem = _problem(rule, value)
            if problem:
                problems[".".join(steps)] = problem
    return problems


def told(problems: Mapping[str, str]) -> str:
    """All of them as the one message of the service."""
    return "; ".join(f"Validation failed for {_sentence(path, problem)}" for path, problem in problems.items())


def text_of(value: object) -> str:
    """A value as it is compared and shown: policies write numbers and booleans where a request has text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _present(spec: Spec, steps: Steps) -> Any:  # noqa: ANN401 - a value of the request
    value = value_at(spec, steps)
    if value is None and steps == ("driver_node_type_id",):
        return spec.get("node_type_id")
    return value


def _problem(rule: Rule, value: Any) -> str:  # noqa: ANN401 - a value of the request
    if rule.type == FORBIDDEN:
        return "" if value is None else f'the value must not be present (is "{text_of(value)}")'
    if value is None:
        return "" if rule.is_optional else "the value must be present"
    wanted = _wanted(rule, value)
    return f'{wanted} (is "{text_of(value)}")' if wanted else ""


def _wanted(rule: Rule, value: Any) -> str:  # noqa: ANN401 - a value of the request
    """What the value would have to be; empty if it is."""
    text = text_of(value)
    if rule.type == FIXED and text != text_of(rule.limit):
        return f"the value must be {text_of(rule.limit)}"
    if rule.type == "allowlist" and text not in map(text_of, rule.limit):
        return f"the value must be one of {', '.join(map(text_of, rule.limit))}"
    if rule.type == "blocklist" and text in map(text_of, rule.limit):
        return f"the value must be none of {', '.join(map(text_of, rule.limit))}"
    if rule.type == "regex" and not rule.limit.fullmatch(text):
        return f"the value must match {rule.limit.pattern}"
    return _out_of_range(rule, text) if rule.type == "range" else ""


def _out_of_range(rule: Rule, text: str) -> str:
    low, high = rule.limit
    try:
        number = float(text)
    except ValueError:
        return "the value must be a number"
    if low is not None and not number >= low:
        return f"the value must be at least {text_of(low)}"
    if high is not None and not number <= high:
        return f"the value must be at most {text_of(high)}"
    return ""


def _sentence(path: str, problem: str) -> str:
    root, _, key = path.partition(".")
    if root in OPEN_MAPS and problem == "the value must be present":
        return f"{root}, {key} must be present"
    return f"{path}, {problem}"
