"""What Git folders and git credentials refuse; the words are the service's where a client showed them."""
from __future__ import annotations

from sandbox.databricks.errors import ApiError, already_exists, denied, not_found


def no_repo() -> ApiError:
    return not_found("Repo could not be found")


def no_parent_folder(path: str) -> ApiError:
    """Worded like https://github.com/databricks/terraform-provider-databricks/issues/862."""
    return not_found(f"Parent directory {path} does not exist.")


def repo_exists(path: str) -> ApiError:
    """Worded like https://github.com/databricks/terraform-provider-databricks/issues/2122."""
    return already_exists(f"Repo {path} already exists. If you would like to create two repos from the same remote Git "
                          "repo, rename the first repo before creating the second.")


def missing_credentials() -> ApiError:
    """Worded like https://github.com/databricks/databricks-vscode/issues/508."""
    return denied("Missing Git provider credentials. Go to User settings > Git Integration to add your personal "
                  "access token.")


def invalid_credentials() -> ApiError:
    return denied("Invalid Git provider credentials. Go to User settings > Git Integration to ensure that: "
                  "1. You have entered a username with your Git provider credentials. 2. Your personal access token or "
                  "app password has the correct repo access. 3. Your personal access token has not expired.")


def missing_entra_credentials() -> ApiError:
    """Worded like https://github.com/databricks/databricks-cli/issues/404."""
    return denied("Azure Active Directory credentials missing. Ensure you are either logged in with your Azure Active "
                  "Directory account or have setup an Azure DevOps personal access token (PAT) in User Settings > Git "
                  "Integration. If you are not using a PAT and are using Azure DevOps with the Repos API, you must use "
                  "an AAD access token.")


def unknown_branch(name: str) -> ApiError:
    """The code is in the SDK's list; no body was seen."""
    return ApiError(400, "GIT_UNKNOWN_REF", f"Branch {name!r} does not exist in the remote repository")


def unknown_tag(name: str) -> ApiError:
    return ApiError(400, "GIT_UNKNOWN_REF", f"Tag {name!r} does not exist in the remote repository")


def conflict(files: str) -> ApiError:
    """The code is in the SDK's list; no body was seen."""
    return ApiError(400, "GIT_CONFLICT", "Your local changes would be overwritten by this operation; commit or discard "
                                         f"them first: {files}")


def remote_error(detail: str) -> ApiError:
    """The code is in the SDK's list; no body was seen."""
    return ApiError(400, "GIT_REMOTE_ERROR", f"Failed to reach the remote Git repository: {detail}")


def no_credential(credential_id: object) -> ApiError:
    return not_found(f"Git credential {credential_id} does not exist.")


def credential_exists(provider: str) -> ApiError:
    """Worded like https://github.com/databricks/terraform-provider-databricks/issues/4871."""
    return already_exists(f"A Git credential already exists for provider {provider}. Only one credential per provider "
                          "is allowed for service principals.")
