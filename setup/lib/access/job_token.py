"""What the token of the pipeline's own job cannot reach, by the settings of the projects. Pure.

https://learn.microsoft.com/azure/devops/pipelines/process/access-tokens
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping

from setup.lib.settings import SetupSettings
from steps.lib.azure_devops.credentials import JOB_TOKEN_SWITCH

REFERENCED_ONLY = "enforceReferencedRepoScopedToken"
OWN_PROJECT_ONLY = "enforceJobAuthScope"
_ADVICE = (f"take {JOB_TOKEN_SWITCH} away and sign in to Entra: store entraTenantId, entraClientId and "
           "entraClientSecret in the variable group brickline-setup")


def limits(settings: SetupSettings, general: Mapping[str, object]) -> Iterator[str]:
    """A warning for each flag of `general`, the pipeline settings of the run's own project, that stops the set-up."""
    page = f"Project settings > Pipelines > Settings of project {settings.cicd_project!r}"
    if general.get(REFERENCED_ONLY):
        yield (f"System.AccessToken is used, and 'Protect access to repositories in YAML pipelines' is on ({page}): it "
               f"reaches no repository that the pipeline does not name, so not {settings.product!r}; {_ADVICE}")
    if general.get(OWN_PROJECT_ONLY) and settings.remote_project.casefold() != settings.cicd_project.casefold():
        yield ("System.AccessToken is used, and 'Limit job authorization scope to current project for non-release "
               f"pipelines' is on ({page}): it reaches nothing in project {settings.remote_project!r}; {_ADVICE}")
