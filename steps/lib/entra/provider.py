"""Ways to prove who the pipeline is: one provider at a time, chosen by which variables are set."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from steps.lib.clock import Clock
from steps.lib.entra.resource import Resource
from steps.lib.errors import InputError
from steps.lib.settings import Reader


@dataclass(frozen=True)
class Token:
    """`seconds` is how long it lives from now on; None where nobody says."""

    value: str
    seconds: float | None = None

    def __repr__(self) -> str:
        return f"Token(***, {self.seconds})"


TokenMaker = Callable[[Resource, Mapping[str, str], Clock], Token]


@dataclass(frozen=True)
class Provider:
    """One way to get a token. It is chosen when `key` is set; then every other variable it `needs` must be, too.

    Where no key is set, a provider of which something is set was meant; `ambient` is what it needs besides, and the
    agent may set for every step. `basic`: its token goes as the password of HTTP Basic, not as a bearer.
    """

    title: str
    key: str
    needs: tuple[str, ...]
    make: TokenMaker
    basic: bool = False
    ambient: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.needs, *self.ambient, self.key)

    @property
    def variables(self) -> str:
        return ", ".join(self.names)


def provider_of(providers: Sequence[Provider], environ: Mapping[str, str], place: str) -> Provider:
    """The one of `providers` that the variables of `environ` ask for; none or two are an error that lists their needs.

    `place` is what a person edits to set them.
    """
    reader = Reader(environ)
    chosen = [provider for provider in providers if reader.optional(provider.key)]
    chosen = chosen or _meant(providers, reader)
    if len(chosen) != 1:
        raise InputError([f"{place}: {_count(chosen)}, exactly one is expected: {_offers(providers)}"])
    for name in chosen[0].names:
        reader.text(name)
    reader.check()
    return chosen[0]


def _meant(providers: Sequence[Provider], reader: Reader) -> list[Provider]:
    """The first provider of which something is set: the ones after it in the table are the less usual ones."""
    return [provider for provider in providers if any(map(reader.optional, provider.needs))][:1]


def _count(chosen: Sequence[Provider]) -> str:
    if not chosen:
        return "no credential is set"
    count = "two credentials" if len(chosen) == 2 else f"{len(chosen)} credentials"
    return f"{count} are set ({', '.join(provider.key for provider in chosen)})"


def _offers(providers: Sequence[Provider]) -> str:
    return "; ".join(f"{provider.title} needs {provider.variables}" for provider in providers)
