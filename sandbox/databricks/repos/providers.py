"""The git providers a workspace knows: https://docs.databricks.com/api/azure/workspace/gitcredentials/create."""
from __future__ import annotations

from sandbox.databricks.errors import refuse

AZURE_DEVOPS = "azureDevOpsServices"
# Names a credential only: the principal's own Entra identity in place of a token.
AZURE_DEVOPS_ENTRA = "azureDevOpsServicesAad"
PROVIDERS = ("gitHub", "bitbucketCloud", "gitLab", AZURE_DEVOPS, "gitHubEnterprise", "bitbucketServer",
              "gitLabEnterpriseEdition", "awsCodeCommit")


def repo_provider(name: str) -> str:
    return _known(name, PROVIDERS)


def credential_provider(name: str) -> str:
    return _known(name, (*PROVIDERS, AZURE_DEVOPS_ENTRA))


def _known(name: str, providers: tuple[str, ...]) -> str:
    """As the service spells it: it takes any case."""
    known = {provider.lower(): provider for provider in providers}
    if name.lower() not in known:
        refuse(f"Unsupported Git provider {name!r}; supported are {', '.join(providers)}")
    return known[name.lower()]
