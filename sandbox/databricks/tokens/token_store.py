"""The access tokens a workspace gave out. What is kept of one is its hash, so that no file holds a secret."""
from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from sandbox.clock import Clock
from sandbox.databricks.collection import Collection
from sandbox.databricks.memory import Memory


@dataclass(frozen=True)
class AccessToken:
    """`token_id` is the SHA-256 of the token itself. Owner and creator are ids of principals, times in seconds."""

    token_id: str
    owner_id: str
    creator_id: str
    created: float
    expires: float | None = None
    comment: str = ""


class Tokens:
    """Personal access tokens, and those the OAuth token endpoint issued, which no list shows."""

    def __init__(self, memory: Memory, clock: Clock) -> None:
        self._clock = clock
        self._personal = memory.collection("token", AccessToken)
        self._by_owner = self._personal.index(lambda token: [token.owner_id])
        self._by_creator = self._personal.index(lambda token: [token.creator_id])
        self._issued = memory.collection("oauth_token", AccessToken)
        self._issued_by_owner = self._issued.index(lambda token: [token.owner_id])

    def __contains__(self, value: object) -> bool:
        return isinstance(value, str) and self.owner_id(value) is not None

    def owner_id(self, value: str) -> str | None:
        """The id of the principal whose valid token `value` is."""
        token_id = hash_of(value)
        token = self._personal.get(token_id) or self._issued.get(token_id)
        return token.owner_id if token is not None and self._is_valid(token) else None

    def add(self, value: str, owner_id: str, *, creator_id: str = "", lifetime: float | None = None,
            comment: str = "") -> AccessToken:
        """Keep a personal access token; one without `lifetime` (seconds) never ends."""
        now = self._clock.now()
        token = AccessToken(hash_of(value), owner_id, creator_id or owner_id, now,
                            None if lifetime is None else now + lifetime, comment)
        self._personal[token.token_id] = token
        return token

    def issue(self, value: str, owner_id: str, lifetime: float) -> None:
        """Keep a token of the token endpoint. All live equally long, so the oldest are the first to be over."""
        now = self._clock.now()
        over = []
        for token in self._issued.values():
            if self._is_valid(token):
                break
            over.append(token.token_id)
        for token_id in over:
            del self._issued[token_id]
        self._issued[hash_of(value)] = AccessToken(hash_of(value), owner_id, owner_id, now, now + lifetime)

    def of(self, owner_id: str) -> list[AccessToken]:
        """The valid personal tokens of a principal, oldest first. Those that are over are forgotten."""
        return self._valid(self._by_owner.of(owner_id))

    def created_by(self, creator_id: str) -> list[AccessToken]:
        return self._valid(self._by_creator.of(creator_id))

    def all(self) -> list[AccessToken]:
        return self._valid(list(self._personal.values()))

    def get(self, token_id: str) -> AccessToken | None:
        token = self._personal.get(token_id)
        return token if token is not None and self._is_valid(token) else None

    def change(self, token: AccessToken) -> None:
        self._personal[token.token_id] = token

    def remove(self, token_id: str) -> None:
        del self._personal[token_id]

    def remove_personal_of(self, owner_id: str) -> None:
        _remove(self._personal, self._by_owner.of(owner_id))

    def remove_all_of(self, owner_id: str) -> None:
        """Nothing that was ever given out lets this principal in any more."""
        self.remove_personal_of(owner_id)
        _remove(self._issued, self._issued_by_owner.of(owner_id))

    def _valid(self, tokens: list[AccessToken]) -> list[AccessToken]:
        _remove(self._personal, [token for token in tokens if not self._is_valid(token)])
        return [token for token in tokens if self._is_valid(token)]

    def _is_valid(self, token: AccessToken) -> bool:
        return token.expires is None or self._clock.now() < token.expires


def hash_of(secret: str) -> str:
    """What is kept of a secret. Ours are long and random, so a hash without salt tells nothing."""
    return sha256(secret.encode()).hexdigest()


def _remove(tokens: Collection[AccessToken], gone: list[AccessToken]) -> None:
    for token in gone:
        del tokens[token.token_id]
