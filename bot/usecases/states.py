"""The states of a launch, and how each is told to somebody who came too late."""

from __future__ import annotations

from typing import Final

from bot.texts import phrase
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
        return phrase("This launch is not known here.")
    request = launch.label
    if launch.state == LAUNCHED and launch.ironclad_id:
        return phrase("{request} was launched already as {id}.", request=request, id=launch.ironclad_id)
    return {
        LAUNCHED: phrase("{request} was launched already.", request=request),
        LAUNCHING: phrase("{request} is being launched.", request=request),
        REFUSED: phrase("Ironclad refused {request}.", request=request),
        ASKING: phrase("{request} waits for its requester's decision.", request=request),
    }.get(launch.state, phrase("{request} has come to its end.", request=request))


def facts_of(workflow: Workflow, links: Links, connection: Connection) -> LaunchFacts:
    """What a launch remembers of its workflow."""
    return LaunchFacts(
        workflow_id=workflow.id,
        ironclad_id=workflow.ironclad_id,
        title=workflow.title,
        step=workflow.step,
        url=workflow.url or links.workflow(connection, workflow.id),
    )
