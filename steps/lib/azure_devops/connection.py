"""Opens an Azure DevOps organization for a step: checks the address, gets a token, closes everything at the end."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter

from steps.lib import agent
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.credentials import provider_for, token_source
from steps.lib.azure_devops.exchange import Exchange
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.errors import InputError
from steps.lib.http.retry import RetryLimits
from steps.lib.http.session import Session, is_loopback, open_session
from steps.lib.wording import got

# More than the threads of a bulk run, so that none waits for a connection or throws one away.
_CONNECTIONS = 32
_OLD_HOST = re.compile(r"https://[A-Za-z0-9-]+\.visualstudio\.com")
_ADDRESS = re.compile(r"https?://(?:\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?(?:/(?!\.\.?(?:/|$))[A-Za-z0-9._~-]+)*")


@contextmanager
def connect(organization_url: str, environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> Iterator[AzureDevOps]:
    """The organization's API, as the identity that the credential variables of `environ` name."""
    url = checked_url(organization_url)
    provider = provider_for(environ)
    agent.info(f"Azure DevOps organization {url}")
    with open_session(url, environ) as session:
        tokens = token_source(provider, url, environ, clock)
        tokens.token()
        session.auth = tokens
        _prepare(session)
        yield AzureDevOps(url, Exchange(url, provider.key, session, clock=clock, limits=RetryLimits()))


def checked_url(organization_url: str) -> str:
    """The address without a slash at its end; plain http is taken on loopback only, where nobody listens in."""
    url = organization_url.strip().rstrip("/")
    if not _ADDRESS.fullmatch(url) or not (urlsplit(url).path or _OLD_HOST.fullmatch(url)):
        raise _bad_address(organization_url, "expected 'https://dev.azure.com/<organization>' and nothing after it")
    if url.startswith("http://") and not is_loopback(url):
        raise _bad_address(organization_url, "expected https, for http would show the token to everyone on the way")
    return url


def _prepare(session: Session) -> None:
    adapter = HTTPAdapter(pool_connections=_CONNECTIONS, pool_maxsize=_CONNECTIONS)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    # Each call proves itself by its token; a cookie would bind calls of many threads together.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))


def _bad_address(url: str, problem: str) -> InputError:
    return InputError([f"environment: address of the Azure DevOps organization: got {got(url)}, {problem}"])
