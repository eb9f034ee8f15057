from __future__ import annotations

import pytest

from sandbox.databricks.notebooks.kernel.widgets import InputWidgetNotDefined, Widgets


def test_what_is_given_goes_before_the_default() -> None:
    widgets = Widgets({"a": "given"})
    widgets.text("a", "default", "Label")
    widgets.combobox("b", "x", ["y"])
    assert (widgets.get("a"), widgets.get("b"), widgets.getArgument("c", "else")) == ("given", "x", "else")


def test_removed_widgets_keep_what_was_given() -> None:
    widgets = Widgets({"a": "given"})
    widgets.text("a", "default")
    widgets.text("b", "default")
    widgets.text("c", "default")
    widgets.remove("c")
    assert widgets.getAll() == {"b": "default", "a": "given"}
    widgets.removeAll()
    assert widgets.getAll() == {"a": "given"}


def test_a_default_must_be_a_choice() -> None:
    with pytest.raises(ValueError, match="none of its choices"):
        Widgets({}).multiselect("a", "z", ["x"])


def test_run_gives_values_later() -> None:
    widgets = Widgets({})
    widgets.give({"a": "1"})
    assert widgets.get("a") == "1"
    with pytest.raises(InputWidgetNotDefined, match="No input widget named b is defined"):
        widgets.get("b")
