"""What the steps rely on in the replies of an organization, by the API they come from; the rest may be as it likes.

A shape is that of one object: the rows of a list are each of it.
"""
from __future__ import annotations

from steps.lib.http.shapes import Kind, Shape

# By the id of the location, under which the service lists the API:
# https://learn.microsoft.com/rest/api/azure/devops/git
_SHAPES: dict[str, Shape] = {
    # repositories
    "225f7195-f9c7-4d14-ab28-a83f7ff77e1f": {"project": {}},
    # refs
    "2d874a60-a811-4f62-9c9f-963a6ea0a55b": {"name": Kind.TEXT, "updateStatus": Kind.TEXT},
    # pushes
    "ea98d07b-3c87-4971-8ede-a613694ffb55": {"pushId": Kind.ID, "date": Kind.MOMENT, "refUpdates": [{}]},
    # statistics of branches
    "d5b216de-d8d5-4d32-ae76-51df755b16d3": {"aheadCount": Kind.NUMBER, "commit": {}},
    # pull requests
    "9946fd70-0d40-406e-b686-b4744cbbcc37": {"pullRequestId": Kind.ID, "lastMergeSourceCommit": {}},
    # policies of a branch
    "2c420070-a0a2-49cc-9639-c9f271c5ff07": {"settings": {"scope": [{}]}},
}


def shape_of(location_id: str) -> Shape | None:
    """None where everything is taken."""
    return _SHAPES.get(location_id)
