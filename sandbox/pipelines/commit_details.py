"""Who wrote the commit of a run and what it says, as Build.SourceVersionAuthor and Build.SourceVersionMessage."""
from __future__ import annotations

import subprocess

from sandbox.pipelines.logging_commands import PREFIX
from sandbox.pipelines.repositories import Commit, Repositories

MOST_CHARACTERS = 200


def commit_details(repositories: Repositories, commit: Commit) -> dict[str, str]:
    """Both variables, or none where the repository is a plain folder.

    They are foreign text that scripts print: like the agent, this breaks the mark of logging commands in them.
    """
    if not repositories.is_git(commit.repository):
        return {}
    command = ["git", "show", "--no-patch", "--format=%an <%ae>%n%s", commit.sha, "--"]
    done = subprocess.run(command, cwd=repositories.path_of(commit.repository), capture_output=True, check=False)
    if done.returncode:
        return {}
    author, _, message = done.stdout.decode("utf-8", "replace").partition("\n")
    return {
        "Build.SourceVersionAuthor": _disarmed(author),
        "Build.SourceVersionMessage": _disarmed(message.rstrip("\n")[:MOST_CHARACTERS]),
    }


def _disarmed(text: str) -> str:
    return text.replace(PREFIX, PREFIX.replace("#", "*"))
