"""The pull requests of an organisation: tried merges, completion, and what a push makes of them."""
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.azure_devops.git.bare_repository import NO_COMMIT
from sandbox.azure_devops.git.commits import Signature
from sandbox.azure_devops.git.default_branch import head
from sandbox.azure_devops.git.git_process import GitError
from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.git.ref_change import RefChange
from sandbox.azure_devops.git.ref_updates import move_ref
from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.policies.configuration import MINIMUM_REVIEWERS, Branch, Configuration
from sandbox.azure_devops.pull_requests.merging import ConflictError, Merge, merged
from sandbox.azure_devops.pull_requests.record import (
    ACTIVE,
    COMPLETED,
    CONFLICTS,
    FAILURE,
    QUEUED,
    SUCCEEDED,
    PullRequest,
    Reviewer,
)
from sandbox.azure_devops.pull_requests.requirements import Facts, unmet
from sandbox.azure_devops.pull_requests.validation import Validation
from sandbox.azure_devops.runs.run_order import RunOrder

if TYPE_CHECKING:
    from sandbox.azure_devops.organisation_state import OrganisationState
    from sandbox.azure_devops.repos import Repos


class PullRequests:
    """A merge is tried, and a completion done, right after the answer that says it is queued; see `settle`."""

    def __init__(self, organisation: OrganisationState, repos: Repos) -> None:
        self._organisation = organisation
        self._repos = repos
        self._requests = organisation.storage.table("pull request", PullRequest)
        self._by_project = self._requests.index(lambda one: [one.project])
        self._by_repository = self._requests.index(lambda one: [one.repository])
        self._active = self._requests.index(lambda one: [one.repository] if one.status == ACTIVE else [])
        self._validation = Validation(organisation.storage, self._queue_build, self._outcome)

    def of_project(self, project: str) -> list[PullRequest]:
        """Newest first."""
        return self._by_project.of(project)[::-1]

    def of_repository(self, hosted: Hosted) -> list[PullRequest]:
        """Newest first."""
        return self._by_repository.of(hosted.id)[::-1]

    def active(self, hosted: Hosted) -> list[PullRequest]:
        """Those of a repository that are neither completed nor abandoned."""
        return self._active.of(hosted.id)

    def get(self, number: int) -> PullRequest | None:
        return self._requests.get(str(number))

    def put(self, request: PullRequest) -> PullRequest:
        """Keep a pull request; without a number it is a new one."""
        if not request.id:
            return self._requests.add(lambda number: replace(request, id=number))
        self._requests[str(request.id)] = request
        return request

    def refresh(self, hosted: Hosted) -> None:
        """Look after every open pull request of a repository: its branches or its builds may have changed."""
        for one in self.active(hosted):
            self.settle(hosted, one)

    def settle(self, hosted: Hosted, request: PullRequest) -> PullRequest:
        """Try the merge where source or target are new, start the builds policies want, and complete what waits."""
        with self._repos.room.quiet(hosted):
            request = self.get(request.id) or request  # it may have changed since it was read
            if request.status != ACTIVE:
                return request
            refs = hosted.git.refs()
            source, target = refs.get(request.source), refs.get(request.target)
            if source is None or target is None:
                return self.put(replace(request, merge_status=FAILURE))
            known = (request.source_commit, request.target_commit)
            if request.merge_status == QUEUED or known != (source, target):
                request = self.put(self._tried(hosted, request, source, target))
            self._validation.start(request, self.policies(hosted, request))
            member = self._organisation.directory.get(request.auto_complete_by)
            ready = member is not None and self._is_ready(hosted, request, member)
            return self.complete(hosted, request, member) if member and ready else request

    def _is_ready(self, hosted: Hosted, request: PullRequest, member: Member) -> bool:
        """Whether `member`, who asked for completion as soon as possible, may complete it now."""
        if request.draft or request.merge_status != SUCCEEDED or self.unmet(hosted, request):
            return False
        return self._repos.rules(hosted, member).merge_refusal(request.target) is None

    def policies(self, hosted: Hosted, request: PullRequest) -> list[Configuration]:
        return self._repos.policies.holding(hosted.project.id, branch_of(hosted, request.target))

    def unmet(self, hosted: Hosted, request: PullRequest) -> list[str]:
        """What the policies of the target still ask for."""
        open_threads = any(one.is_open for one in self._repos.threads.of(request.id))
        facts = Facts(request, lambda policy: self._validation.outcome(request, policy), open_threads)
        return unmet(facts, self.policies(hosted, request))

    def complete(self, hosted: Hosted, request: PullRequest, member: Member) -> PullRequest:
        """Bring the source into the target; what conflicts stays open."""
        with self._repos.room.turn(hosted, member) as turn:
            source, target = turn.before[request.source], turn.before[request.target]
            try:
                made, rewritten = merged(hosted.git, self._merge(request, source, target, member), request.strategy)
            except (ConflictError, GitError) as error:
                status = CONFLICTS if isinstance(error, ConflictError) else FAILURE
                return self.put(replace(request, merge_status=status, auto_complete_by=""))
            done = replace(request, status=COMPLETED, merge_status=SUCCEEDED, source_commit=source, merge_commit=made,
                           target_commit=target, closed=self._organisation.clock.now(), closed_by=member.id)
            self.put(done)
            move_ref(hosted.git, RefChange(request.target, target, made))
            if rewritten != source:
                move_ref(hosted.git, RefChange(request.source, source, rewritten))
            self._drop_source(hosted, done, rewritten, member)
            return done

    def _drop_source(self, hosted: Hosted, request: PullRequest, commit: str, member: Member) -> None:
        """As on the service, a branch that may not be deleted stays, without a word."""
        deletion = RefChange(request.source, commit, NO_COMMIT)
        if request.completion.get("deleteSourceBranch") and not self._repos.rules(hosted, member).refusal(deletion):
            move_ref(hosted.git, deletion)

    def _tried(self, hosted: Hosted, request: PullRequest, source: str, target: str) -> PullRequest:
        changed = request.source_commit not in {"", source}
        now = replace(request, source_commit=source, target_commit=target, merge_commit="",
                      reviewers=self._votes(hosted, request) if changed else request.reviewers)
        creator = self._organisation.directory.get(request.creator)
        assert creator is not None  # noqa: S101 - members are never removed
        try:
            made, _ = merged(hosted.git, self._merge(request, source, target, creator))
        except ConflictError:
            return replace(now, merge_status=CONFLICTS)
        except GitError:
            return replace(now, merge_status=FAILURE)
        hosted.git.point(request.merge_ref, made)
        return replace(now, merge_status=SUCCEEDED, merge_commit=made)

    def _votes(self, hosted: Hosted, request: PullRequest) -> tuple[Reviewer, ...]:
        """A push to the source takes votes back where a policy says so."""
        resets = any(one.type == MINIMUM_REVIEWERS and one.settings.get("resetOnSourcePush")
                     for one in self.policies(hosted, request))
        return tuple(replace(one, vote=0) for one in request.reviewers) if resets else request.reviewers

    def _merge(self, request: PullRequest, source: str, target: str, member: Member) -> Merge:
        message = request.completion.get("mergeCommitMessage") or f"Merged PR {request.id}: {request.title}"
        now = int(self._organisation.clock.now())
        return Merge(source, target, f"{message}\n", Signature(member.display_name, member.name, now))

    def _queue_build(self, request: PullRequest, definition: int) -> int | None:
        project = self._organisation.project(request.project)
        creator = self._organisation.directory.get(request.creator)
        pipeline = project.library.pipeline(definition) if project else None
        if pipeline is None or creator is None:
            return None
        order = RunOrder(pipeline, request.merge_ref, request.merge_commit, "PullRequest", creator.identity)
        run = self._organisation.runs.queue(order)
        return run.id if run else None

    def _outcome(self, number: int) -> str | None:
        return next((run.outcome for run in self._organisation.runs.runs() if run.id == number), None)


def branch_of(hosted: Hosted, ref: str) -> Branch:
    return Branch(hosted.id, ref, ref == head(hosted.git))
