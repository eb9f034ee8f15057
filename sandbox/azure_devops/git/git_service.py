"""The repositories of the organisation at their git URLs: `/{organisation}/{project}/_git/{repository}`."""
from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.git.git_http import GitCall, answer, is_git_request, missing_repository, received
from sandbox.azure_devops.git.pushes import Push, pushes_between
from sandbox.azure_devops.identities.accounts import Accounts, unauthorized
from sandbox.http.message import Request, Response, text_response
from sandbox.pipelines.request import Identity


@dataclass
class GitService:
    """Answers git for `repositories`; `on_push` is told of a push before git's client sees it succeed.

    Pushes to one repository are taken one after the other, so that each event has exactly its own changes.
    """

    repositories: Mapping[str, BareRepository]
    accounts: Accounts
    on_push: Callable[[Push], None]
    _locks: defaultdict[str, threading.Lock] = field(default_factory=lambda: defaultdict(threading.Lock))

    def __call__(self, request: Request) -> Response:
        caller = self.accounts.caller(request)
        if caller is None:
            return unauthorized("the sandbox organisation")
        identity = caller.identity
        request.caller = identity.email
        name, path = request.arguments["repository"], f"/{request.arguments['path']}"
        repository = self.repositories.get(name)
        if repository is None:
            return missing_repository(name)
        if not is_git_request(request, path):
            return text_response(f"git smart HTTP has no {request.method} {path}", 404)
        return self._serve(GitCall(repository, path, identity.email), request, identity)

    def _serve(self, call: GitCall, request: Request, identity: Identity) -> Response:
        with received(request) as body:
            if not call.is_push:
                return answer(call, request, body)
            with self._locks[call.repository.name]:
                before = call.repository.refs()
                response = answer(call, request, body)
                for push in pushes_between(call.repository, before, call.repository.refs(), identity):
                    self.on_push(push)
                return response
