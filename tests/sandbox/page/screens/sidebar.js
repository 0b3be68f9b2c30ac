/** The top bar, the rail that switches between Slack and the other side, and the list of conversations. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { avatar, nameOf } from "./avatar.js";
import { titleOf } from "./conversation.js";
import { menuButton } from "./menus.js";

/** The bar above everything: whose workspace this is, and who is looking. */
export function topBar(ws, actAs) {
  const items = [
    { heading: "Act as" },
    ...ws.people
      .filter((person) => !person.is_bot)
      .map((person) => ({
        words: h(
          "span",
          { class: "who" },
          avatar(person, "small"),
          h("span", null, nameOf(person), person.id === ws.me.id && " (you)"),
        ),
        note: [person.email, person.is_admin && "workspace admin"].filter(Boolean).join(" · "),
        run: () => actAs(person.id),
      })),
  ];
  const face = h(
    "span",
    { class: "who" },
    avatar(ws.me, "small"),
    h("span", { class: "who-name", dir: "auto" }, nameOf(ws.me)),
    icon("chevron", 14),
  );
  return h(
    "div",
    { class: "top-bar", key: "top" },
    h("span", { class: "top-title", dir: "auto" }, ws.team.name),
    h("span", { class: "top-note" }, "local sandbox, nothing here is real"),
    h("span", { class: "grow" }),
    faultsButton(ws),
    menuButton(ws, {
      name: "act as",
      label: `Acting as ${nameOf(ws.me)}. Act as another person`,
      face,
      class: "act-as",
      items,
    }),
  );
}

function faultsButton(ws) {
  const toggle = () => {
    ws.ui.faultsOpen = !ws.ui.faultsOpen;
    ws.changed();
  };
  return h(
    "button",
    { type: "button", class: "top-button", "aria-expanded": String(ws.ui.faultsOpen), onclick: toggle },
    icon("wrench", 16),
    h("span", null, "Faults"),
  );
}

/** Slack on one side, Ironclad on the other. */
export function rail(ws) {
  const side = (name, sign, words, active, run) =>
    h(
      "button",
      { type: "button", class: `rail-button ${name}`, "aria-current": active ? "page" : null, onclick: run },
      h("span", { class: "rail-face" }, sign),
      words,
    );
  const inIronclad = ws.ui.place.kind === "ironclad";
  return h(
    "nav",
    { class: "rail", key: "rail", "aria-label": "Sides" },
    side(
      "slack",
      initials(ws.team.name),
      "Slack",
      !inIronclad,
      () => inIronclad && ws.go(ws.ui.lastSlackPlace),
    ),
    ws.otherSide && side("other", "IC", "Ironclad", inIronclad, () => ws.go({ kind: "ironclad" })),
  );
}

function initials(name) {
  return name
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join("")
    .toUpperCase();
}

/** Channels, direct messages and the app. */
export function sidebar(ws) {
  const mine = ws.channels.filter((channel) => channel.is_member || channel.is_im);
  const named = (channel) => titleOf(ws, channel);
  const byName = (a, b) => named(a).localeCompare(named(b));
  const channels = mine.filter((channel) => !channel.is_im).sort(byName);
  const direct = mine.filter((channel) => channel.is_im && channel !== ws.appConversation).sort(byName);
  const close = () => {
    ws.ui.sidebarOpen = false;
    ws.changed();
  };
  return [
    ws.ui.sidebarOpen && h("div", { class: "sidebar-shade", key: "shade", onclick: close }),
    h(
      "nav",
      {
        class: ws.ui.sidebarOpen ? "sidebar open" : "sidebar",
        key: "sidebar",
        "aria-label": "Conversations",
      },
      h("div", { class: "sidebar-title", dir: "auto" }, ws.team.name),
      group(
        "Channels",
        channels.map((channel) => row(ws, channel)),
      ),
      direct.length > 0 &&
        group(
          "Direct messages",
          direct.map((channel) => row(ws, channel)),
        ),
      ws.app && group("Apps", appRow(ws)),
    ),
  ];
}

function group(title, rows) {
  return h("section", { class: "sidebar-group", key: title }, h("h2", null, title), rows);
}

function row(ws, channel) {
  const active = ws.ui.place.kind === "channel" && ws.ui.place.id === channel.id;
  const unread = active ? 0 : ws.unread(channel.id);
  const person = channel.is_im && ws.person(channel.with);
  const sign = person ? avatar(person, "small") : icon(channel.is_private ? "lock" : "hash", 16);
  const props = { key: channel.id, active, unread, run: () => ws.go({ kind: "channel", id: channel.id }) };
  return entry(
    props,
    sign,
    titleOf(ws, channel),
    channel.is_archived && h("span", { class: "entry-note" }, "archived"),
  );
}

function appRow(ws) {
  const active = ws.ui.place.kind === "app";
  const conversation = ws.appConversation;
  const unread = conversation && !(active && ws.ui.place.tab === "messages") ? ws.unread(conversation.id) : 0;
  const tab = unread ? "messages" : "home";
  const props = { key: "app", active, unread, run: () => ws.go({ kind: "app", tab }) };
  return entry(props, avatar({ is_bot: true }, "small"), ws.app.name);
}

function entry({ key, active, unread, run }, sign, words, note) {
  const props = {
    key,
    type: "button",
    class: unread ? "entry unread" : "entry",
    "aria-current": active ? "page" : null,
    onclick: run,
  };
  const badge = unread > 0 && h("span", { class: "badge", "aria-label": `${unread} unread` }, String(unread));
  return h("button", props, sign, h("span", { class: "entry-words", dir: "auto" }, words), note, badge);
}
