"""One HTTP exchange with an organization: what may be repeated is, and every refusal comes out as a typed error."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

import requests

from steps.lib.azure_devops import errors
from steps.lib.azure_devops.error_replies import error_of
from steps.lib.azure_devops.throttle import Throttle
from steps.lib.clock import Clock
from steps.lib.http.retry import Retries, RetryLimits, retry_after
from steps.lib.http.session import Session, reason

# The gateways in front of the service answer 502 and 504 for a back end that is restarted.
RETRIED_STATUSES = (408, 429, 502, 503, 504)
FIRST_CONTACT_SECONDS = 15.0
_ALWAYS_REPEATABLE = ("GET", "HEAD", "OPTIONS")
_LOST = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
_CLOUD = re.compile(r"(?:[A-Za-z0-9-]+\.)*(?:dev\.azure\.com|visualstudio\.com)")
_REPEATABLE: ContextVar[bool] = ContextVar("repeatable", default=False)


@contextmanager
def writes_repeatable(repeatable: bool) -> Iterator[None]:
    """Whether what is sent inside, in this thread, does no more when it arrives twice."""
    token = _REPEATABLE.set(repeatable)
    try:
        yield
    finally:
        _REPEATABLE.reset(token)


@dataclass(frozen=True)
class Outgoing:
    """A request as the package composed it; the version of the API stands in its `Accept`."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | bytes | None = None

    @property
    def name(self) -> str:
        return f"{self.method} {urlsplit(self.url).path}"


class Exchange:
    """Sends for all threads of one connection. `credential` is the variable that a person edits to be somebody else."""

    def __init__(self, organization: str, credential: str, session: Session, *, clock: Clock,
                 limits: RetryLimits) -> None:
        self._organization = organization
        self._credential = credential
        self._session = session
        self._clock = clock
        self._limits = limits
        self._throttle = Throttle(clock)
        self._answered = False

    def send(self, request: Outgoing) -> requests.Response:
        """A reply of success. A reply is always read to its end, so that a lost one counts as lost."""
        self._check_address(request)
        # Before the clock of the retries starts: being slowed down is no failure.
        self._throttle.wait()
        retries = Retries(self._limits, self._clock)
        repeatable = request.method in _ALWAYS_REPEATABLE or _REPEATABLE.get()
        while True:
            try:
                reply = self._once(request)
            except requests.RequestException as error:
                budget = None if self._answered else FIRST_CONTACT_SECONDS
                if not (repeatable and _is_loss(error) and retries.wait(budget=budget)):
                    raise errors.Unreachable(self.refusal(request.name, reason(error))) from error
                continue
            self._answered = True
            self._throttle.note(reply)
            asked = retry_after(reply.headers.get("Retry-After"), self._clock.now())
            # A refused rate is refused before anything is done, so it harms no call to be sent again.
            may = repeatable or reply.status_code == HTTPStatus.TOO_MANY_REQUESTS
            if reply.status_code in RETRIED_STATUSES and may and retries.wait(asked):
                continue
            return self._checked(request, reply)

    def refusal(self, call: str, message: str, status: int = 0, code: str = "") -> errors.Refusal:
        return errors.Refusal(call, self._organization, self._credential, status, code, message)

    def _once(self, request: Outgoing) -> requests.Response:
        # A redirect is never followed: it would carry the token to wherever the reply points.
        return self._session.request(request.method, request.url, headers=dict(request.headers), data=request.body,
                                     allow_redirects=False)

    def _checked(self, request: Outgoing, reply: requests.Response) -> requests.Response:
        if _asks_to_sign_in(request, reply):
            where = reply.headers.get("Location", "")
            said = f"redirect to {where}" if where else f"a page of type {reply.headers.get('Content-Type', '')!r}"
            raise errors.NotAuthenticated(self.refusal(request.name, said, reply.status_code))
        if request.method == "OPTIONS" and reply.status_code == HTTPStatus.NOT_FOUND:
            message = "it has no table of locations"
            raise errors.NotOffered(self.refusal(request.name, message, reply.status_code))
        if not HTTPStatus.OK <= reply.status_code < HTTPStatus.MULTIPLE_CHOICES:
            raise error_of(reply, request.name, self._organization, self._credential)
        return reply

    def _check_address(self, request: Outgoing) -> None:
        """The organization says where its services are; no token goes beyond its own host and the service's domains."""
        ours, theirs = urlsplit(self._organization), urlsplit(request.url)
        if (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc):
            return
        if theirs.scheme == "https" and _is_cloud(ours.netloc) and _is_cloud(theirs.netloc):
            return
        message = f"it sends this call to {theirs.scheme}://{theirs.netloc}, which is another service"
        raise errors.NotAzureDevOps(self.refusal(request.name, message))


def _asks_to_sign_in(request: Outgoing, reply: requests.Response) -> bool:
    """The sign-in page instead of an answer: as a redirect, with status 203, or as a success of type text/html."""
    if reply.status_code == HTTPStatus.NON_AUTHORITATIVE_INFORMATION or reply.is_redirect:
        return True
    is_page = reply.headers.get("Content-Type", "").lower().startswith("text/html")
    return reply.ok and is_page and "text/html" not in request.headers.get("Accept", "")


def _is_cloud(host: str) -> bool:
    return _CLOUD.fullmatch(host) is not None


def _is_loss(error: requests.RequestException) -> bool:
    return isinstance(error, _LOST) and not isinstance(error, requests.exceptions.SSLError)
