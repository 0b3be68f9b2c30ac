/** Where people write: messages, files, slash commands with their hints, and the app's shortcuts. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { titleOf } from "./conversation.js";
import { menuButton } from "./menus.js";

/** The composer of a conversation, or of one of its threads. */
export function composer(ws, channel, thread_ts) {
  const box = new Composer(ws, channel, thread_ts);
  const label = thread_ts ? "Reply…" : `Message ${channel.is_im ? "" : "#"}${titleOf(ws, channel)}`;
  return h(
    "div",
    { class: "composer", key: `composer ${box.name}` },
    box.suggested.length > 0 && suggestions(box),
    box.draft.files.length > 0 &&
      h(
        "div",
        { class: "composer-files" },
        box.draft.files.map((file) => attached(box, file)),
      ),
    h("textarea", {
      "aria-label": label,
      placeholder: label,
      rows: 1,
      dir: "auto",
      value: box.draft.text,
      "aria-autocomplete": "list",
      "aria-controls": box.suggested.length ? box.listId : null,
      "aria-activedescendant": box.suggested.length ? `${box.listId}-${box.active}` : null,
      mount: grow,
      update: grow,
      oninput: (event) => box.write(event.target.value),
      onkeydown: (event) => onKey(event, box),
    }),
    hint(box),
    bar(ws, box),
  );
}

class Composer {
  constructor(ws, channel, thread_ts) {
    Object.assign(this, { ws, channel, thread_ts });
    this.name = `${channel.id} ${thread_ts ?? ""}`;
    this.listId = `commands_${this.name.replace(/\W/g, "_")}`;
    if (!ws.ui.drafts.has(this.name))
      ws.ui.drafts.set(this.name, { text: "", files: [], active: 0, quiet: false });
    this.draft = ws.ui.drafts.get(this.name);
  }

  get suggested() {
    const { text, quiet } = this.draft;
    if (quiet || this.thread_ts || !/^\/\S*$/.test(text)) return [];
    const all = this.ws.apps.flatMap((app) => app.commands.map((command) => ({ ...command, app })));
    return all.filter(({ command }) => command.startsWith(text.toLowerCase()));
  }

  get active() {
    return Math.min(this.draft.active, this.suggested.length - 1);
  }

  write(text) {
    Object.assign(this.draft, { text, active: 0, quiet: false });
    this.ws.changed();
  }

  take({ command }) {
    this.write(`${command} `);
  }

  move(step) {
    const count = this.suggested.length;
    this.draft.active = (this.active + step + count) % count;
    this.ws.changed();
  }

  hush() {
    this.draft.quiet = true;
    this.ws.changed();
  }

  async attach(files) {
    for (const file of files) {
      const stored = await this.ws.upload(file);
      if (stored) this.draft.files.push(stored);
    }
    this.ws.changed();
  }

  detach(file) {
    this.draft.files = this.draft.files.filter((other) => other !== file);
    this.ws.changed();
  }

  get empty() {
    return !this.draft.text.trim() && !this.draft.files.length;
  }

  async send() {
    if (this.empty) return;
    const { text, files } = this.draft;
    Object.assign(this.draft, { text: "", files: [], active: 0 });
    this.ws.changed();
    const taken = await this.ws.send(this.channel.id, text.trim(), {
      thread_ts: this.thread_ts ?? undefined,
      files,
    });
    if (!taken && !this.draft.text) Object.assign(this.draft, { text, files });
    this.ws.changed();
  }
}

function onKey(event, box) {
  if (event.isComposing) return;
  const choosing = box.suggested.length > 0;
  const complete = box.suggested.some(({ command }) => command === box.draft.text);
  const act = {
    ArrowDown: choosing && (() => box.move(1)),
    ArrowUp: choosing && (() => box.move(-1)),
    Escape: choosing && (() => box.hush()),
    Tab: choosing && !event.shiftKey && (() => box.take(box.suggested[box.active])),
    Enter:
      !event.shiftKey &&
      (choosing && !complete ? () => box.take(box.suggested[box.active]) : () => box.send()),
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function suggestions(box) {
  const rows = box.suggested.map((command, index) =>
    h(
      "div",
      {
        role: "option",
        id: `${box.listId}-${index}`,
        key: command.command,
        class: index === box.active ? "command active" : "command",
        "aria-selected": index === box.active ? "true" : "false",
        onmousedown: (event) => event.preventDefault(),
        onclick: () => box.take(command),
      },
      h("strong", null, command.command),
      h("code", null, command.usage_hint ?? ""),
      h("span", { class: "command-about" }, command.description),
      h("span", { class: "command-app" }, command.app.name),
    ),
  );
  return h(
    "div",
    { class: "commands", role: "listbox", id: box.listId, "aria-label": "Commands" },
    h("div", { class: "group-label" }, "Commands"),
    rows,
  );
}

function hint(box) {
  const command = box.draft.text.includes(" ") ? box.ws.commandIn(box.draft.text) : null;
  if (!command || box.thread_ts) return null;
  return h(
    "div",
    { class: "composer-hint" },
    h("strong", null, command.command),
    ` ${command.usage_hint ?? ""}`,
  );
}

function attached(box, file) {
  const remove = {
    type: "button",
    class: "icon-button",
    "aria-label": `Remove ${file.name}`,
    onclick: () => box.detach(file),
  };
  return h(
    "div",
    { class: "file", key: file.id },
    icon("contract", 16),
    h("span", { dir: "auto" }, file.name),
    h("button", remove, icon("close", 14)),
  );
}

function bar(ws, box) {
  const shortcuts = ws.apps.flatMap((app) =>
    app.shortcuts.filter(({ type }) => type === "global").map((shortcut) => ({ app, shortcut })),
  );
  const items = shortcuts.map(({ app, shortcut }) => ({
    words: shortcut.name,
    note: app.name,
    run: () => ws.shortcut({ callback_id: shortcut.callback_id }),
  }));
  const pick = h("input", {
    type: "file",
    class: "sr-only",
    multiple: true,
    "aria-label": "Attach files",
    onchange: async (event) => {
      const files = [...event.target.files];
      event.target.value = "";
      await box.attach(files);
    },
  });
  return h(
    "div",
    { class: "composer-bar" },
    h("label", { class: "icon-button", title: "Attach files" }, icon("clip"), pick),
    items.length > 0 &&
      menuButton(ws, { name: `shortcuts ${box.name}`, label: "Shortcuts", face: icon("bolt"), items }),
    h("span", { class: "grow" }),
    h(
      "button",
      { type: "button", class: "send", "aria-label": "Send", disabled: box.empty, onclick: () => box.send() },
      icon("send", 16),
    ),
  );
}

function grow(node) {
  node.style.setProperty("height", "auto");
  node.style.setProperty("height", `${Math.min(node.scrollHeight, 200)}px`);
}
