/** What must be noticed: payloads Slack refused, a lost connection, toasts. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { stamp } from "../text/dates.js";

/** The red strip for developers: every payload of the app that Slack refused since it was last dismissed. */
export function refusedStrip(ws) {
  const refused = ws.state.refused.filter(({ at }) => at > ws.ui.refusedSeen);
  const last = refused.at(-1);
  if (!last) return null;
  const toggle = () => {
    ws.ui.refusedOpen = !ws.ui.refusedOpen;
    ws.changed();
  };
  const dismiss = () => {
    Object.assign(ws.ui, { refusedSeen: last.at, refusedOpen: false });
    ws.changed();
  };
  return h(
    "div",
    { class: "refused", role: "alert", key: "refused" },
    h(
      "div",
      { class: "refused-line" },
      icon("warning"),
      h("strong", null, `Slack refused: ${last.error}`),
      h(
        "span",
        { class: "refused-first" },
        `${last.method}${last.messages?.length ? ` – ${last.messages[0]}` : ""}`,
      ),
      h("span", { class: "grow" }),
      h(
        "button",
        {
          type: "button",
          class: "strip-button",
          "aria-expanded": String(ws.ui.refusedOpen),
          onclick: toggle,
        },
        refused.length > 1 ? `Details (${refused.length})` : "Details",
      ),
      h("button", { type: "button", class: "strip-button", onclick: dismiss }, "Dismiss"),
    ),
    ws.ui.refusedOpen && h("ul", { class: "refused-list", tabindex: "0" }, refused.toReversed().map(detail)),
  );
}

function detail({ method, error, messages, at }, index) {
  const when = stamp(new Date(at * 1000));
  return h(
    "li",
    { key: index },
    h("strong", null, `${method}: ${error}`),
    h("span", null, ` ${when}`),
    (messages ?? []).map((message) => h("code", null, message)),
  );
}

/** Shown while the stand-in does not answer. */
export function lostStrip(ws) {
  return (
    ws.lost &&
    h("div", { class: "lost", role: "status", key: "lost" }, "The sandbox does not answer. Trying again…")
  );
}

/** Short notices that go away by themselves. */
export function toasts(ws) {
  return h(
    "div",
    { class: "toasts", key: "toasts", role: "status", "aria-live": "polite" },
    ws.toasts.map(({ id, text }) =>
      h(
        "div",
        { class: "toast", key: id },
        h("span", { dir: "auto" }, text),
        h(
          "button",
          { type: "button", class: "icon-button", "aria-label": "Dismiss", onclick: () => ws.dropToast(id) },
          icon("close", 14),
        ),
      ),
    ),
  );
}
