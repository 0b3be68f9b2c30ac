/** Faces: initials on a colour, and the app's sign. */

import { h } from "../dom.js";
import { icon } from "../icons.js";

export function avatar(person, size = "") {
  if (person?.is_bot)
    return h(
      "span",
      { class: `avatar app ${size}`, "aria-hidden": "true" },
      icon("contract", size === "small" ? 13 : 20),
    );
  const name = person?.real_name || person?.name || "?";
  const initials = name
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join("")
    .toUpperCase();
  return h(
    "span",
    { class: `avatar ${size}`, style: { "background-color": colourOf(person) }, "aria-hidden": "true" },
    initials,
  );
}

function colourOf(person) {
  const given = person?.color;
  return given && /^#?[0-9a-f]{6}$/i.test(given) ? `#${given.replace("#", "")}` : "#616061";
}

/** The name people see: the real name for a person, the app's own for an app. */
export function nameOf(person, fallback = "Someone") {
  return person?.real_name || person?.name || fallback;
}
