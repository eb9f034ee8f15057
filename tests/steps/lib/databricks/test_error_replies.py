from __future__ import annotations

import pytest

from steps.lib.databricks import errors
from steps.lib.databricks.error_replies import read_words, type_of

SCIM = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"No user","status":"404"}'


@pytest.mark.parametrize(("status", "body", "code", "message"), [
    pytest.param(404, '{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"gone"}', "RESOURCE_DOES_NOT_EXIST", "gone",
                 id="code and message"),
    pytest.param(403, '{"error_code":403,"message":"Invalid access token."}', "403", "Invalid access token.",
                 id="numeric code"),
    pytest.param(400, '{"error":"no context"}', "", "no context", id="1.2 API"),
    pytest.param(404, SCIM, "SCIM_404", "No user", id="SCIM"),
    pytest.param(400, "Invalid request path", "", "Invalid request path", id="plain text"),
    pytest.param(503, "TEMPORARILY_UNAVAILABLE: try later", "TEMPORARILY_UNAVAILABLE", "try later", id="coded text"),
    pytest.param(502, "<html><title>Bad\n Gateway</title></html>", "", "Bad Gateway", id="HTML title"),
    pytest.param(500, "<html><body><pre>boom <b>x</b></pre></body></html>", "", "boom x", id="HTML pre"),
    pytest.param(503, "", "", "Service Unavailable", id="empty"),
    pytest.param(799, "", "", "", id="empty with an unknown status"),
    pytest.param(400, "{}", "", "", id="empty object"),
    pytest.param(400, '["x"]', "", '["x"]', id="a list"),
    pytest.param(400, '{"error_code":"X","message":{"a":1}}', "X", '{"a": 1}', id="message that is no text"),
])
def test_every_shape_of_an_error_is_read(status: int, body: str, code: str, message: str) -> None:
    assert read_words(status, body) == (code, message)


@pytest.mark.parametrize(("status", "code", "message", "kind"), [
    pytest.param(403, "403", "Invalid access token.", errors.CredentialRefused, id="bad token"),
    pytest.param(401, "", "", errors.CredentialRefused, id="401"),
    pytest.param(403, "PERMISSION_DENIED", "", errors.PermissionDenied, id="permission"),
    pytest.param(404, "RESOURCE_DOES_NOT_EXIST", "", errors.ResourceDoesNotExist, id="404"),
    pytest.param(400, "INVALID_PARAMETER_VALUE", "Cluster c does not exist", errors.ResourceDoesNotExist,
                 id="400 for a missing cluster"),
    pytest.param(400, "INVALID_PARAMETER_VALUE", "Run: 1 in job: 2 doesn't exist", errors.ResourceDoesNotExist,
                 id="400 for a missing run"),
    pytest.param(400, "INVALID_PARAMETER_VALUE", "Node type X is not supported.", errors.InvalidParameterValue,
                 id="bad value"),
    pytest.param(400, "RESOURCE_DOES_NOT_EXIST", "", errors.ResourceDoesNotExist, id="code beats status"),
    pytest.param(400, "INVALID_STATE", "", errors.InvalidState, id="state"),
    pytest.param(400, "MALFORMED_REQUEST", "x does not exist", errors.BadRequest, id="malformed"),
    pytest.param(404, "ENDPOINT_NOT_FOUND", "", errors.EndpointNotFound, id="unknown route"),
    pytest.param(409, "", "", errors.ResourceConflict, id="conflict"),
    pytest.param(400, "QUOTA_EXCEEDED", "", errors.QuotaExceeded, id="quota"),
    pytest.param(429, "INVALID_STATE", "", errors.Throttled, id="429 is throttling whatever it says"),
    pytest.param(400, "REQUEST_LIMIT_EXCEEDED", "", errors.Throttled, id="limit"),
    pytest.param(503, "TEMPORARILY_UNAVAILABLE", "", errors.Unavailable, id="unavailable"),
    pytest.param(404, "SCIM_404", "", errors.ResourceDoesNotExist, id="SCIM 404"),
    pytest.param(500, "INTERNAL_ERROR", "", errors.Unavailable, id="trouble in the workspace"),
    pytest.param(418, "", "", errors.DatabricksError, id="anything else"),
])
def test_the_type_tells_what_can_be_done(status: int, code: str, message: str,
                                         kind: type[errors.DatabricksError]) -> None:
    assert type_of(status, code, message) is kind


@pytest.mark.parametrize(("kind", "exit_code"), [
    (errors.CredentialRefused, 2), (errors.InvalidParameterValue, 2), (errors.EndpointNotFound, 2),
    (errors.PermissionDenied, 1), (errors.Throttled, 1), (errors.InvalidState, 1), (errors.ResourceDoesNotExist, 1),
    (errors.NotDatabricks, 1), (errors.Unreachable, 1),
])
def test_exit_code_says_whether_only_an_edit_helps(kind: type[errors.DatabricksError], exit_code: int) -> None:
    refusal = errors.Refusal("GET /x", "https://h.test", "teams/t/workspaces.json", 400, "C", "m")
    assert kind(refusal).exit_code == exit_code


def test_a_sentence_names_call_host_answer_and_file() -> None:
    refusal = errors.Refusal("GET /x", "https://h.test", "teams/t/workspaces.json", 404, "ENDPOINT_NOT_FOUND", "no API")
    assert str(errors.EndpointNotFound(refusal)) == (
        "GET /x: https://h.test answered 404 ENDPOINT_NOT_FOUND: 'no API'; this host does not serve the Databricks "
        "API; correct the host in teams/t/workspaces.json")


def test_a_long_message_is_cut() -> None:
    refusal = errors.Refusal("POST /x", "https://h.test", "f", 400, "", "n" * 5000)
    assert len(str(errors.BadRequest(refusal))) < 1000
