"""What storage refuses, and why.

```
StorageError
├── BadDatabaseUrlError      the address of the database cannot be used
├── NotFoundError            the workspace has no such row (nor does it learn that another has one)
├── AlreadyLaunched          this draft was submitted before; carries the launch it became
├── WorkflowTaken            another launch of the workspace has that workflow
└── AttemptOpen              an earlier attempt may still make a workflow
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.records import Attempt, Launch


class StorageError(Exception):
    """Base of everything storage raises on purpose, except what `storage.sealing` refuses."""


class BadDatabaseUrlError(StorageError):
    """The address of the database cannot be used; says which kinds can, never repeats the address."""


class NotFoundError(StorageError, LookupError):
    """The workspace has no row of that id."""


class AlreadyLaunched(StorageError):
    """The draft was submitted before; `launch` is what it became."""

    def __init__(self, launch: Launch) -> None:
        super().__init__(f"already submitted as launch {launch.id}")
        self.launch = launch


class WorkflowTaken(StorageError):
    """Another launch of the same workspace already stands for this Ironclad workflow."""


class RulesMoved(StorageError):
    """Somebody else changed the rules of the template since they were read."""


class AttemptOpen(StorageError):
    """An earlier attempt has no certain outcome yet, so sending again could make a second workflow."""

    def __init__(self, attempt: Attempt) -> None:
        super().__init__(f"attempt {attempt.n} of launch {attempt.launch_id} is open")
        self.attempt = attempt
