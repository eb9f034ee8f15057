"""What a run may see of its variable groups before any stage has passed their checks."""
from __future__ import annotations

from collections.abc import Mapping

from sandbox.pipelines.extended_templates import extended_templates
from sandbox.pipelines.repositories import Commit
from sandbox.pipelines.request import RunRequest, StageEntry, Variable
from sandbox.pipelines.templates.files import SELF


def admitted(request: RunRequest, repositories: Mapping[str, Commit]) -> Mapping[str, Mapping[str, Variable]]:
    """The groups of `request`, empty where one's checks can never let this run pass.

    Conditions and `$[ ]` values are evaluated before a stage comes to its checks: from whether a stage was skipped,
    a pipeline that is refused could read a secret one guess after the other.
    """
    admits = request.admits
    if admits is None:
        return request.variable_groups
    commits = {SELF: request.commit, **repositories}
    extends = extended_templates(request.entry, request.repositories, commits)
    entry = StageEntry("", extends=extends, sources=tuple(commits.values()))
    return {name: group if admits(name, entry) else {} for name, group in request.variable_groups.items()}
