"""Whatever is sent, an area answers: a refusal in the service's shape at worst, never an error of the sandbox."""
from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.azure_devops.organisation import Organisation
from sandbox.azure_devops.rest.areas import AREAS
from sandbox.http.message import Headers, Request
from sandbox.http.request_head import raw_path
from tests.sandbox.azure_devops.rest.office import PEOPLE, furnished
from tests.sandbox.azure_devops.rest.seeded import seeded

ROUTES = [route for area in AREAS for route in area()]
_AUTHORIZATION = "Basic " + base64.b64encode(b":admins-token").decode()
_KEYS = ("id", "name", "type", "settings", "resource", "pipelines", "authorized", "allPipelines", "variables", "value",
         "isSecret", "repository", "process", "path", "yamlFilename", "definition", "refUpdates", "oldObjectId",
         "newObjectId", "commits", "changes", "item", "changeType", "newContent", "content", "contentType", "comment",
         "scope", "repositoryId", "refName", "matchKind", "project", "queries", "items", "reviewers", "status",
         "completionOptions", "sourceRefName", "targetRefName", "title", "description", "token", "descriptor",
         "accessControlEntries", "allow", "deny", "comments", "parentCommentId", "defaultBranch", "configuration",
         "resources", "self", "stagesToSkip", "templateParameters", "parameters", "revision", "timeout", "inputs",
         "definitionRef", "approvers", "extendsChecks", "lastMergeSourceCommit", "commitId", "authorization", "data",
         "serviceEndpointProjectReferences", "projectReference", "variableGroupProjectReferences", "approvalId", "vote",
         "isEnabled", "isBlocking", "isDisabled", "isLocked", "queue", "folder", "userId", "roleName", "evaluations",
         "sourceServerItem", "versionDescriptor", "itemDescriptors", "triggers", "context", "genre", "state",
         "threadContext", "properties", "queueStatus", "minimumApproverCount", "buildDefinitionId", "displayName")
_WORDS = ("main", "refs/heads/main", "refs/heads/x", "churn", "analytics", "tfsgit", "yaml", "2", "0" * 40, "f" * 40,
          "add", "edit", "rename", "environment", "variablegroup", "queue", "repository", "completed", "approved",
          "8c6f20a7-a545-4486-9777-f762fafe0d4d", "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7", "/notes.txt", "", "../..",
          "4020e66e-b0f3-47e1-bc88-48f3cc59b5f3", "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd", "\ud800", "\0", "%", "\u0661",
          "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87", "0609b952-1397-4640-95ec-e00a01b2c241", "base64encoded", "\r\nX: y")
_QUERY = ("$top", "$skip", "$expand", "continuationToken", "filter", "filterContains", "name", "path", "scopePath",
          "recursionLevel", "versionDescriptor.version", "versionDescriptor.versionType", "repositoryId", "refName",
          "searchCriteria.status", "searchCriteria.refName", "searchCriteria.reviewerId", "resourceType", "resourceId",
          "token", "tokens", "descriptors", "definitions", "minTime", "queryOrder", "baseVersion", "targetVersion",
          "otherCommitId", "groupName", "identityIds", "searchFilter", "filterValue", "state", "approvalIds",
          "download", "includeContent", "startLine", "endLine", "projectIds", "artifactName", "repositoryType",
          "recurse", "includeExtendedInfo", "queryMembership", "projects",
          "maxBuildsPerDefinition", "serviceConnectionId")
_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-1, 3), st.sampled_from([2**70, -1.5, 1e308]),
                     st.sampled_from(_WORDS), st.text(max_size=4))
_JSON = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=7),
    max_leaves=25)
_ARGUMENTS = {"project": ["analytics"], "repository": ["churn"], "pull_request": ["1"], "definition": ["1"],
              "pipeline": ["1"], "id": ["1"], "build": ["1"], "kind": ["environment", "variablegroup", "repository"],
              "namespace": ["2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87"], "scope": ["distributedtask.variablegroup"],
              "thread": ["1"], "comment": ["1"], "configuration": ["1"]}


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    made, _ = furnished(Path(tmp_path_factory.mktemp("organisation")))
    seeded(made, made.directory.of(PEOPLE["admin"][0]))
    yield made
    made.close()


