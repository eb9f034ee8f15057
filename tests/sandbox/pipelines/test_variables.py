from __future__ import annotations

import pytest

from sandbox.pipelines.variables import Entry, Variables, environment_name, replace_macros


def made(values: dict[str, str], secrets: tuple[str, ...] = ()) -> Variables:
    variables = Variables()
    for name, value in values.items():
        variables.set(name, value, secret=name in secrets)
    variables.recalculate()
    return variables


EXPANSIONS = [
    pytest.param({"v1": "before$(v2)after", "v2": "$(v3)world", "v3": "hello"},
                 {"v1": "beforehelloworldafter", "v2": "helloworld"}, id="recursive"),
    pytest.param({"v1": "b$(v2)$(v2)a", "v2": "x"}, {"v1": "bxxa"}, id="consecutive"),
    pytest.param({"v1": "1_$(v2)", "v2": "2_$(v3)", "v3": "3_$(v2)"},
                 {"v1": "1_$(v2)", "v2": "2_$(v3)", "v3": "3_$(v2)"}, id="adjacent cycle"),
    pytest.param({"v1": "1_$(v2)", "v2": "2_$(v3)", "v3": "3_$(v1)"},
                 {"v1": "1_$(v2)", "v2": "2_$(v3)", "v3": "3_$(v1)"}, id="cycle"),
    pytest.param({"v1": "$(v1)"}, {"v1": "$(v1)"}, id="itself"),
    pytest.param({"v1": "$(V2)", "v2": "x"}, {"v1": "x"}, id="names fold case"),
    pytest.param({"v1": "$(nosuch) $()"}, {"v1": "$(nosuch) $()"}, id="unknown stays"),
    pytest.param({"v1": "$(v2", "v2": "x"}, {"v1": "$(v2"}, id="open end"),
]


@pytest.mark.parametrize(("values", "expanded"), EXPANSIONS)
def test_values_are_expanded_recursively(values: dict[str, str], expanded: dict[str, str]) -> None:
    variables = made(values)
    assert {name: variables.value(name) for name in expanded} == expanded


def test_a_value_that_takes_in_a_secret_is_secret() -> None:
    variables = made({"v1": "a $(v2)", "v2": "b $(v3)", "v3": "x", "v4": "y"}, ("v3",))
    assert {entry.name for entry in variables if entry.secret} == {"v1", "v2", "v3"}
    assert variables.value("v1") == "a b x"


INPUTS = [
    ("before $($(v1) after", "before $(one after"),
    ("$(v2)", "$(late)"),
    ("$(a$(v1))", "$(aone)"),
    ("$(v1)$(v1)", "oneone"),
    ("$(nosuch)", "$(nosuch)"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expanded"), INPUTS)
def test_an_input_gets_one_pass(text: str, expanded: str) -> None:
    variables = made({"v1": "one", "v2": "$(late)"})
    variables.set("late", "too late")
    assert variables.expand(text) == expanded


def test_a_secret_in_a_text_is_told() -> None:
    entry = Entry("s", "x", secret=True)
    assert replace_macros("a$(s)", lambda _: entry) == ("ax", True)


def test_a_secret_never_becomes_public_again() -> None:
    variables = made({"key": "x"}, ("key",))
    variables.set("KEY", "y")
    assert variables.get("key") == Entry("KEY", "y", secret=True)


CHAIN = {f"v{number}": f"$(v{number + 1})" for number in range(1, 51)} | {"v51": "Final value"}
WARNED = [
    pytest.param({"a": "$(b)", "b": "$(a)"}, 2, id="of two"),
    pytest.param({"v1": "1_$(v2)", "v2": "2_$(v3)", "v3": "3_$(v2)"}, 3, id="and one that leads into it"),
    pytest.param({"v1": "1_$(v2)", "v2": "2_$(v3)", "v3": "3_$(v1)"}, 3, id="of three"),
    pytest.param(CHAIN, 1, id="too deep"),
    pytest.param({"a": "$(nosuch)"}, 0, id="unknown"),
]


@pytest.mark.parametrize(("values", "warnings"), WARNED)
def test_each_value_that_cannot_be_expanded_is_warned_about(values: dict[str, str], warnings: int) -> None:
    variables = Variables()
    for name, value in values.items():
        variables.set(name, value)
    assert len(variables.recalculate()) == warnings


def test_a_chain_of_fifty_is_expanded_and_one_more_is_not() -> None:
    variables = made(CHAIN)
    assert [variables.value(name) for name in ("v1", "v2", "v51")] == ["$(v2)", "Final value", "Final value"]


NAMES = [
    ("test.value1", "TEST_VALUE1"), ("test value2", "TEST_VALUE2"), ("tesT vaLue.3", "TEST_VALUE_3"),
    (".tesT vaLue 4", "_TEST_VALUE_4"), ("TEST_VALUE_5", "TEST_VALUE_5"), (".. TEST   VALUE. 6", "___TEST___VALUE__6"),
    ("", ""), (" ", "_"), (".", "_"), ("a-b", "A-B"),
]


@pytest.mark.parametrize(("name", "exported"), NAMES)
def test_names_in_the_environment_are_upper_case_without_dots_and_spaces(name: str, exported: str) -> None:
    assert environment_name(name) == exported
