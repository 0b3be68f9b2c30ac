"""`python -m tests.mapping`: precision and recall of the mapping suggestions."""

from __future__ import annotations

import sys

from tests.mapping.measure import labels, score, wrong

everything = labels()
for name, chosen in (
    ("all labels", everything),
    ("seen while tuning", [one for one in everything if one.origin == "own" and not one.kept_apart]),
    ("kept apart", [one for one in everything if one.origin == "own" and one.kept_apart]),
    ("published by others", [one for one in everything if one.origin == "published"]),
):
    sys.stdout.write(f"{name}: {len(chosen)}\n")
    sys.stdout.write(f"  ticked in advance: {score(chosen, only_sure=True)}\n")
    sys.stdout.write(f"  all suggested:     {score(chosen, only_sure=False)}\n")
sys.stdout.write("".join(f"  wrong: {line}\n" for line in wrong(everything, only_sure=False)))
