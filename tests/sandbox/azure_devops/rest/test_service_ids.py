"""The ids by which the service knows kinds of checks and policies, written out: ours could be wrong everywhere."""
from __future__ import annotations

import pytest

from sandbox.azure_devops.checks import check_record
from sandbox.azure_devops.policies import configuration
from sandbox.azure_devops.security import namespaces

# Ids: the Terraform provider microsoft/azuredevops; namespaces: recorded answers of _apis/SecurityNamespaces.
IDS = [
    (check_record.APPROVAL, "8c6f20a7-a545-4486-9777-f762fafe0d4d"),
    (check_record.TASK, "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7"),
    (check_record.EXCLUSIVE_LOCK, "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563"),
    (check_record.REQUIRED_TEMPLATE, "4020e66e-b0f3-47e1-bc88-48f3cc59b5f3"),
    (check_record.AUTHORIZATION, "e1a1fc6c-c278-4492-ae1c-c42f8697612c"),
    (check_record.BRANCH_CONTROL, "86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b"),
    (check_record.BUSINESS_HOURS, "445fde2f-6c39-441c-807f-8a59ff2e075f"),
    (configuration.BUILD, "0609b952-1397-4640-95ec-e00a01b2c241"),
    (configuration.MINIMUM_REVIEWERS, "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd"),
    (configuration.MERGE_STRATEGY, "fa4e907d-c16b-4a4c-9dfa-4916e5d171ab"),
    (configuration.STATUS, "cbdc66da-9728-4af8-aada-9a5a32e4a226"),
    (namespaces.GIT.id, "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87"),
    (namespaces.BUILD.id, "33344d9c-fc72-4d6f-aba5-fa317101a7e9"),
    (namespaces.LIBRARY.id, "b7e84409-6553-448a-bbb2-af228e07cbeb"),
    (namespaces.ENDPOINTS.id, "49b48001-ca20-4adc-8111-5b60c903a50c"),
    (namespaces.ENVIRONMENT.id, "83d4c2e6-e57d-4d6e-892b-b87222b7ad20"),
]
BITS = [
    (namespaces.GIT, {"GenericRead": 2, "GenericContribute": 4, "ForcePush": 8, "CreateBranch": 16, "CreateTag": 32,
                      "PolicyExempt": 128, "EditPolicies": 2048, "RemoveOthersLocks": 4096,
                      "PullRequestContribute": 16384}),
    (namespaces.BUILD, {"QueueBuilds": 128, "EditBuildDefinition": 2048, "CreateBuildDefinition": 32768,
                        "EditPipelineQueueConfigurationPermission": 65536}),
    (namespaces.ENVIRONMENT, {"View": 1, "Manage": 2, "Use": 16, "Create": 32}),
]


@pytest.mark.parametrize(("ours", "expected"), IDS, ids=[expected for _, expected in IDS])
def test_id_is_that_of_the_service(ours: str, expected: str) -> None:
    assert ours == expected


@pytest.mark.parametrize(("namespace", "bits"), BITS, ids=["git", "build", "environment"])
def test_bits_are_those_of_the_service(namespace: namespaces.Namespace, bits: dict[str, int]) -> None:
    assert {name: namespace.bits.get(name) for name in bits} == bits


def test_tokens_name_what_they_protect_as_the_service_does() -> None:
    assert namespaces.repository_token("p", "r") == "repoV2/p/r"
    assert namespaces.build_token("p", 7) == "p/7"
    assert namespaces.library_token("p", 7) == "Library/p/VariableGroup/7"
    assert namespaces.endpoint_token("p", "e") == "endpoints/p/e"
