from __future__ import annotations

from setup.lib.bootstrap.grants import Need, deployer_needs, grant_tasks, library_needs, project_needs
from setup.lib.bootstrap.tasks import Grant
from steps.lib.azure_devops.access_control import Entry
from steps.lib.azure_devops.identities import Identity
from steps.lib.azure_devops.repositories import Repository

PRINCIPAL = Identity("key", "descriptor", "brickline-setup", frozenset())
NEED = Need("repositories of analytics", "git", "repoV2/p1", {"Read": 2, "Contribute": 4})


def test_what_is_missing_is_granted_and_nothing_else() -> None:
    [task] = grant_tasks(PRINCIPAL, "client", [NEED], {NEED: Entry(allow=2)})
    assert task.action == Grant("git", "repoV2/p1", "descriptor", 4)
    assert task.found == "lacks Contribute"


def test_what_is_there_needs_nothing() -> None:
    [task] = grant_tasks(PRINCIPAL, "client", [NEED], {NEED: Entry(allow=2 | 4 | 128)})
    assert task.is_done


def test_a_deny_is_left_to_a_person() -> None:
    [task] = grant_tasks(PRINCIPAL, "client", [NEED], {NEED: Entry(allow=2, deny=4)})
    assert (task.action, "take the deny away" in task.by_hand) == (None, True)


def test_a_principal_who_is_no_member_is_left_to_a_person() -> None:
    [task] = grant_tasks(None, "client", [NEED], {})
    assert "Organization settings > Users" in task.by_hand


def test_nothing_lets_the_principal_push_by_force_or_around_policies() -> None:
    needs = [*project_needs("p1", "analytics"), *library_needs(Repository("r2", "cicd", "p2", "platform"))]
    git = [need.bits for need in needs if need.token.startswith("repoV2/")]
    assert not any(bits & (8 | 128 | 2048 | 4096 | 32768) for bits in git)


def test_principal_of_an_environment_reads_code_and_no_more() -> None:
    needs = {need.token: need.bits for need in deployer_needs("p1", "analytics")}
    assert needs == {"repoV2/p1": 2, "$PROJECT:vstfs:///Classification/TeamProject/p1": 1}


def test_principal_of_an_environment_is_called_by_it() -> None:
    [task] = grant_tasks(None, "client", [NEED], {}, role="principal of prod")
    assert task.thing == "principal of prod client"