@st.composite
def targets(draw: st.DrawFn, path: str) -> str:
    """A path and query that lead to a route, with arguments that exist or that do not."""
    def argument(found: re.Match[str]) -> str:
        name = found[1].removesuffix("...")
        return quote(draw(st.sampled_from([*_ARGUMENTS.get(name, ["1"]) * 8, *(w for w in _WORDS if w)])), safe="",
                     errors="replace")

    filled = re.sub(r"\{([\w.]+)\}", argument, path)
    query = draw(st.dictionaries(st.sampled_from(_QUERY), st.sampled_from([*_WORDS, "1", "-1", "true"]), max_size=3))
    return f"/brickline/{filled}?{urlencode(query, errors='replace')}"


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in ROUTES],
                         ids=[f"{method} {path}" for method, path, _ in ROUTES])
@settings(max_examples=12, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
                                 HealthCheck.data_too_large])
@given(data=st.data())
def test_no_request_breaks_an_area(organisation: Organisation, method: str, path: str, data: st.DataObject) -> None:
    target, body = data.draw(targets(path)), data.draw(_JSON)
    answer = organisation.application(_request(method, target, json.dumps(body).encode()))
    assert answer.status < 500 or b"TF401035" in answer.body, target


APIS, CHURN = "/brickline/analytics/_apis", "git/repositories/churn"
PUSH = {"refUpdates": [{"name": "refs/heads/n", "oldObjectId": "0" * 40}]}
REQUEST = {"sourceRefName": "refs/heads/y", "targetRefName": "refs/heads/main", "title": "t"}
POLICY = {"type": {"id": "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd"}}


@pytest.mark.parametrize("wrong", [True, "x", [None], ["x"], {"a": "x"}, "\ud800", "\0"], ids=repr)
@pytest.mark.parametrize(("path", "body"), [
    (f"{CHURN}/pushes", lambda wrong: {**PUSH, "commits": [{"changes": [{"changeType": "add", "item": wrong}]}]}),
    (f"{CHURN}/pullrequests", lambda wrong: {**REQUEST, "reviewers": wrong}),
    (f"{CHURN}/pullrequests/1/threads", lambda wrong: {"comments": wrong}),
    (f"{CHURN}/pullrequests/1/threads", lambda wrong: {"comments": [{"content": "c", "parentCommentId": wrong}]}),
    (f"{CHURN}/pullrequests/1/threads", lambda wrong: {"comments": [{"content": "c"}], "properties": wrong}),
    (f"{CHURN}/pullrequests/1/statuses", lambda wrong: {"state": "succeeded", "context": wrong}),
    (f"{CHURN}/pullrequestquery", lambda wrong: {"queries": wrong}),
    (f"{CHURN}/itemsbatch", lambda wrong: {"itemDescriptors": wrong}),
    (f"{CHURN}/itemsbatch", lambda wrong: {"itemDescriptors": [{"path": wrong}]}),
    ("policy/configurations", lambda wrong: {**POLICY, "settings": {"scope": wrong}}),
    ("policy/configurations", lambda wrong: {**POLICY, "settings": {"scope": [{"repositoryId": wrong}]}}),
], ids=lambda value: value if isinstance(value, str) else "")
def test_a_part_of_the_wrong_shape_is_refused(organisation: Organisation, path: str, body: Callable[[object], object],
                                              wrong: object) -> None:
    answer = organisation.application(_request("POST", f"{APIS}/{path}", json.dumps(body(wrong)).encode()))
    assert answer.status < 500


def _request(method: str, target: str, body: bytes) -> Request:
    query = parse_qs(target.partition("?")[2], keep_blank_values=True)
    return Request(method, unquote(raw_path(target)), target, query,
                   Headers([("Authorization", _AUTHORIZATION)]), io.BytesIO(body))
