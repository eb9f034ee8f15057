"""How the organisation words a refusal: status, type and message, as recorded from the service."""
from __future__ import annotations

from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.projects.project import Project
from sandbox.http.message import Response, json_response, text_response

_NAMESPACE = "Microsoft.TeamFoundation"


class RestError(Exception):
    """One refusal. `type_key` is what clients branch on; the message starts with a code such as `TF401019:`."""

    def __init__(self, status: int, type_key: str, message: str, *, event_id: int = 3000) -> None:
        super().__init__(message)
        self.status = status
        self.type_key = type_key
        self.message = message
        self.event_id = event_id

    def response(self) -> Response:
        body = {
            "$id": "1", "innerException": None, "message": self.message,
            "typeName": f"{_NAMESPACE}.{self.type_key}, {_NAMESPACE}", "typeKey": self.type_key,
            "errorCode": 0, "eventId": self.event_id,
        }
        return json_response(body, self.status)


def no_project(name: str) -> RestError:
    message = (f"TF200016: The following project does not exist: {name}. Verify that the name of the project is "
               "correct and that the project exists on the specified Azure DevOps Server.")
    return RestError(404, "ProjectDoesNotExistWithNameException", message)


def hidden_project(name: str) -> RestError:
    message = f"VS800075: The project with id '{name}' does not exist, or you do not have permission to access it."
    return RestError(403, "ProjectDoesNotExistException", message)


def no_repository(name: str) -> RestError:
    message = (f"TF401019: The Git repository with name or identifier {name} does not exist or you do not have "
               "permissions for the operation you are attempting.")
    return RestError(404, "GitRepositoryNotFoundException", message)


def no_permission(permission: str, identity: str, scope: str) -> RestError:
    """A git permission: `TF401027`."""
    message = (f"TF401027: You need the Git '{permission}' permission to perform this action. "
               f"Details: identity '{identity}', scope '{scope}'.")
    return RestError(403, "GitNeedsPermissionException", message)


def denied(member: Member, permission: str, what: str) -> RestError:
    """A permission that is neither git's nor a pipeline's."""
    return _denied("", member, permission, f"on {what}")


def refuse_permission(project: Project, member: Member, permission: str, what: str) -> RestError:
    """A permission that is none of git's, in the words of the build service."""
    return _denied("TF215106: ", member, permission, f"for {what} in team project {project.name}")


def _denied(code: str, member: Member, permission: str, where: str) -> RestError:
    message = (f"{code}Access denied. {member.display_name} needs {permission} permissions {where} to perform the "
               "action. For more information, contact the Azure DevOps Server administrator.")
    return RestError(403, "AccessDeniedException", message)


def no_queue(number: object) -> RestError:
    return RestError(404, "TaskAgentQueueNotFoundException", f"No agent queue found with identifier {number}.")


def no_resource(kind: str, identifier: str) -> RestError:
    return RestError(404, "ResourceNotFoundException", f"Resource {kind} with id {identifier} could not be found.")


def bad_request(message: str, type_key: str = "ArgumentException") -> RestError:
    return RestError(400, type_key, message)


def needed(*, parameter: str) -> RestError:
    return bad_request(f"Value cannot be null.\nParameter name: {parameter}", "ArgumentNullException")


def wrong(*, message: str) -> RestError:
    return bad_request(message, "ArgumentException")


def not_modelled(*, what: str, expected: str) -> RestError:
    return bad_request(f"{what} is not modelled by the sandbox, expected {expected}.", "NotSupportedException")


def no_route(path: str) -> Response:
    text = f"The controller for path '{path}' was not found or does not implement IController."
    return text_response(text, 404)
