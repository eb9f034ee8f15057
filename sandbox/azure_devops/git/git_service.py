"""The repositories of the organisation at their git URLs: `/{organisation}/{project}/_git/{repository}`."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.azure_devops.git.git_http import (
    GitCall,
    answer,
    is_git_request,
    is_push_greeting,
    missing_repository,
    received,
    refused_push,
)
from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.git.push_room import PushRoom
from sandbox.azure_devops.git.receiving import answering, judged, read_commands
from sandbox.azure_devops.git.ref_rules import RefRules, permission_text
from sandbox.azure_devops.identities.accounts import Accounts, Caller, unauthorized
from sandbox.azure_devops.identities.directory import Directory, Member
from sandbox.http.message import Request, Response, text_response

Find = Callable[[str, str], "Hosted | None"]
"""A repository by the names or ids of its project and of itself."""


@dataclass
class GitService:
    """Answers git. Refused refs are named as the service names them; the others of the same push go through."""

    accounts: Accounts
    directory: Directory
    find: Find
    rules: Callable[[Hosted, Member], RefRules]
    room: PushRoom

    def __call__(self, request: Request) -> Response:
        caller = self.accounts.caller(request)
        if caller is None:
            return unauthorized("the sandbox organisation")
        request.caller = caller.identity.email
        name, path = request.arguments["repository"], f"/{request.arguments['path']}"
        member = self.directory.of(caller.identity)
        hosted = self._visible(caller, member, request)
        if hosted is None:
            return missing_repository(name)
        if not is_git_request(request, path):
            return text_response(f"git smart HTTP has no {request.method} {path}", 404)
        return self._serve(GitCall(hosted.git, path, caller.identity.email), request, self.rules(hosted, member))

    def _visible(self, caller: Caller, member: Member, request: Request) -> Hosted | None:
        hosted = self.find(request.arguments["project"], request.arguments["repository"])
        if hosted is None or hosted.record.disabled or not caller.scope.reaches(hosted.project.id, hosted.id):
            return None
        return hosted if self.rules(hosted, member).allows("GenericRead") else None

    def _serve(self, call: GitCall, request: Request, rules: RefRules) -> Response:
        if (call.is_push or is_push_greeting(request)) and not rules.may_push_somewhere():
            return refused_push(permission_text("GenericContribute", rules.member, "repository"))
        with received(request) as body:
            if not call.is_push:
                return answer(call, request, body)
            commands = read_commands(body, request.headers.get("Content-Encoding", ""))
            with self.room.turn(rules.hosted, rules.member):
                verdicts = judged(commands, rules.refusal, rules.rewrite_refusal)
                with answering(verdicts) as environ:
                    return answer(call, request, body, environ)
