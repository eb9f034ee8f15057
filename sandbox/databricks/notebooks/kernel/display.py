"""What a notebook shows, as text."""
from __future__ import annotations


def display(value: object = None, *_: object, **__: object) -> None:
    """Data frames as tables: those of Spark by `show`, those of pandas by `to_string`."""
    for name in ("show", "to_string"):
        method = getattr(value, name, None)
        if callable(method):
            text = method()
            if text is not None:
                print(text)
            return
    print(value)


def display_html(html: str = "") -> None:
    print(html)


def show_last(value: object) -> None:
    """As an interactive Python does with the value of an expression."""
    if value is not None:
        print(repr(value))
