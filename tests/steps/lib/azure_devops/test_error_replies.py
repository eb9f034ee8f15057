"""Every shape and code of a refusal, over the network: the type it becomes and what the sentence says."""
from __future__ import annotations

from collections.abc import Mapping

import pytest

from sandbox.http.message import Response, json_response, text_response
from steps.lib.azure_devops import errors
from steps.lib.azure_devops.errors import AzureDevOpsError
from tests.steps.lib.azure_devops.service import PROJECTS, Service, connected, error, in_turn

STALE = "TF401028: The reference 'refs/heads/main' has already been updated by another client, so you cannot update it."
JOB_TOKEN = {"AZURE_DEVOPS_EXT_PAT": "", "AZURE_DEVOPS_USE_JOB_TOKEN": "true", "SYSTEM_ACCESSTOKEN": "j"}
NOTHING: Mapping[str, str] = {}


def refusal(reply: Response, environ: Mapping[str, str] = NOTHING) -> AzureDevOpsError:
    with connected(Service(in_turn(reply)), None, **environ) as devops, pytest.raises(AzureDevOpsError) as caught:
        devops.send("POST", PROJECTS, body={})
    return caught.value


@pytest.mark.parametrize(("reply", "kind"), [
    pytest.param(error(409, "GitReferenceStaleException", STALE), errors.StaleReference, id="stale"),
    pytest.param(error(409, "SomeException", STALE), errors.StaleReference, id="stale by its code"),
    pytest.param(error(409, "DefinitionStaleException", "x"), errors.StaleReference, id="stale revision"),
    pytest.param(error(400, "DefinitionExistsException", "Build pipeline n already exists for project p"),
                 errors.Conflict, id="pipeline exists"),
    pytest.param(error(409, "VariableGroupExistsException", "Variable group exists"), errors.Conflict, id="group"),
    pytest.param(error(400, "ArgumentException", "The path '/x' specified in the add operation already exists. "
                       "Please specify a new path."), errors.Conflict, id="file exists"),
    pytest.param(error(403, "X", "it already exists, and is not yours"), errors.PermissionDenied, id="not yours"),
    pytest.param(error(403, "GitNeedsPermissionException", "TF401027: You need the Git 'ForcePush' permission"),
                 errors.PermissionDenied, id="git permission"),
    pytest.param(error(403, "AccessDeniedException", "TF215106: Access denied."), errors.PermissionDenied, id="build"),
    pytest.param(error(403, "ProjectDoesNotExistException", "VS800075: The project with id 'p' does not exist"),
                 errors.PermissionDenied, id="hidden project"),
    pytest.param(error(403, "ProjectDoesNotExistException", "hidden"), errors.PermissionDenied, id="403 stays 403"),
    pytest.param(error(404, "ProjectDoesNotExistWithNameException", "TF200016: no"), errors.NotFound, id="project"),
    pytest.param(error(404, "GitRepositoryNotFoundException", "TF401019: no"), errors.NotFound, id="repository"),
    pytest.param(error(403, "GitRefUpdateRejectedByPolicyException", "TF402455: Pushes to this branch are no"),
                 errors.RejectedByPolicy, id="policy"),
    pytest.param(error(500, "X", "TF402455: Pushes to this branch are no"), errors.RejectedByPolicy,
                 id="policy by its code"),
    pytest.param(error(401, "UnauthorizedRequestException", "TF400813: no"), errors.NotAuthenticated, id="401 in JSON"),
    pytest.param(Response(401), errors.NotAuthenticated, id="401 without a body"),
    pytest.param(error(429, "X", "TF400733: The request has been canceled"), errors.Throttled, id="blocked"),
    pytest.param(error(400, "ArgumentException", "VS403403: Cannot find any branches for the X repository."),
                 errors.BadRequest, id="empty repository"),
    pytest.param(error(503, "ServiceUnavailable", "x"), errors.Unavailable, id="unavailable"),
    pytest.param(text_response("The controller for path '/x' was not found", 404), errors.NotFound, id="no route"),
    pytest.param(json_response([1], 418), AzureDevOpsError, id="unknown status"),
    pytest.param(Response(304), errors.NotAzureDevOps, id="nothing new"),
    pytest.param(Response(300), AzureDevOpsError, id="neither done nor refused"),
    pytest.param(Response(407), errors.NotAzureDevOps, id="proxy wants a password"),
    pytest.param(Response(403, b"<title>Blocked</title>", {"Content-Type": "text/html"}), errors.NotAzureDevOps,
                 id="page of a proxy"),
    pytest.param(Response(400, b"[" * 100_000), errors.BadRequest, id="JSON without end"),
])
def test_a_refusal_has_the_type_of_what_can_be_done(reply: Response, kind: type[AzureDevOpsError]) -> None:
    assert type(refusal(reply)) is kind


