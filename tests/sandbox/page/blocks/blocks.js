/** Block Kit, block by block. What this page does not know it refuses to draw, visibly. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { mrkdwn, plain } from "../text/mrkdwn.js";
import { richText } from "../text/richtext.js";
import { drawElement, LABELLED_BY_GROUP } from "./elements.js";
import { picture } from "./picture.js";

const BLOCKS = {
  header: (block) => h("h3", { class: "b-header" }, text(block.text)),
  section,
  divider: () => h("hr", { class: "b-divider" }),
  context,
  actions,
  image,
  input,
  rich_text: (block, { ws }) => h("div", { class: "b-rich" }, richText(block, ws.names)),
  alert: (block, { ws }) => alertBlock(block, ws),
  table,
};

/** Draw all blocks of a surface. */
export function drawBlocks(blocks, surface, ws) {
  return h(
    "div",
    { class: `blocks on-${surface.kind}` },
    blocks.map((block, index) => drawBlock(block, index, surface, ws)),
  );
}

function drawBlock(block, index, surface, ws) {
  const key = `${block.block_id ?? index} ${block.type}`;
  const draw = Object.hasOwn(BLOCKS, block.type) ? BLOCKS[block.type] : null;
  if (!draw) return h("div", { key, class: "block" }, refusal(`Unknown block type “${block.type}”`, block));
  try {
    return h("div", { key, class: "block", "data-block": block.type }, draw(block, { surface, ws }));
  } catch (problem) {
    return h("div", { key, class: "block" }, refusal(problem.message, block));
  }
}

/** The red box in place of something this page cannot draw. */
function refusal(reason, block) {
  return h(
    "div",
    { class: "refusal", role: "alert" },
    h("strong", null, reason),
    h("p", null, "The sandbox does not know how to draw this, so it shows nothing rather than a guess."),
    h("details", null, h("summary", null, "Payload"), h("pre", null, JSON.stringify(block, null, 2))),
  );
}

/** Draw a text object, plain or mrkdwn. */
export function text(object, names = NOBODY) {
  if (object.type === "plain_text") return plain(object.text);
  if (object.type === "mrkdwn") return mrkdwn(object.text, names);
  throw new Error(`Unknown text type “${object.type}”`);
}

const NOBODY = { person: () => null, channel: () => null };

function section(block, { surface, ws }) {
  const fields = block.fields?.map((field) =>
    h("div", { class: "b-field", dir: "auto" }, text(field, ws.names)),
  );
  return h(
    "div",
    { class: "b-section" },
    h(
      "div",
      { class: "b-section-body" },
      block.text && h("div", { class: "b-text", dir: "auto" }, text(block.text, ws.names)),
      fields && h("div", { class: "b-fields" }, fields),
    ),
    block.accessory &&
      h("div", { class: "b-accessory" }, drawElement(block.accessory, { block, surface, ws })),
  );
}

function context(block, { ws }) {
  const parts = block.elements.map((element) => {
    if (element.type === "image") return h("span", { class: "b-context-image" }, picture(element));
    return h("span", { class: "b-context-text", dir: "auto" }, text(element, ws.names));
  });
  return h("div", { class: "b-context" }, parts);
}

function actions(block, { surface, ws }) {
  const drawn = block.elements.map((element) => {
    const wide = element.type === "radio_buttons" || element.type === "checkboxes";
    return h(
      "div",
      { key: element.action_id, class: wide ? "b-action wide" : "b-action" },
      drawElement(element, { block, surface, ws }),
    );
  });
  return h("div", { class: "b-actions" }, drawn);
}

function image(block) {
  const caption = block.title && h("figcaption", null, text(block.title));
  return h("figure", { class: "b-image" }, caption, picture(block));
}

function input(block, { surface, ws }) {
  const { element } = block;
  const id = fieldId(surface, block);
  const error = surface.errors?.[block.block_id];
  const describedBy = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || null;
  const field = { block, surface, ws, id, describedBy, invalid: Boolean(error), required: !block.optional };
  const caption = [text(block.label), block.optional && h("span", { class: "optional" }, " (optional)")];
  const grouped = LABELLED_BY_GROUP.has(element.type);
  return h(
    grouped ? "fieldset" : "div",
    { class: error ? "b-input has-error" : "b-input", "aria-describedby": grouped ? describedBy : null },
    h(grouped ? "legend" : "label", { for: grouped ? null : id, id: `${id}-label`, dir: "auto" }, caption),
    drawElement(element, field),
    error && h("p", { class: "field-error", id: `${id}-error`, role: "alert" }, icon("warning", 15), error),
    block.hint && h("p", { class: "hint", id: `${id}-hint`, dir: "auto" }, text(block.hint)),
  );
}

function fieldId(surface, block) {
  return `${surface.drawing} ${block.block_id}`.replace(/[^\w-]/g, "_");
}

const ALERTS = {
  default: "Note",
  info: "Information",
  warning: "Warning",
  error: "Error",
  success: "Success",
};

function alertBlock(block, ws) {
  const level = Object.hasOwn(ALERTS, block.level ?? "default") ? (block.level ?? "default") : "default";
  const props = { class: `b-alert ${level}`, role: level === "error" ? "alert" : "status" };
  const sign = icon(level === "success" ? "check" : "warning");
  return h(
    "div",
    props,
    sign,
    h("span", { class: "sr-only" }, `${ALERTS[level]}: `),
    h("div", null, text(block.text, ws.names)),
  );
}

function table(block, { ws }) {
  const [head, ...rows] = block.rows;
  const align = (index) => `align-${block.column_settings?.[index]?.align ?? "left"}`;
  const cells = (row, tag) =>
    row.map((cell, index) =>
      h(tag, { class: align(index), scope: tag === "th" ? "col" : null }, cellText(cell, ws)),
    );
  return h(
    "div",
    { class: "b-table", role: "region", tabindex: "0", "aria-label": "Table" },
    h(
      "table",
      null,
      h("thead", null, h("tr", null, cells(head, "th"))),
      h(
        "tbody",
        null,
        rows.map((row) => h("tr", null, cells(row, "td"))),
      ),
    ),
  );
}

function cellText(cell, ws) {
  if (cell.type === "raw_text") return cell.text;
  if (cell.type === "raw_number") return cell.text ?? String(cell.value);
  if (cell.type === "rich_text") return richText(cell, ws.names);
  throw new Error(`Unknown table cell “${cell.type}”`);
}
