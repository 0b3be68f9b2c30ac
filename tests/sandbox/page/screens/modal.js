/** The top view of a person's open modal, as Slack frames it. */

import { drawBlocks } from "../blocks/blocks.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { plain } from "../text/mrkdwn.js";
import { avatar } from "./avatar.js";
import { keepFocus } from "./menus.js";

/** Draw the modal; what lies under it on the stack comes back when it closes. */
export function modal(ws) {
  const view = ws.state.views.at(-1);
  const pushed = ws.state.views.length > 1;
  const submitting = ws.ui.busy.has(`submit ${view.id}`);
  const errors = ws.errorsOf(view);
  const id = `view ${view.id}`;
  const surface = { id, drawing: id, view_id: view.id, kind: "modal", address: { view_id: view.id }, errors };
  const props = {
    class: "dialog",
    key: view.id,
    role: "dialog",
    "aria-modal": "true",
    "aria-labelledby": "modal-title",
    "aria-busy": submitting || view.busy ? "true" : null,
    mount: focusFirst,
    update: (node) => keepSomeFocus(node, Object.keys(errors).length),
    onkeydown: (event) => onKey(event, ws, view),
  };
  return h(
    "div",
    { class: "overlay" },
    h(
      "form",
      { ...props, novalidate: true, onsubmit: (event) => event.preventDefault() },
      head(ws, view, pushed),
      body(ws, view, surface),
      foot(ws, view, submitting),
    ),
  );
}

function head(ws, view, pushed) {
  const back = {
    type: "button",
    class: "icon-button",
    "aria-label": "Back",
    onclick: () => ws.closeModal(view, false),
  };
  const close = {
    type: "button",
    class: "icon-button",
    "aria-label": "Close",
    onclick: () => ws.closeModal(view, true),
  };
  return h(
    "header",
    { class: "dialog-head" },
    pushed ? h("button", back, icon("back", 20)) : avatar(ws.person(ws.app?.bot_user_id) ?? { is_bot: true }),
    h("h2", { id: "modal-title", dir: "auto" }, plain(view.title.text)),
    h("button", close, icon("close", 20)),
  );
}

function body(ws, view, surface) {
  const trouble = view.banner && h("div", { class: "trouble", role: "alert" }, icon("warning"), view.banner);
  return h("div", { class: "dialog-body" }, trouble, drawBlocks(view.blocks, surface, ws));
}

function foot(ws, view, submitting) {
  const close = { type: "button", class: "button", onclick: () => ws.closeModal(view, false) };
  const submit = {
    type: "button",
    class: "button primary submit",
    disabled: submitting,
    onclick: () => ws.submit(view),
  };
  return h(
    "footer",
    { class: "dialog-foot" },
    h("button", close, plain(view.close?.text ?? (view.submit ? "Cancel" : "Close"))),
    view.submit &&
      h("button", submit, submitting && h("span", { class: "spinner" }), plain(view.submit.text)),
  );
}

function onKey(event, ws, view) {
  keepFocus(event);
  if (event.key === "Escape") ws.closeModal(view, false);
  if (event.key !== "Enter" || event.isComposing || !view.submit) return;
  const line = event.target.matches("input.text:not([role=combobox])");
  if (line || ((event.ctrlKey || event.metaKey) && event.target.matches("textarea"))) ws.submit(view);
}

const FIRST = [
  "[data-focus-on-load]",
  ".dialog-body :is(input, textarea)",
  ".submit",
  ".dialog-body .button",
  ".dialog-foot .button",
];

function focusFirst(node) {
  const found = FIRST.map((selector) => node.querySelector(selector)).find(Boolean);
  found?.focus();
}

/** After a redraw: go to the first new error; never leave the focus outside the dialog. */
function keepSomeFocus(node, errors) {
  const before = Number(node.dataset.errors ?? 0);
  node.dataset.errors = String(errors);
  if (errors > before) node.querySelector(".has-error [aria-invalid=true]")?.focus();
  else if (document.activeElement === document.body && !node.closest("[inert]")) focusFirst(node);
}
