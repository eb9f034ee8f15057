"""How variable groups, environments and service connections are refused.

Statuses and types as public clients meet them; where no message is recorded, the text says who lacks what on what.
"""
from __future__ import annotations

from sandbox.azure_devops.rest.errors import RestError, bad_request


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


def endpoint_exists(name: str) -> RestError:
    return RestError(409, "DuplicateServiceConnectionException",
                     f"Service connection with name {name} already exists. Only a user having Administrator/User role "
                     f"permissions on service connection {name} can see it.")


def no_endpoint(endpoint: str) -> RestError:
    message = f"Service endpoint with id {endpoint} could not be found."
    return RestError(404, "ServiceEndpointNotFoundException", message)
