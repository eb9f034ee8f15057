"""What execution contexts refuse, in the one-word shape of API 1.2: `{"error": "..."}`."""
from __future__ import annotations

from sandbox.databricks.errors import ApiError
from sandbox.http.message import Response, json_response


class CommandApiError(ApiError):
    """Branches by its status and the first word of its message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, "", message)

    def response(self) -> Response:
        return json_response({"error": self.message}, self.status)


def in_words_of_1_2(error: ApiError) -> CommandApiError:
    """What the rest of the workspace refused, as this API tells it."""
    return CommandApiError(error.status, error.message)


def cluster_not_ready(cluster_id: str, state: str) -> CommandApiError:
    """500, and with a name that clients wait at: https://github.com/databricks/terraform-provider-databricks/issues/217."""
    return CommandApiError(500, f"ClusterNotReadyException: Cluster {cluster_id} is not ready, it is {state}")


def no_context(context_id: str) -> CommandApiError:
    return CommandApiError(404, f"ContextNotFound: no execution context {context_id} is open on this cluster")


def no_command(command_id: str) -> CommandApiError:
    return CommandApiError(404, f"CommandNotFound: the execution context has no command {command_id}")


def too_many_contexts(limit: int) -> CommandApiError:
    return CommandApiError(400, f"Too many execution contexts are open right now. (Limit set to {limit})")
