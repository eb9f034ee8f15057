from __future__ import annotations

import pytest

from steps.lib.azure_devops.permission_texts import missing_permission


@pytest.mark.parametrize(("message", "expected"), [
    pytest.param("TF401027: You need the Git 'GenericContribute' permission to perform this action. "
                 r"Details: identity 'Build\4f2c', scope 'repository'.",
                 ("Contribute", r"Build\4f2c", "repository"), id="git"),
    pytest.param("TF401027: You need the Git 'SomethingNew' permission to perform this action.",
                 ("SomethingNew", "", ""), id="git, unknown and without details"),
    pytest.param("TF215106: Access denied. analytics Build Service (brickline) needs Queue builds permissions for "
                 "build pipeline 1:N in team project P to perform the action. For more information, ask somebody.",
                 ("Queue builds", "analytics Build Service (brickline)", "build pipeline 1:N in team project P"),
                 id="build"),
    pytest.param("Access denied. brickline-setup needs Administer permissions on variablegroup 'brickline-prod' to "
                 "perform the action. For more information, ask somebody.",
                 ("Administer", "brickline-setup", "variablegroup 'brickline-prod'"), id="named as on no page of git"),
    pytest.param("VS800075: The project with id 'other' does not exist, or you do not have permission to access it.",
                 ("View project-level information", "", "project 'other'"), id="project"),
    pytest.param("Access is denied", ("", "", ""), id="nothing said"),
    pytest.param("", ("", "", ""), id="empty"),
])
def test_the_missing_permission_is_read_from_the_message(message: str, expected: tuple[str, str, str]) -> None:
    assert missing_permission(message) == expected
