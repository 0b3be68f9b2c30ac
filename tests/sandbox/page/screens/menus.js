/** Menus, the dialog that asks "are you sure?", and how pop-ups find their place. */

import { h } from "../dom.js";
import { plain } from "../text/mrkdwn.js";

/** A button that opens a menu of `{words, note?, run?, href?, danger?, heading?}`. */
export function menuButton(ws, { name, label, face, items, class: look = "icon-button" }) {
  const open = ws.ui.menu === name;
  const props = {
    type: "button",
    class: look,
    "aria-label": label,
    title: label,
    "aria-haspopup": "menu",
    "aria-expanded": open ? "true" : "false",
    onclick: (event) => {
      event.stopPropagation();
      ws.toggleMenu(name);
    },
  };
  return h("span", { class: "menu-anchor" }, h("button", props, face), open && menu(ws, label, items));
}

function menu(ws, label, items) {
  const close = () => ws.toggleMenu(ws.ui.menu);
  const props = {
    class: "popup menu",
    role: "menu",
    "aria-label": label,
    mount: (node) => {
      place(node);
      node.querySelector("[role=menuitem]")?.focus({ preventScroll: true });
    },
    update: place,
    onkeydown: (event) => onKey(event, close),
  };
  return h(
    "div",
    props,
    items.map((item, index) => menuItem(item, index, close)),
  );
}

function menuItem(item, index, close) {
  if (item.heading)
    return h("div", { key: index, class: "menu-heading", role: "presentation" }, item.heading);
  const props = {
    key: index,
    role: "menuitem",
    tabindex: "-1",
    class: item.danger ? "menu-item danger" : "menu-item",
    onclick: () => {
      close();
      item.run?.();
    },
  };
  const words = [h("span", { dir: "auto" }, item.words), item.note && h("small", null, item.note)];
  if (item.href)
    return h("a", { ...props, href: item.href, target: "_blank", rel: "noopener noreferrer" }, words);
  return h("button", { type: "button", ...props }, words);
}

function onKey(event, close) {
  const items = [...event.currentTarget.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const target = {
    ArrowDown: items[(at + 1) % items.length],
    ArrowUp: items[(at - 1 + items.length) % items.length],
    Home: items[0],
    End: items.at(-1),
  }[event.key];
  if (target) target.focus();
  else if (event.key === "Escape" || event.key === "Tab") leave(event, close);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function leave(event, close) {
  event.currentTarget.parentElement.querySelector("button").focus();
  close();
}

function place(node) {
  placeBeside(node, node.parentElement);
}

/** Put a pop-up under its anchor, or above it where there is no room, inside the window. */
export function placeBeside(node, anchor) {
  const beside = anchor.getBoundingClientRect();
  // Measured in a corner: where it stands now may be squeezing it.
  for (const side of ["top", "left"]) node.style.setProperty(side, "0");
  if (node.classList.contains("listbox")) node.style.setProperty("width", `${beside.width}px`);
  const size = node.getBoundingClientRect();
  const above = beside.bottom + 4 + size.height > innerHeight && beside.top - 4 - size.height > 0;
  const top = above ? beside.top - 4 - size.height : beside.bottom + 4;
  const left = Math.max(8, Math.min(beside.left, innerWidth - size.width - 8));
  node.style.setProperty("top", `${top}px`);
  node.style.setProperty("left", `${left}px`);
}

/** Block Kit's confirm dialog, over whatever is open. */
export function confirmDialog(ws) {
  const { dialog, close } = ws.ui.confirm;
  const words = (object, fallback) => plain(object?.text ?? fallback);
  const props = {
    class: "dialog confirm",
    role: "alertdialog",
    "aria-modal": "true",
    "aria-labelledby": "confirm-title",
    "aria-describedby": "confirm-text",
    mount: (node) => node.querySelector(".button.primary, .button.danger").focus(),
    onkeydown: (event) => {
      if (event.key === "Escape") close(false);
      keepFocus(event);
    },
  };
  return h(
    "div",
    { class: "overlay" },
    h(
      "div",
      props,
      h(
        "header",
        { class: "dialog-head" },
        h("h2", { id: "confirm-title" }, words(dialog.title, "Are you sure?")),
      ),
      h("div", { class: "dialog-body", id: "confirm-text", dir: "auto" }, words(dialog.text, "")),
      h(
        "footer",
        { class: "dialog-foot" },
        h(
          "button",
          { type: "button", class: "button", onclick: () => close(false) },
          words(dialog.deny, "No"),
        ),
        h(
          "button",
          { type: "button", class: `button ${dialog.style ?? "primary"}`, onclick: () => close(true) },
          words(dialog.confirm, "Yes"),
        ),
      ),
    ),
  );
}

const FOCUSABLE =
  "a[href],button:not(:disabled),input:not(:disabled),textarea:not(:disabled),[tabindex]:not([tabindex='-1'])";

/** Keep Tab inside a dialog: from the last control back to the first, and the other way round. */
export function keepFocus(event) {
  if (event.key !== "Tab") return;
  const stops = [...event.currentTarget.querySelectorAll(FOCUSABLE)].filter(
    (stop) => stop.offsetParent !== null || stop.type === "file",
  );
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement !== edge && event.currentTarget.contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}
