/** The other side on screen: Ironclad's workflow list with simple buttons, and one workflow's details. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { stamp } from "../text/dates.js";
import { link } from "../text/mrkdwn.js";

const STEPS = {
  review: "Review",
  sign: "Sign",
  archive: "Archive",
  complete: "Complete",
  completed: "Complete",
  cancelled: "Cancelled",
  paused: "Paused",
};

/** The main column of the Ironclad side. */
export function ironcladScreen(ws) {
  const side = ws.otherSide;
  return h(
    "main",
    { class: "column main ironclad", key: "ironclad", "aria-label": "Ironclad" },
    h(
      "header",
      { class: "column-head" },
      h("h1", { class: "column-title" }, "Workflows"),
      h("span", { class: "column-note" }, `Ironclad at ${ws.team.name}, local stand-in`),
      h("span", { class: "grow" }),
      h("input", {
        type: "search",
        class: "text search",
        "aria-label": "Search workflows",
        placeholder: "Search workflows",
        value: side.query,
        oninput: (event) => side.search(event.target.value),
      }),
    ),
    side.problem && h("div", { class: "trouble", role: "alert" }, icon("warning"), side.problem),
    h("div", { class: "scroller list" }, side.shown.length ? list(side) : emptyNote(side)),
  );
}

function emptyNote(side) {
  const words = side.query ? "No workflow matches." : "No workflow has been launched yet.";
  return h("div", { class: "empty" }, h("p", null, words));
}

function list(side) {
  const heads = ["Number", "Title", "Template", "Step", "Creator", "Created", "Actions"];
  return h(
    "table",
    { class: "workflows" },
    h(
      "thead",
      null,
      h(
        "tr",
        null,
        heads.map((words) => h("th", { scope: "col" }, words)),
      ),
    ),
    h(
      "tbody",
      null,
      side.shown.map((workflow) => row(side, workflow)),
    ),
  );
}

function row(side, workflow) {
  const open = {
    type: "button",
    class: "link-button",
    "aria-expanded": String(side.selected === workflow.id),
    onclick: () => side.select(workflow.id),
  };
  const cells = [
    [workflow.ironcladId ?? "–", "number"],
    [h("button", open, h("bdi", null, workflow.title)), "title"],
    [h("bdi", null, workflow.template), ""],
    [stepPill(workflow), ""],
    [h("bdi", null, workflow.creator), ""],
    [workflow.created ? stamp(new Date(workflow.created)) : "–", "nowrap"],
    [h("div", { class: "row-actions" }, actions(side, workflow)), ""],
  ];
  const heads = ["Number", "Title", "Template", "Step", "Creator", "Created", "Actions"];
  return h(
    "tr",
    { key: workflow.id, class: side.selected === workflow.id ? "selected" : "" },
    cells.map(([content, look], index) => h("td", { class: look, "data-head": heads[index] }, content)),
  );
}

function stepPill(workflow) {
  const status = statusOf(workflow);
  const step = stepOf(workflow);
  const name = ["paused", "cancelled", "completed"].includes(status) ? status : step;
  return h("span", { class: `pill ${name}` }, STEPS[name] ?? name);
}

function statusOf({ status }) {
  return String(status ?? "active").toLowerCase();
}

function stepOf({ step }) {
  return String(step ?? "")
    .toLowerCase()
    .replace(/\s*step$/, "");
}

function actions(side, workflow) {
  const status = statusOf(workflow);
  const step = stepOf(workflow);
  const active = status === "active";
  const verbs = [
    active && step === "review" && ["approve", "Approve"],
    active && step === "sign" && ["sign", "Sign"],
    active && step === "archive" && ["complete", "Complete"],
    active && step === "review" && ["pause", "Pause"],
    status === "paused" && ["resume", "Resume"],
    (active || status === "paused") && ["cancel", "Cancel"],
  ].filter(Boolean);
  return verbs.map(([verb, words]) => {
    const props = {
      key: verb,
      type: "button",
      class: verb === "cancel" ? "button small danger-text" : "button small",
      disabled: side.busy === `${workflow.id} ${verb}`,
      "aria-label": `${words} ${workflow.ironcladId ?? workflow.title}`,
      onclick: () => side.move(workflow, verb),
    };
    return h("button", props, words);
  });
}

/** The panel with everything Ironclad holds of one workflow. */
export function workflowPanel(ws) {
  const side = ws.otherSide;
  const workflow = side.open;
  return h(
    "aside",
    { class: "column thread", key: `workflow ${workflow.id}`, "aria-label": "Workflow details" },
    h(
      "header",
      { class: "column-head" },
      h("h2", { class: "column-title" }, workflow.ironcladId ?? "Workflow"),
      stepPill(workflow),
      h("span", { class: "grow" }),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Close details",
          onclick: () => side.select(workflow.id),
        },
        icon("close"),
      ),
    ),
    h(
      "div",
      { class: "scroller details", tabindex: "0" },
      h("h3", { dir: "auto" }, workflow.title),
      h(
        "p",
        { class: "column-note" },
        h("bdi", null, workflow.template),
        " · ",
        link(workflow.url, "Open in Ironclad"),
      ),
      h("div", { class: "row-actions" }, actions(side, workflow)),
      h("h4", null, "Attributes"),
      pairs(Object.entries(workflow.attributes ?? {})),
      h("h4", null, "Documents"),
      documents(workflow.documents ?? []),
      h("h4", null, "Identifiers"),
      pairs([
        ["Workflow", workflow.id],
        ["Creator", workflow.creator],
        ["Status", statusOf(workflow)],
      ]),
    ),
  );
}

function pairs(entries) {
  if (!entries.length) return h("p", { class: "column-note" }, "None");
  return h(
    "dl",
    null,
    entries.map(([name, value]) => [h("dt", { dir: "auto" }, name), h("dd", { dir: "auto" }, shown(value))]),
  );
}

function shown(value) {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (Array.isArray(value) && value.every((one) => one?.filename))
    return value.map((one) => one.filename).join(", ");
  return typeof value === "object" ? h("pre", null, JSON.stringify(value, null, 2)) : String(value);
}

function documents(files) {
  if (!files.length) return h("p", { class: "column-note" }, "None");
  return h(
    "ul",
    { class: "documents" },
    files.map((file, index) =>
      h("li", { key: index, class: "file" }, icon("contract", 16), h("span", { dir: "auto" }, file.filename)),
    ),
  );
}
