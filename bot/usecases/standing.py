"""How a request stands, as other systems are told: by the intake API and by the webhook alike."""

from __future__ import annotations

from typing import Any

from bot.usecases.courses import Picture
from bot.usecases.ports import Permalinks
from storage import Database

Json = dict[str, Any]


class Standings:
    """Describes requests with links to where people look."""

    def __init__(self, database: Database, permalinks: Permalinks, *, public_url: str) -> None:
        self._database = database
        self._permalinks = permalinks
        self._public_url = public_url.rstrip("/")

    async def of(self, picture: Picture) -> Json:
        """The description of a request. The names are those of `bot.api.wire.RequestOut`."""
        request, launch = picture.request, picture.launch
        contract = None
        if launch is not None and launch.state != "abandoned":
            contract = {
                "state": launch.state,
                "ironclad_id": launch.ironclad_id,
                "step": launch.step,
                "status": launch.status,
                "url": launch.url,
            }
        return {
            "id": request.id,
            "number": request.label,
            "title": request.title,
            "state": request.state,
            "version": request.version,
            "created_at": request.created_at.isoformat(),
            "updated_at": request.updated_at.isoformat(),
            "closed_at": request.closed_at.isoformat() if request.closed_at else None,
            "tasks": [
                {"kind": task.kind, "name": task.name, "state": task.state, "waiting_for": list(task.asked)}
                for task in picture.course.live
            ],
            "contract": contract,
            "links": {
                "self": f"{self._public_url}/api/v1/requests/{request.id}",
                "slack": await self._card(picture),
                "ironclad": launch.url if launch else None,
            },
        }

    async def _card(self, picture: Picture) -> str | None:
        request = picture.request
        async with self._database.reading() as store:
            post = await store.posts.get(request.team, f"card:{request.id}")
        if post is None or post.ts is None:
            return None
        return await self._permalinks.of(request.team, post.channel, post.ts)
