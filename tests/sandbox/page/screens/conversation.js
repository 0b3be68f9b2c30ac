/** A channel or direct conversation with its composer, and the thread beside it. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { dayName } from "../text/dates.js";
import { isTopLevel } from "../workspace.js";
import { nameOf } from "./avatar.js";
import { composer } from "./composer.js";
import { menuButton } from "./menus.js";
import { authorOf, drawMessage } from "./message.js";

const GROUP_SECONDS = 300;
const NEAR_END_PX = 40;

/** The main column for a conversation; `head` stands above it. */
export function conversationScreen(ws, channel, head = channelHead(ws, channel)) {
  ws.look(channel.id);
  const messages = ws.messages(channel.id).filter(isTopLevel);
  return h(
    "main",
    { class: "column main", key: `conversation ${channel.id}`, "aria-label": titleOf(ws, channel) },
    head,
    scroller(
      `scroll ${channel.id}`,
      "Messages",
      messages.length ? listed(ws, channel.id, messages) : emptyNote(ws, channel),
    ),
    channel.is_archived
      ? h("p", { class: "composer-note" }, `#${channel.name} is archived.`)
      : composer(ws, channel, null),
  );
}

/** The name of a conversation as the sidebar and the header show it. */
export function titleOf(ws, channel) {
  return channel.is_im ? nameOf(ws.person(channel.with), channel.name) : channel.name;
}

function channelHead(ws, channel) {
  const sign = channel.is_im ? null : icon(channel.is_private ? "lock" : "hash");
  const state = channel.is_archived
    ? "archived"
    : !channel.is_im && !channel.app_is_member && ws.app
      ? `${ws.app.name} is not in this channel`
      : null;
  return h(
    "header",
    { class: "column-head" },
    sidebarButton(ws),
    h("h1", { class: "column-title" }, sign, h("span", { dir: "auto" }, titleOf(ws, channel))),
    state && h("span", { class: "column-note" }, state),
    h("span", { class: "grow" }),
    !channel.is_im && ws.app && channelMenu(ws, channel),
  );
}

/** The button that opens the sidebar on narrow screens. */
export function sidebarButton(ws) {
  const open = () => {
    ws.ui.sidebarOpen = true;
    ws.changed();
  };
  return h(
    "button",
    { type: "button", class: "icon-button narrow-only", "aria-label": "Show channels", onclick: open },
    icon("menu"),
  );
}

function channelMenu(ws, channel) {
  const items = [
    channel.app_is_member
      ? { words: `Remove ${ws.app.name} from channel`, run: () => ws.changeChannel(channel.id, "remove-app") }
      : { words: `Add ${ws.app.name} to channel`, run: () => ws.changeChannel(channel.id, "invite-app") },
    !channel.is_archived && {
      words: "Archive channel",
      danger: true,
      run: () => ws.changeChannel(channel.id, "archive"),
    },
  ].filter(Boolean);
  return menuButton(ws, {
    name: `channel ${channel.id}`,
    label: "Channel settings",
    face: icon("dots"),
    items,
  });
}

/** The thread panel. */
export function threadPanel(ws) {
  const { channel: id, ts } = ws.ui.thread;
  const channel = ws.channel(id);
  const messages = ws.messages(id).filter((message) => message.ts === ts || message.thread_ts === ts);
  const root = messages.find((message) => message.ts === ts);
  const rest = messages.filter((message) => message !== root);
  const count = rest.length === 1 ? "1 reply" : `${rest.length} replies`;
  const drawn = [
    root && drawMessage(ws, id, root, { inThread: true }),
    rest.length > 0 && h("div", { class: "thread-count", key: "count" }, h("span", null, count)),
    rest.map((message, index) =>
      drawMessage(ws, id, message, { inThread: true, grouped: follows(ws, rest[index - 1], message) }),
    ),
  ];
  return h(
    "aside",
    { class: "column thread", key: `thread ${id} ${ts}`, "aria-label": "Thread" },
    h(
      "header",
      { class: "column-head" },
      h("h2", { class: "column-title" }, "Thread"),
      h(
        "span",
        { class: "column-note", dir: "auto" },
        channel && (channel.is_im ? titleOf(ws, channel) : `# ${channel.name}`),
      ),
      h("span", { class: "grow" }),
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Close thread",
          onclick: () => ws.closeThread(),
        },
        icon("close"),
      ),
    ),
    scroller(`thread scroll ${ts}`, "Messages of the thread", drawn),
    channel && !channel.is_archived && composer(ws, channel, ts),
  );
}

function listed(ws, channel, messages) {
  let day = null;
  return messages.flatMap((message, index) => {
    const moment = new Date(Number(message.ts) * 1000);
    const today = dayName(moment);
    const heading =
      today !== day &&
      h("div", { class: "day", key: `day ${today}`, role: "separator" }, h("span", null, today));
    day = today;
    const grouped = !heading && follows(ws, messages[index - 1], message);
    return [heading, drawMessage(ws, channel, message, { grouped })];
  });
}

function follows(ws, before, message) {
  if (!before || before.ephemeral || message.ephemeral || before.reply_count > 0) return false;
  const same = authorOf(ws, before).name === authorOf(ws, message).name;
  return same && Number(message.ts) - Number(before.ts) < GROUP_SECONDS;
}

function emptyNote(ws, channel) {
  const name = channel.is_im ? titleOf(ws, channel) : `#${channel.name}`;
  return h(
    "div",
    { class: "empty", key: "empty" },
    h("strong", { dir: "auto" }, name),
    h("p", null, "Nothing has been said here yet."),
  );
}

/** A list that stays at its end when something new arrives, unless the person has scrolled up. */
function scroller(key, label, children) {
  const toEnd = (node) => {
    node.scrollTop = node.scrollHeight;
    node.dataset.height = node.scrollHeight;
  };
  const follow = (node) => {
    const wasAtEnd = node.scrollTop + node.clientHeight >= Number(node.dataset.height) - NEAR_END_PX;
    if (wasAtEnd) toEnd(node);
    node.dataset.height = node.scrollHeight;
  };
  return h(
    "div",
    { class: "scroller", key, role: "log", "aria-label": label, tabindex: "0", mount: toEnd, update: follow },
    children,
  );
}
