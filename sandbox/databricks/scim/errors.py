"""What SCIM refuses, in its own shape. In `scimType` the service puts texts, besides the words of RFC 7644."""
from __future__ import annotations

from sandbox.databricks.replies import without_empty
from sandbox.http.message import Response, json_response

_UNPARSABLE = "Request is unparsable, syntactically incorrect, or violates schema."
_TAKEN = {"User": "User with username", "Group": "Group with name",
          "ServicePrincipal": "Service principal with application ID"}


class ScimError(Exception):
    """SCIM answers in its own shape (RFC 7644 §3.12)."""

    def __init__(self, status: int, detail: str, scim_type: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.scim_type = scim_type

    def response(self) -> Response:
        body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "detail": self.detail,
                "status": str(self.status)}
        return json_response({**body, **without_empty(scimType=self.scim_type)}, self.status)


def taken(name: str, value: str) -> ScimError:
    return ScimError(409, f"{_TAKEN[name]} {value} already exists.", "uniqueness")


def not_there(name: str, principal_id: str) -> ScimError:
    return ScimError(404, f"{name} with id {principal_id} not found.")


def no_member(principal_id: str) -> ScimError:
    return not_there("Member", principal_id)


def missing_attribute(attribute: str) -> ScimError:
    """Shaped like https://github.com/databricks/terraform-provider-databricks/issues/1319."""
    return ScimError(400, _UNPARSABLE, f"Required attribute {attribute} is missing in the SCIM Object.")


def no_such_attribute(attribute: str) -> ScimError:
    """Worded like https://github.com/databricks/terraform-provider-databricks/pull/3434."""
    return ScimError(400, f"No such attribute with the name : {attribute} in the current resource", "noTarget")


def bad_patch(problem: str) -> ScimError:
    return ScimError(400, f"{_UNPARSABLE} {problem}", "invalidSyntax")


def bad_path(path: str) -> ScimError:
    return ScimError(400, f"path {path!r} is not understood", "invalidPath")


def bad_value(problem: str) -> ScimError:
    return ScimError(400, problem, "invalidValue")


def bad_filter(text: str) -> ScimError:
    return ScimError(400, f"Given filter operator is not supported: {text!r}", "invalidFilter")


def built_in(name: str) -> ScimError:
    return ScimError(403, f"Group {name} is built in: it can not be renamed or removed, and all are in 'users'.")


def only_for_admins(name: str) -> ScimError:
    return ScimError(403, f"{name} is not authorized to perform this operation: it is for workspace admins.")
