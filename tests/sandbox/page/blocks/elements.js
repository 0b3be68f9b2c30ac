/** The elements of Block Kit: what stands in an input, an accessory or a row of actions. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { menuButton } from "../screens/menus.js";
import { isAddress, mrkdwn, plain } from "../text/mrkdwn.js";
import { busyKey } from "../workspace.js";
import { combobox } from "./combobox.js";
import { described, settle } from "./field.js";
import { fileInput } from "./files.js";
import { picture } from "./picture.js";

const TYPING_MS = 400;

const ELEMENTS = {
  button,
  overflow,
  image: (element) => h("div", { class: "b-thumb" }, picture(element)),
  plain_text_input: (element, field) => textInput(element, field, element.multiline ? "textarea" : "text"),
  email_text_input: (element, field) => textInput(element, field, "email"),
  url_text_input: (element, field) => textInput(element, field, "url"),
  number_input: (element, field) => textInput(element, field, "number"),
  radio_buttons: (element, field) => choices(element, field, "radio"),
  checkboxes: (element, field) => choices(element, field, "checkbox"),
  datepicker: (element, field) => picker(element, field, "date"),
  timepicker: (element, field) => picker(element, field, "time"),
  file_input: fileInput,
};
const SELECTS = ["static", "external", "users", "conversations", "channels"].flatMap((kind) => [
  `${kind}_select`,
  `multi_${kind}_select`,
]);
for (const select of SELECTS) ELEMENTS[select] = combobox;

/** Elements made of several controls: their caption is a group's legend, not one control's label. */
export const LABELLED_BY_GROUP = new Set(["radio_buttons", "checkboxes", "file_input"]);

/** Draw an element; throws for one this page does not know, and the block says so. */
export function drawElement(element, field) {
  if (!Object.hasOwn(ELEMENTS, element.type)) throw new Error(`Unknown element type “${element.type}”`);
  return ELEMENTS[element.type](element, field);
}

// --- buttons ----------------------------------------------------------------------------------------

function button(element, { block, surface, ws }) {
  const busy = ws.ui.busy.has(busyKey(surface.id, block.block_id, element.action_id, element.value));
  const props = {
    class: `button ${element.style ?? ""}`,
    "aria-label": element.accessibility_label ?? null,
    "aria-busy": busy ? "true" : null,
    onclick: () => ws.act(surface, block, element, element.value ?? null),
  };
  const words = [
    busy && h("span", { class: "spinner" }),
    h("span", { dir: "auto" }, plain(element.text.text)),
  ];
  if (!element.url) return h("button", { type: "button", ...props }, words);
  if (!isAddress(element.url)) throw new Error(`Unsafe button address “${element.url}”`);
  return h(
    "a",
    { ...props, href: element.url, target: "_blank", rel: "noopener noreferrer" },
    words,
    icon("link", 14),
  );
}

function overflow(element, { block, surface, ws }) {
  const items = element.options.map((option) => ({
    words: plain(option.text.text),
    note: option.description && plain(option.description.text),
    href: option.url && isAddress(option.url) ? option.url : null,
    run: () => ws.act(surface, block, element, option.value ?? null),
  }));
  const name = `overflow ${surface.drawing} ${block.block_id} ${element.action_id}`;
  return menuButton(ws, { name, label: "More options", face: icon("dots"), class: "button square", items });
}

// --- typing -----------------------------------------------------------------------------------------

function textInput(element, field, kind) {
  const { block, surface, ws } = field;
  const area = kind === "textarea";
  const props = {
    ...described(field, element),
    class: "text",
    dir: "auto",
    value: ws.answers.get(surface.id, block.block_id, element.action_id) ?? "",
    placeholder: element.placeholder?.text ?? "",
    maxlength: element.max_length ?? (kind === "text" || area ? 3000 : null),
    oninput: (event) => typed(element, field, event.target.value),
    onkeydown: (event) => area || enter(event, element, field),
  };
  if (area) return h("textarea", { ...props, rows: 4 });
  // Numbers stay text so that Slack's own words about a wrong one are seen, not the browser's.
  const inputmode = {
    number: element.is_decimal_allowed ? "decimal" : "numeric",
    email: "email",
    url: "url",
  }[kind];
  return h("input", {
    ...props,
    type: "text",
    inputmode: inputmode ?? null,
    autocomplete: "off",
    spellcheck: kind === "text" ? null : "false",
  });
}

function dispatches(element, block, trigger) {
  const wanted = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  return block.dispatch_action && wanted.includes(trigger);
}

function typed(element, { block, surface, ws }, value) {
  ws.answer(surface, block, element, value);
  if (!dispatches(element, block, "on_character_entered")) return;
  clearTimeout(ws.ui.typing);
  ws.ui.typing = setTimeout(() => ws.act(surface, block, element, value), TYPING_MS);
}

function enter(event, element, { block, surface, ws }) {
  if (event.key !== "Enter" || event.isComposing || !dispatches(element, block, "on_enter_pressed")) return;
  event.preventDefault();
  event.stopPropagation();
  ws.act(surface, block, element, event.target.value);
}

function picker(element, field, kind) {
  const { block, surface, ws } = field;
  return h("input", {
    ...described(field, element),
    class: "text picker",
    type: kind,
    value: ws.answers.get(surface.id, block.block_id, element.action_id) ?? "",
    onchange: (event) => settle(element, field, event.target.value || null),
  });
}

// --- choosing ---------------------------------------------------------------------------------------

function choices(element, field, kind) {
  const { block, surface, ws, id, describedBy, invalid } = field;
  const chosen = [ws.answers.get(surface.id, block.block_id, element.action_id) ?? []].flat();
  const name = `${surface.drawing} ${block.block_id} ${element.action_id}`;
  const toggled = (value) =>
    chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
  const rows = element.options.map((option, index) =>
    h(
      "label",
      { class: "choice", key: option.value },
      h("input", {
        type: kind,
        name,
        checked: chosen.includes(option.value),
        "aria-describedby": describedBy,
        "aria-invalid": invalid ? "true" : null,
        "data-focus-on-load": element.focus_on_load && index === 0 ? "true" : null,
        onchange: () => settle(element, field, kind === "radio" ? option.value : toggled(option.value)),
      }),
      h(
        "span",
        { class: "choice-words", dir: "auto" },
        words(option.text, ws),
        option.description && h("small", null, words(option.description, ws)),
      ),
    ),
  );
  return h(
    "div",
    {
      class: "choices",
      role: kind === "radio" ? "radiogroup" : "group",
      "aria-labelledby": id ? `${id}-label` : null,
    },
    rows,
  );
}

function words(object, ws) {
  return object.type === "mrkdwn" ? mrkdwn(object.text, ws.names) : plain(object.text);
}
