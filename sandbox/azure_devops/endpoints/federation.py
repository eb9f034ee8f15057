"""Whose token a service connection without a secret signs in with: what an app registration has to trust.

https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity
"""
from __future__ import annotations


def issuer(organisation_id: str) -> str:
    return f"https://vstoken.dev.azure.com/{organisation_id}"


def subject(organisation: str, project: str, endpoint: str) -> str:
    """All three by their names: a connection that is renamed has another subject."""
    return f"sc://{organisation}/{project}/{endpoint}"
