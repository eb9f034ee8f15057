"""What each error code of Entra means for a person: a sentence for every code, and one for those nobody foresaw."""
from __future__ import annotations

import pytest

from steps.lib.entra.advice import refused
from steps.lib.entra.resource import Resource

RESOURCE = Resource("Azure DevOps", "https://h.test", "s/.default", "variable group brickline-local")


def said(code: str, own: dict[str, str] | None = None) -> str:
    answer = {"error": "x", "error_description": f"AADSTS{code}: words of Entra. Trace ID: 1"}
    return refused(RESOURCE, answer, own or {}).lines[0]


@pytest.mark.parametrize(("code", "expected"), [
    ("50126", "ENTRA_PASSWORD"), ("50034", "ENTRA_USERNAME"), ("50055", "ENTRA_PASSWORD"), ("50056", "ENTRA_PASSWORD"),
    ("50057", "ENTRA_USERNAME"), ("50053", "ENTRA_PASSWORD"), ("50076", "second factor"), ("50079", "second factor"),
    ("53003", "Conditional Access"), ("7000215", "ENTRA_CLIENT_SECRET"), ("7000222", "ENTRA_CLIENT_SECRET"),
    ("7000218", "ENTRA_CLIENT_SECRET"), ("7000112", "enable"), ("700016", "ENTRA_CLIENT_ID"),
    ("70011", "does not offer Azure DevOps"), ("500011", "Azure DevOps is not known"),
    ("65001", "consent for Azure DevOps"),
    ("90002", "ENTRA_TENANT_ID"), ("900023", "ENTRA_TENANT_ID"), ("700024", "clock of the agent"),
    ("70021", "federated credential"), ("700211", "issuer"), ("700212", "api://AzureADTokenExchange"),
    ("700213", "subject"), ("7002138", "spelling"), ("700027", "key"),
])
def test_each_code_names_what_to_change(code: str, expected: str) -> None:
    advice = said(code).split("; Entra said ")[0]
    assert advice.startswith("variable group brickline-local: Entra gave no token: ")
    assert expected in advice


def test_a_code_nobody_foresaw_keeps_the_words_of_entra() -> None:
    assert said("99999").endswith("look at this answer; Entra said 'AADSTS99999: words of Entra. Trace ID: 1'")


def test_a_flow_may_know_better_what_a_code_means() -> None:
    assert "allow it" in said("7000218", {"7000218": "allow it"})


def test_an_answer_without_words_is_told_too() -> None:
    assert refused(RESOURCE, {"error": "temporarily_unavailable"}, {}).lines[0].endswith("'temporarily_unavailable'")
