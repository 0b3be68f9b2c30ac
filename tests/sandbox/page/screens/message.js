/** One message: who, when, what, and what can be done with it. */

import { drawBlocks } from "../blocks/blocks.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { clock, stamp } from "../text/dates.js";
import { mrkdwn } from "../text/mrkdwn.js";
import { avatar, nameOf } from "./avatar.js";
import { menuButton } from "./menus.js";

/** Draw a message of a conversation; `inThread` leaves out the line that opens the thread. */
export function drawMessage(ws, channel, message, { grouped = false, inThread = false } = {}) {
  const author = authorOf(ws, message);
  const moment = new Date(Number(message.ts) * 1000);
  const classes = ["message", message.ephemeral && "ephemeral", grouped && "grouped"]
    .filter(Boolean)
    .join(" ");
  const time = h(
    "time",
    { class: "message-time", title: stamp(moment), datetime: moment.toISOString() },
    clock(moment),
  );
  return h(
    "article",
    {
      class: classes,
      key: `${message.ts} ${inThread ? "thread" : ""}`,
      "aria-label": `${nameOf(author, message.name)} at ${clock(moment)}`,
      "data-ts": message.ts,
    },
    message.ephemeral && h("div", { class: "only-you" }, icon("eye", 14), "Only visible to you"),
    h("div", { class: "message-face" }, grouped ? time : avatar(author)),
    h(
      "div",
      { class: "message-body" },
      !grouped && head(author, message, time),
      body(ws, channel, message, inThread),
      message.files?.map((file) =>
        h(
          "div",
          { class: "file", key: file.id },
          icon("contract", 16),
          h("span", { dir: "auto" }, file.name),
        ),
      ),
      message.edited && h("span", { class: "edited" }, "(edited)"),
      !inThread && message.reply_count > 0 && replies(ws, channel, message),
    ),
    !message.ephemeral && h("div", { class: "message-tools" }, tools(ws, channel, message, inThread)),
  );
}

export function authorOf(ws, message) {
  const person = ws.person(message.user) ?? (message.bot_id && ws.person(ws.app?.bot_user_id));
  return person ?? { name: message.name ?? "Slackbot", is_bot: Boolean(message.bot_id) };
}

function head(author, message, time) {
  const name = h(
    "strong",
    { class: "message-author", dir: "auto" },
    author.is_bot ? (message.name ?? author.name) : nameOf(author, message.name),
  );
  return h(
    "div",
    { class: "message-head" },
    name,
    author.is_bot && h("span", { class: "app-badge" }, "APP"),
    time,
  );
}

function body(ws, channel, message, inThread) {
  const id = `message ${channel} ${message.ts}`;
  // A thread's first message is on screen twice: same answers, but each drawing has its own menus and labels.
  const surface = {
    id,
    drawing: inThread ? `${id} thread` : id,
    kind: "message",
    address: { channel, message_ts: message.ts },
  };
  if (message.blocks?.length) return drawBlocks(message.blocks, surface, ws);
  return h("div", { class: "b-text", dir: "auto" }, mrkdwn(message.text ?? "", ws.names));
}

function replies(ws, channel, message) {
  const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  const inThread = ws
    .messages(channel)
    .filter((other) => other.thread_ts === message.ts && other.ts !== message.ts);
  const authors = [
    ...new Map(inThread.map((reply) => [reply.user ?? reply.bot_id, authorOf(ws, reply)])).values(),
  ];
  const last = inThread.at(-1);
  return h(
    "button",
    { type: "button", class: "replies", onclick: () => ws.openThread(channel, message.ts) },
    authors.slice(0, 4).map((author) => avatar(author, "small")),
    h("span", { class: "reply-count" }, words),
    last && h("span", { class: "reply-last" }, `Last reply at ${clock(new Date(Number(last.ts) * 1000))}`),
  );
}

function tools(ws, channel, message, inThread) {
  const root = message.thread_ts ?? message.ts;
  const shortcuts = ws.apps.flatMap((app) =>
    app.shortcuts.filter(({ type }) => type === "message").map((shortcut) => ({ app, shortcut })),
  );
  const items = [
    ...shortcuts.map(({ app, shortcut }) => ({
      words: shortcut.name,
      note: app.name,
      run: () => ws.shortcut({ callback_id: shortcut.callback_id, channel, message_ts: message.ts }),
    })),
    { words: "Copy text", run: () => navigator.clipboard?.writeText(message.text ?? "") },
  ];
  const name = `message ${channel} ${message.ts} ${inThread}`;
  return [
    !inThread &&
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": "Reply in thread",
          title: "Reply in thread",
          onclick: () => ws.openThread(channel, root),
        },
        icon("reply"),
      ),
    menuButton(ws, { name, label: "More actions", face: icon("more"), items }),
  ];
}
