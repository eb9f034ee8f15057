"""Does what a task of `bootstrap` says."""
from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch

from setup.lib.bootstrap import tasks
from steps.lib.azure_devops.access_control import grant
from steps.lib.azure_devops.check_configurations import change_check, create_check, delete_check
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.definitions import create_definition
from steps.lib.azure_devops.library import change_variable_group, create_variable_group
from steps.lib.azure_devops.pipeline_permissions import authorise, close_to_everyone

Doing = Callable[[AzureDevOps], object]


def carry_out(azure_devops: AzureDevOps, action: tasks.Action) -> None:
    _doing(action)(azure_devops)


@singledispatch
def _doing(action: object) -> Doing:
    message = f"no way to carry out {type(action).__name__}"
    raise AssertionError(message)


@_doing.register
def _(action: tasks.CreateGroup) -> Doing:
    return lambda devops: create_variable_group(devops, action.body)


@_doing.register
def _(action: tasks.ChangeGroup) -> Doing:
    return lambda devops: change_variable_group(devops, action.number, action.body)


@_doing.register
def _(action: tasks.ChangeCheck) -> Doing:
    check, number = action.change.check, action.change.number
    if check is None:
        return lambda devops: delete_check(devops, action.project, number)
    if number:
        body = {"id": number, **check.body(action.resource)}
        return lambda devops: change_check(devops, action.project, number, body)
    return lambda devops: create_check(devops, action.project, action.resource, check)


@_doing.register
def _(action: tasks.CloseToEveryone) -> Doing:
    return lambda devops: close_to_everyone(devops, action.project, action.resource)


@_doing.register
def _(action: tasks.LetIn) -> Doing:
    return lambda devops: authorise(devops, action.project, [(action.resource, [action.pipeline])])


@_doing.register
def _(action: tasks.CreatePipeline) -> Doing:
    return lambda devops: create_definition(devops, action.project, action.body)


@_doing.register
def _(action: tasks.Grant) -> Doing:
    return lambda devops: grant(devops, action.namespace, action.token, action.descriptor, action.allow)
