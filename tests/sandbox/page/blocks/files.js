/** The file_input element: files go to Slack at once, the form keeps their ids. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { settle } from "./field.js";

const SLACK_LIMIT = 10 * 1024 * 1024; // documented for file_input

export function fileInput(element, field) {
  const { block, surface, ws, id, describedBy, invalid } = field;
  const chosen = ws.answers.get(surface.id, block.block_id, element.action_id) ?? [];
  const room = (element.max_files ?? 10) - chosen.length;
  return h(
    "div",
    { class: "files" },
    chosen.map((file) => row(file, element, field)),
    room > 0 &&
      h(
        "label",
        { class: "button file-button" },
        icon("clip", 16),
        chosen.length ? "Add another file" : "Upload a file",
        h("input", {
          id,
          type: "file",
          class: "sr-only",
          multiple: room > 1,
          "aria-describedby": describedBy,
          "aria-invalid": invalid ? "true" : null,
          accept: element.filetypes?.map((type) => `.${type}`).join(",") ?? null,
          onchange: (event) => add(event.target, room, element, field),
        }),
      ),
  );
}

function row(file, element, field) {
  const { block, surface, ws } = field;
  const name = ws.files.get(file)?.name ?? file;
  const remove = () => {
    const chosen = ws.answers.get(surface.id, block.block_id, element.action_id) ?? [];
    settle(
      element,
      field,
      chosen.filter((other) => other !== file),
    );
  };
  return h(
    "div",
    { class: "file", key: file },
    icon("contract", 16),
    h("span", { dir: "auto" }, name),
    h(
      "button",
      { type: "button", class: "icon-button", "aria-label": `Remove ${name}`, onclick: remove },
      icon("close", 14),
    ),
  );
}

async function add(control, room, element, field) {
  const { block, surface, ws } = field;
  const files = [...control.files].slice(0, room);
  control.value = "";
  for (const file of files) {
    if (file.size > SLACK_LIMIT) {
      ws.toast(`${file.name} is larger than 10 MB, the most Slack takes in a form.`);
      continue;
    }
    const stored = await ws.upload(file);
    const chosen = ws.answers.get(surface.id, block.block_id, element.action_id) ?? [];
    if (stored) settle(element, field, [...chosen, stored.id]);
  }
}
