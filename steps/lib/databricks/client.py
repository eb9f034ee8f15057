"""The client of a workspace's REST API: JSON in, JSON out, typed errors, and repeats only of what may be repeated."""
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests

from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.databricks import error_replies
from steps.lib.databricks.errors import DatabricksError, NotDatabricks, Refusal, Unreachable
from steps.lib.databricks.rates import Rates
from steps.lib.databricks.reply_shapes import shapes_of
from steps.lib.http.fields import Fields
from steps.lib.http.retry import Retries, RetryLimits, retry_after
from steps.lib.http.session import Session, reason
from steps.lib.http.shapes import mismatch

_THROTTLED = 429
_UNAVAILABLE = 503
# A host that never answered is most likely a wrong name: nobody should wait two minutes to be told.
FIRST_CONTACT_SECONDS = 15.0
_LOST = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)

Answer = dict[str, Any]


@dataclass(frozen=True)
class Target:
    """Where calls go, and the file a person edits to let them go elsewhere."""

    host: str
    file: str


class Databricks:
    """One workspace. Every method raises a `DatabricksError` where the workspace refuses or cannot be reached."""

    def __init__(self, target: Target, session: Session, *, clock: Clock = SYSTEM_CLOCK,
                 limits: RetryLimits | None = None) -> None:
        self._target = target
        self._session = session
        self._clock = clock
        self._limits = limits or RetryLimits()
        self._rates = Rates(clock)
        self._answered = False

    @property
    def host(self) -> str:
        return self._target.host

    def get(self, path: str, params: Mapping[str, object] | None = None) -> Answer:
        return self._call("GET", path, params=params, repeatable=True)

    def put(self, path: str, body: object) -> Answer:
        return self._call("PUT", path, body=body, repeatable=True)

    def post(self, path: str, body: object, *, repeatable: bool = False) -> Answer:
        """`repeatable`: the same call twice does no more than once, so it may be sent again after a lost reply."""
        return self._call("POST", path, body=body, repeatable=repeatable)

    def patch(self, path: str, body: object, *, repeatable: bool = False) -> Answer:
        return self._call("PATCH", path, body=body, repeatable=repeatable)

    def pages(self, path: str, key: str, params: Mapping[str, object] | None = None) -> Iterator[Answer]:
        """Each row of the list `key`, over all pages."""
        for answer in self.answers(path, params):
            yield from self._rows(f"GET {path}", answer, key)

    def answers(self, path: str, params: Mapping[str, object] | None = None) -> Iterator[Answer]:
        """Each page of an answer that comes in several; the filters of `params` go with every page."""
        seen: set[str] = set()
        query = dict(params or {})
        while True:
            answer = self.get(path, query)
            yield answer
            token = answer.get("next_page_token")
            if not token:
                return
            if token in seen:
                message = f"next_page_token {token!r} came twice"
                raise NotDatabricks(self._refusal(f"GET {path}", 200, message))
            seen.add(token)
            query["page_token"] = token

    def rows(self, path: str, key: str, params: Mapping[str, object] | None = None) -> list[Answer]:
        """The rows of the list `key` of an answer that has no pages; an empty list may be missing or null."""
        return self._rows(f"GET {path}", self.get(path, params), key)

    def _rows(self, call: str, answer: Answer, key: str) -> list[Answer]:
        rows = answer.get(key) or []
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return [self._fields(call, 200, row) for row in rows]
        raise NotDatabricks(self._refusal(call, 200, f"{key}: {json.dumps(rows)[:200]}"))

    def _fields(self, call: str, status: int, row: Answer) -> Answer:
        """`row`, of which a field that is not there is a strange reply, and no bug of ours."""
        return Fields(row, lambda name: NotDatabricks(self._refusal(call, status, f"the reply has no field {name!r}")))

    def _call(self, method: str, path: str, *, params: Mapping[str, object] | None = None, body: object = None,
              repeatable: bool) -> Answer:
        retries = Retries(self._limits, self._clock)
        call = f"{method} {path}"
        pace = self._rates.of(call)
        while True:
            if pace:
                pace.wait()
            try:
                reply = self._send(method, path, params, body)
            except requests.RequestException as error:
                budget = None if self._answered else FIRST_CONTACT_SECONDS
                if not (repeatable and _is_loss(error) and retries.wait(budget=budget)):
                    raise Unreachable(self._refusal(call, 0, reason(error))) from error
                continue
            self._answered = True
            asked = retry_after(reply.headers.get("Retry-After"), self._clock.now())
            if pace and reply.status_code == _THROTTLED:
                pace.slow_down(asked)
            # What was turned away at the door has done nothing, whatever it is.
            is_repeated = reply.status_code == _THROTTLED or (reply.status_code == _UNAVAILABLE and repeatable)
            if is_repeated and retries.wait(asked):
                continue
            return self._read(call, reply)

    def _send(self, method: str, path: str, params: Mapping[str, object] | None, body: object) -> requests.Response:
        # A redirect is never followed: it would carry the token to wherever the reply points.
        return self._session.request(method, self._target.host + path, params=_query(params), allow_redirects=False,
                                     json=body)

    def _read(self, call: str, reply: requests.Response) -> Answer:
        if reply.is_redirect:
            message = f"redirect to {reply.headers.get('Location', '')}"
            raise NotDatabricks(self._refusal(call, reply.status_code, message))
        if not HTTPStatus.OK <= reply.status_code < HTTPStatus.MULTIPLE_CHOICES:
            raise self._error(call, reply)
        if not reply.content and not call.startswith("GET "):
            return self._fields(call, reply.status_code, {})
        try:
            answer = reply.json()
        except (requests.JSONDecodeError, RecursionError) as error:
            said = reply.text.strip()[:200] or "nothing"
            raise NotDatabricks(self._refusal(call, reply.status_code, said)) from error
        if not isinstance(answer, dict):
            raise NotDatabricks(self._refusal(call, reply.status_code, json.dumps(answer)[:200]))
        wrong = next(filter(None, (mismatch(answer, shape) for shape in shapes_of(call.partition(" ")[2]))), "")
        if wrong:
            raise NotDatabricks(self._refusal(call, reply.status_code, wrong))
        return self._fields(call, reply.status_code, answer)

    def _error(self, call: str, reply: requests.Response) -> DatabricksError:
        code, message = error_replies.read_words(reply.status_code, reply.text)
        is_page = error_replies.is_foreign_page(reply.status_code, reply.text)
        kind = NotDatabricks if is_page else error_replies.type_of(reply.status_code, code, message)
        return kind(self._refusal(call, reply.status_code, message, code=code))

    def _refusal(self, call: str, status: int, message: str, *, code: str = "") -> Refusal:
        return Refusal(call, self._target.host, self._target.file, status, code, message)


def _query(params: Mapping[str, object] | None) -> list[tuple[str, str]]:
    return [(key, _as_text(item)) for key, value in (params or {}).items()
            for item in (value if isinstance(value, (list, tuple)) else (value,))]


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_loss(error: requests.RequestException) -> bool:
    return isinstance(error, _LOST) and not isinstance(error, requests.exceptions.SSLError)