@pytest.mark.parametrize(("reply", "message"), [
    pytest.param(json_response({"count": 1, "value": {"Message": "The request is invalid."}}, 400),
                 "The request is invalid.", id="improper"),
    pytest.param(json_response({"ClassName": "System.Exception", "Message": "boom"}, 400), "boom", id="system"),
    pytest.param(Response(400, b"\xef\xbb\xbf" + b'{"message": "stopped"}', {"Content-Type": "application/json"}),
                 "stopped", id="byte order mark"),
    pytest.param(Response(400, b"", {"X-TFS-ServiceError": "TF1%3a+it+is+stopped"}), "TF1: it is stopped", id="header"),
    pytest.param(text_response("<html><title>Bad\n Gateway</title>x</html>", 400), "Bad Gateway", id="page"),
    pytest.param(text_response("plain", 400), "plain", id="text"),
    pytest.param(json_response({"message": {"x": 1}}, 400), "Bad Request", id="message of another shape"),
])
def test_the_message_is_found_in_every_shape(reply: Response, message: str) -> None:
    assert refusal(reply).message == message


def test_the_sentence_names_call_organization_code_and_advice() -> None:
    said = str(refusal(error(409, "GitReferenceStaleException", STALE)))
    assert said.startswith("POST /Org/_apis/projects: http://127.0.0.1:")
    assert said.endswith("; someone else changed it at the same time; run the pipeline again")


def test_a_missing_permission_is_told_with_identity_and_scope() -> None:
    denied = refusal(error(403, "GitNeedsPermissionException", "TF401027: You need the Git 'CreateBranch' permission "
                           r"to perform this action. Details: identity 'Build\x', scope 'repository'."))
    assert str(denied).endswith("; let an administrator give 'Build\\\\x' the permission 'Create branch' on repository")


def test_a_permission_that_is_not_named_is_told_by_the_credential() -> None:
    said = str(refusal(error(403, "AccessDeniedException", "no")))
    assert said.endswith("let an administrator give the identity of AZURE_DEVOPS_EXT_PAT this permission")


@pytest.mark.parametrize(("reply", "advice"), [
    pytest.param(Response(401), "; the token of a job ends with the job, ", id="not authenticated"),
    pytest.param(Response(403), "; let an administrator give the build service of the pipeline's project", id="denied"),
    pytest.param(error(404, "GitRepositoryNotFoundException", "TF401019: no"), "or the build service of", id="hidden"),
])
def test_nobody_is_told_to_renew_the_token_of_a_job(reply: Response, advice: str) -> None:
    said = str(refusal(reply, JOB_TOKEN))
    assert advice in said
    assert "Limit job authorization scope to current project" in said
    assert "AZURE_DEVOPS_USE_JOB_TOKEN" not in said


def test_an_address_of_something_else_is_told_to_a_job_as_to_anybody() -> None:
    service = Service(table=Response(404))
    with pytest.raises(errors.NotOffered, match="; the address is not that of an"), connected(
            service, None, **JOB_TOKEN) as devops:
        devops.send("GET", PROJECTS)


def test_a_message_of_any_length_is_cut() -> None:
    assert len(str(refusal(error(400, "X", "x" * 10_000)))) < 1000
