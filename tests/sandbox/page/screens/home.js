/** The app's own place: its Home tab and the messages between it and this person. */

import { drawBlocks } from "../blocks/blocks.js";
import { h } from "../dom.js";
import { avatar } from "./avatar.js";
import { conversationScreen, sidebarButton } from "./conversation.js";

/** The main column for the app: tabs, and what the chosen one shows. */
export function appScreen(ws) {
  const head = appHead(ws);
  if (ws.ui.place.tab === "home") return homeTab(ws, head);
  const channel = ws.appConversation;
  return channel
    ? conversationScreen(ws, channel, head)
    : blank(head, "Messages", `No messages with ${ws.app.name} yet.`);
}

function appHead(ws) {
  const tab = (name, words) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${name}`,
        "aria-selected": ws.ui.place.tab === name ? "true" : "false",
        class: "tab",
        onclick: () => ws.go({ kind: "app", tab: name }),
      },
      words,
    );
  return h(
    "header",
    { class: "app-head" },
    h(
      "div",
      { class: "column-head" },
      sidebarButton(ws),
      avatar({ is_bot: true }),
      h("h1", { class: "column-title" }, ws.app.name),
      h("span", { class: "app-badge" }, "APP"),
    ),
    h(
      "div",
      { class: "tabs", role: "tablist", "aria-label": ws.app.name },
      tab("home", "Home"),
      tab("messages", "Messages"),
    ),
  );
}

function homeTab(ws, head) {
  const { home } = ws.state;
  if (!home) return blank(head, "Home", `${ws.app.name} has not drawn its Home yet.`);
  const surface = { id: "home", drawing: "home", kind: "home", address: { view_id: home.id } };
  return h(
    "main",
    { class: "column main", key: "home" },
    head,
    h(
      "div",
      { class: "scroller home", role: "tabpanel", "aria-labelledby": "tab-home", tabindex: "0" },
      drawBlocks(home.blocks, surface, ws),
    ),
  );
}

function blank(head, label, words) {
  return h(
    "main",
    { class: "column main", key: `blank ${label}` },
    head,
    h("div", { class: "scroller" }, h("div", { class: "empty" }, h("p", null, words))),
  );
}
