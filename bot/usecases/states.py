"""The states of a launch, and how each is told to somebody who came too late."""

from __future__ import annotations

from typing import Final

from bot.usecases.links import Links
from ironclad import Workflow
from storage import Connection, Launch, LaunchFacts

LAUNCHING: Final = "launching"  #: accepted; the work goes on
LAUNCHED: Final = "launched"  #: its workflow exists
REFUSED: Final = "refused"  #: Ironclad said no; the requester may correct it
ASKING: Final = "asking"  #: nobody knows whether the workflow exists; the requester decides


def told(launch: Launch | None) -> str:
    """How a launch stands, in a sentence."""
    if launch is None:
        return "This launch is not known here."
    return {
        LAUNCHED: f"REQ-{launch.number} was launched already"
        + (f" as {launch.ironclad_id}." if launch.ironclad_id else "."),
        LAUNCHING: f"REQ-{launch.number} is being launched.",
        REFUSED: f"Ironclad refused REQ-{launch.number}.",
        ASKING: f"REQ-{launch.number} waits for its requester's decision.",
    }.get(launch.state, f"REQ-{launch.number} is {launch.state}.")


def facts_of(workflow: Workflow, links: Links, connection: Connection) -> LaunchFacts:
    """What a launch remembers of its workflow."""
    return LaunchFacts(
        workflow_id=workflow.id,
        ironclad_id=workflow.ironclad_id,
        title=workflow.title,
        step=workflow.step,
        url=workflow.url or links.workflow(connection, workflow.id),
    )
