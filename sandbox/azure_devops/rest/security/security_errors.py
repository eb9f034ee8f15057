"""How namespaces and identities that are not there are answered."""
from __future__ import annotations

from sandbox.azure_devops.rest.errors import RestError


def no_namespace(identifier: str) -> RestError:
    return RestError(404, "InvalidSecurityNamespaceException", f"The security namespace {identifier} does not exist.")


def no_descriptor(descriptor: str) -> RestError:
    """https://learn.microsoft.com/azure/devops/reference/error: an identity that cannot be read."""
    message = f"TF14045: The identity with type '{descriptor.partition(';')[0]}' and identifier "
    message += f"'{descriptor.partition(';')[2]}' could not be found."
    return RestError(404, "IdentityNotFoundException", message)
