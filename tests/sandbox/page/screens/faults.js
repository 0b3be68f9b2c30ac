/** Switches that make either side misbehave, to see what the product does about it. */

import { h } from "../dom.js";
import { icon } from "../icons.js";

const EVERYTHING = "/";
const LAUNCH = { path_prefix: "/public/api/v1/workflows", method: "POST" };

const IRONCLAD = [
  ["Too many requests (429), once", { path_prefix: EVERYTHING, kind: "429", times: 1 }],
  ["Server error (500), once", { path_prefix: EVERYTHING, kind: "500", times: 1 }],
  ["Answers slowly (4 s), next 3 calls", { path_prefix: EVERYTHING, kind: "slow", seconds: 4, times: 3 }],
  ["Hangs on the next launch", { ...LAUNCH, kind: "hang", times: 1 }],
  ["Launches, then drops the answer", { ...LAUNCH, kind: "act_then_drop", times: 1 }],
  ["Launches, then says 500", { ...LAUNCH, kind: "act_then_500", times: 1 }],
  ["Down until switched back", { path_prefix: EVERYTHING, kind: "drop_before", times: -1 }],
];

const SLACK = [
  [
    "Rate limit on posting, once",
    { method: "chat.postMessage", kind: "ratelimited", retry_after: 3, times: 1 },
  ],
  [
    "App not in the channel, once",
    { method: "chat.postMessage", kind: "error", error: "not_in_channel", times: 1 },
  ],
  ["Channel archived, once", { method: "chat.postMessage", kind: "error", error: "is_archived", times: 1 }],
  [
    "Opening a modal: trigger expired, once",
    { method: "views.open", kind: "error", error: "expired_trigger_id", times: 1 },
  ],
  ["Posts, then drops the answer", { method: "chat.postMessage", kind: "act_then_drop", times: 1 }],
  ["Posting takes 4 s, next 3 calls", { method: "chat.postMessage", kind: "slow", retry_after: 4, times: 3 }],
];

/** The drawer at the right. */
export function faultsDrawer(ws) {
  const close = () => {
    ws.ui.faultsOpen = false;
    ws.changed();
  };
  return h(
    "aside",
    {
      class: "column drawer",
      key: "faults",
      "aria-label": "Faults",
      onkeydown: (event) => event.key === "Escape" && close(),
    },
    h(
      "header",
      { class: "column-head" },
      h("h2", { class: "column-title" }, "Faults"),
      h("span", { class: "grow" }),
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Close faults", onclick: close },
        icon("close"),
      ),
    ),
    h(
      "div",
      { class: "scroller drawer-body" },
      h(
        "p",
        { class: "column-note" },
        "Each button makes one side misbehave, then see what Slipway does about it.",
      ),
      ws.otherSide &&
        side(
          ws,
          "Ironclad",
          IRONCLAD,
          (fault) => ws.otherSide.wire.fault(fault),
          () => ws.otherSide.wire.mend(),
        ),
      side(
        ws,
        "Slack",
        SLACK,
        (fault) => ws.slack.fault(fault),
        () => ws.slack.mend(),
      ),
    ),
  );
}

function side(ws, name, faults, set, mend) {
  const run = async (words, call) => {
    const answer = await call().catch(() => ({ ok: false, error: "no answer" }));
    ws.toast(answer.ok === false ? `${name}: ${answer.error}` : `${name}: ${words}`);
  };
  const buttons = faults.map(([words, fault]) =>
    h(
      "button",
      { key: words, type: "button", class: "button fault", onclick: () => run(words, () => set(fault)) },
      words,
    ),
  );
  return h(
    "section",
    { key: name },
    h("h3", null, name),
    buttons,
    h(
      "button",
      { type: "button", class: "button primary fault", onclick: () => run("behaves again", mend) },
      `${name} behaves again`,
    ),
  );
}
