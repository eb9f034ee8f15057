"""How variable groups, environments, service connections and their checks are refused.

Statuses and types as public clients meet them; where no message is recorded, the text says who lacks what on what.
"""
from __future__ import annotations

from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.rest.errors import RestError, bad_request


def denied(member: Member, permission: str, what: str) -> RestError:
    message = (f"Access denied. {member.display_name} needs {permission} permissions on {what} to perform the action. "
               "For more information, contact the Azure DevOps Server administrator.")
    return RestError(403, "AccessDeniedException", message)


def group_exists(name: str) -> RestError:
    """https://github.com/microsoft/terraform-provider-azuredevops/issues/1106"""
    message = f"Variable group with name {name} already exists. Specify a different name."
    return RestError(409, "VariableGroupExistsException", message)


def no_group(number: str) -> RestError:
    message = (f"Variable group with id {number} could not be found or you do not have permission to access it. "
               "Verify that the variable group exists.")
    return RestError(404, "VariableGroupNotFoundException", message)


def no_variables() -> RestError:
    return bad_request("Variable group should have at least one variable.", "ArgumentException")


def environment_exists(name: str) -> RestError:
    """The type is the one public scripts look for; the status is that of a variable group, none being recorded."""
    return RestError(409, "EnvironmentExistsException", f"Environment {name} already exists. Specify a different name.")


def no_environment(number: str) -> RestError:
    message = (f"Environment with id {number} could not be found or you do not have permission to access it.")
    return RestError(404, "EnvironmentNotFoundException", message)


def no_queue(number: str) -> RestError:
    return RestError(404, "TaskAgentQueueNotFoundException", f"No agent queue found with identifier {number}.")


def endpoint_exists(name: str) -> RestError:
    return RestError(409, "DuplicateServiceConnectionException",
                     f"Service connection with name {name} already exists. Only a user having Administrator/User role "
                     f"permissions on service connection {name} can see it.")


def no_endpoint(endpoint: str) -> RestError:
    message = f"Service endpoint with id {endpoint} could not be found."
    return RestError(404, "ServiceEndpointNotFoundException", message)


def no_check(number: str) -> RestError:
    return RestError(404, "CheckConfigurationNotFoundException", f"Check configuration {number} could not be found.")


def no_resource(kind: str, identifier: str) -> RestError:
    return RestError(404, "ResourceNotFoundException", f"Resource {kind} with id {identifier} could not be found.")


def needed(*, parameter: str) -> RestError:
    return bad_request(f"Value cannot be null.\nParameter name: {parameter}", "ArgumentNullException")


def wrong(*, message: str) -> RestError:
    return bad_request(message, "ArgumentException")


def not_modelled(*, what: str, expected: str) -> RestError:
    return bad_request(f"{what} is not modelled by the sandbox, expected {expected}.", "NotSupportedException")


def no_namespace(identifier: str) -> RestError:
    return RestError(404, "InvalidSecurityNamespaceException", f"The security namespace {identifier} does not exist.")


def no_descriptor(descriptor: str) -> RestError:
    """https://learn.microsoft.com/azure/devops/reference/error: an identity that cannot be read."""
    message = f"TF14045: The identity with type '{descriptor.partition(';')[0]}' and identifier "
    message += f"'{descriptor.partition(';')[2]}' could not be found."
    return RestError(404, "IdentityNotFoundException", message)


def no_approval(approval_id: str) -> RestError:
    return RestError(404, "ApprovalNotFoundException", f"Approval with id {approval_id} could not be found.")


def refused_approval(message: str, *, still_open: bool) -> RestError:
    """403 for a person who is not asked, 400 for an approval that is over: neither is recorded from the service."""
    if still_open:
        return RestError(403, "ApprovalUnauthorizedException", message)
    return RestError(400, "ApprovalAlreadyCompletedException", message)
