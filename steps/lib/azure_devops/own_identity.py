"""Who the organization takes us for, and what it lets us do."""
from __future__ import annotations

from dataclasses import dataclass

from steps.lib.azure_devops.client import AzureDevOps

CONNECTION_DATA = "00d9565f-ed9c-4a06-9a50-00e7896ccab4"
PERMISSIONS = "dd3b8bd6-c7fc-4cbd-929a-933d9c011c9d"


@dataclass(frozen=True)
class OwnIdentity:
    """`account` is an e-mail address or an application id; `descriptor` is what commands name it by."""

    id: str
    display_name: str
    account: str
    descriptor: str

    def __str__(self) -> str:
        return f"{self.display_name!r} ({self.account})" if self.account else repr(self.display_name)


def own_identity(azure_devops: AzureDevOps) -> OwnIdentity:
    """Every member of an organization may ask this, so a refusal is about the credential."""
    user = azure_devops.send("GET", CONNECTION_DATA)["authenticatedUser"]
    account = user.get("properties", {}).get("Account", {}).get("$value", "")
    descriptor = user.get("subjectDescriptor") or user.get("descriptor") or ""
    name = user.get("providerDisplayName") or user["id"]
    return OwnIdentity(str(user["id"]), str(name), str(account), str(descriptor))


def may(azure_devops: AzureDevOps, namespace: str, token: str, bits: int) -> bool:
    """Whether all of `bits` are allowed to us on `token`, inherited or not."""
    answer = azure_devops.send("GET", PERMISSIONS, query={"tokens": token},
                               route={"securityNamespaceId": namespace, "permissions": str(bits)})
    return all(bool(one) for one in answer["value"])
