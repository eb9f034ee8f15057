"""The keys each part of a pipeline may have, and what their values are. Data only.

Taken from https://learn.microsoft.com/azure/devops/pipelines/yaml-schema. A value is one of: `text` (a scalar), `any`,
`map` (names to scalars), a shape's name, `[x]` (a list of x), or several of these divided by `|`.
"""
from __future__ import annotations

from collections.abc import Mapping

Shape = Mapping[str, str]

_STEP: Shape = {
    "condition": "text", "continueOnError": "text", "displayName": "text", "enabled": "text", "env": "map",
    "name": "text", "retryCountOnTaskFailure": "text", "target": "text|target", "timeoutInMinutes": "text",
}
_JOB: Shape = {
    "displayName": "text", "dependsOn": "text|[text]", "condition": "text", "continueOnError": "text",
    "container": "text|container", "services": "any", "workspace": "workspace", "pool": "text|pool",
    "variables": "variables", "timeoutInMinutes": "text", "cancelTimeoutInMinutes": "text", "uses": "uses",
}
_HOOKS: Shape = {
    "preDeploy": "hook", "deploy": "hook", "routeTraffic": "hook", "postRouteTraffic": "hook", "on": "on",
}
_RUN: Shape = {
    "name": "text", "appendCommitMessageToRunName": "text", "trigger": "text|[text]|trigger", "pr": "text|[text]|pr",
    "schedules": "[cron]", "resources": "resources", "variables": "variables", "lockBehavior": "text",
    "pool": "text|pool", "parameters": "any",
}
_STEPS_ROOT = ("strategy", "continueOnError", "container", "services", "workspace")

SHAPES: Mapping[str, Shape] = {
    "pipeline": {
        **_RUN, "stages": "stages", "jobs": "jobs", "steps": "steps", "extends": "any",
        "strategy": "strategy", "continueOnError": "text", "container": "text|container", "services": "any",
        "workspace": "workspace",
    },
    "stage": {
        "stage": "text", "displayName": "text", "dependsOn": "text|[text]", "condition": "text", "pool": "text|pool",
        "variables": "variables", "jobs": "jobs", "lockBehavior": "text", "trigger": "text", "isSkippable": "text",
    },
    "job": {"job": "text", **_JOB, "strategy": "strategy", "steps": "steps"},
    "deployment": {
        "deployment": "text", **_JOB, "environment": "text|environment", "strategy": "deployment_strategy",
    },
    "step": {"task": "text", "inputs": "map", **_STEP},
    "strategy": {"matrix": "any", "maxParallel": "text", "parallel": "text"},
    "deployment_strategy": {"runOnce": "hooks", "rolling": "rolling", "canary": "canary"},
    "hooks": _HOOKS,
    "rolling": {"maxParallel": "text", **_HOOKS},
    "canary": {"increments": "[text]", **_HOOKS},
    "hook": {"steps": "steps", "pool": "text|pool"},
    "on": {"failure": "hook", "success": "hook"},
    "environment": {
        "name": "text", "resourceName": "text", "resourceId": "text", "resourceType": "text", "tags": "text|[text]",
    },
    "pool": {"name": "text", "vmImage": "text", "demands": "text|[text]"},
    "workspace": {"clean": "text"},
    "uses": {"repositories": "[text]", "pools": "[text]"},
    "target": {"container": "text", "commands": "text", "settableVariables": "text|[text]"},
    "variable": {"name": "text", "value": "text", "readonly": "text"},
    "group": {"group": "text"},
    "trigger": {
        "enabled": "text", "batch": "text", "branches": "[text]|filters", "paths": "[text]|filters",
        "tags": "[text]|filters", "stages": "[text]|filters",
    },
    "pr": {
        "enabled": "text", "autoCancel": "text", "drafts": "text", "branches": "[text]|filters",
        "paths": "[text]|filters",
    },
    "filters": {"include": "text|[text]", "exclude": "text|[text]"},
    "cron": {"cron": "text", "displayName": "text", "branches": "[text]|filters", "batch": "text", "always": "text"},
    "resources": {
        "repositories": "[repository]", "pipelines": "[pipeline_resource]", "builds": "[build]",
        "containers": "[container_resource]", "packages": "[package]", "webhooks": "[webhook]",
    },
    "repository": {
        "repository": "text", "type": "text", "name": "text", "project": "text", "ref": "text", "endpoint": "text",
        "trigger": "text|[text]|trigger", "clean": "text", "fetchDepth": "text", "fetchTags": "text", "lfs": "text",
        "submodules": "text", "persistCredentials": "text",
    },
    "pipeline_resource": {
        "pipeline": "text", "project": "text", "source": "text", "version": "text", "branch": "text",
        "tags": "text|[text]", "trigger": "text|trigger",
    },
    "build": {
        "build": "text", "type": "text", "connection": "text", "source": "text", "version": "text", "branch": "text",
        "trigger": "text",
    },
    "container": {
        "alias": "text", "image": "text", "endpoint": "text", "env": "map", "mapDockerSocket": "text",
        "options": "text", "ports": "[text]", "volumes": "[text]", "mountReadOnly": "map",
    },
    "container_resource": {
        "container": "text", "image": "text", "type": "text", "trigger": "any", "endpoint": "text", "env": "map",
        "mapDockerSocket": "text", "options": "text", "ports": "[text]", "volumes": "[text]", "mountReadOnly": "map",
        "azureSubscription": "text", "resourceGroup": "text", "registry": "text", "repository": "text",
        "localImage": "text",
    },
    "package": {
        "package": "text", "type": "text", "connection": "text", "name": "text", "version": "text", "tag": "text",
        "trigger": "text",
    },
    "webhook": {
        "webhook": "text", "connection": "text", "type": "text", "filters": "any",
    },
}

# Keys of a root with `steps:` that belong to its only job.
JOB_KEYS_OF_STEPS_ROOT = ("pool", *_STEPS_ROOT)
# Keys a template may bring along but which only count in the entry file.
IGNORED_IN_TEMPLATES = ("trigger", "pr", "schedules")
