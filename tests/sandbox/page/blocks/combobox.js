/**
 * All the selects of Block Kit as one ARIA combobox: type to narrow, arrows and Enter to choose.
 *
 * The raw values are those of the client API: an option's value, a person's or channel's id, and for the
 * external selects the option object itself.
 */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { placeBeside } from "../screens/menus.js";
import { plain } from "../text/mrkdwn.js";
import { described, settle } from "./field.js";

const PAUSE_MS = 200;
const MOST_SHOWN = 100;

/** Draw a select and, when it is the open one, its list. */
export function combobox(element, field) {
  const select = new Select(element, field);
  return h(
    "div",
    { class: select.many ? "combo many" : "combo" },
    select.many && select.chosen.map((raw) => chip(select, raw)),
    entry(select),
    clearable(select) && clearButton(select),
    h("span", { class: "combo-arrow" }, icon("chevron", 16)),
    select.open && list(select),
  );
}

class Select {
  constructor(element, field) {
    const { block, surface, ws } = field;
    Object.assign(this, { element, field, ws });
    this.name = `${surface.drawing} ${block.block_id} ${element.action_id}`;
    this.many = element.type.startsWith("multi_");
    this.kind = element.type.replace("multi_", "").replace("_select", "");
    this.raw = ws.answers.get(surface.id, block.block_id, element.action_id);
    this.chosen = this.many
      ? (this.raw ?? [])
      : [this.raw].filter((raw) => raw !== null && raw !== undefined);
    this.domId = this.name.replace(/[^\w-]/g, "_");
  }

  get open() {
    return this.ws.ui.combo?.name === this.name ? this.ws.ui.combo : null;
  }

  /** Groups of `{raw, words}` that match what is typed. */
  get groups() {
    const query = (this.open?.query ?? "").trim().toLowerCase();
    const matches = ({ words }) => this.kind === "external" || words.toLowerCase().includes(query);
    let room = MOST_SHOWN;
    return this.#source().map(({ label, items }) => {
      const shown = items.filter(matches).slice(0, room);
      room -= shown.length;
      return { label, items: shown };
    });
  }

  get items() {
    return this.groups.flatMap((group) => group.items);
  }

  #source() {
    if (this.kind === "static") return grouped(this.element, (option) => option.value);
    if (this.kind === "external") return grouped(this.open?.found ?? {}, (option) => option);
    if (this.kind === "users") return [{ items: this.ws.people.map(person) }];
    return [
      {
        items: this.ws.channels
          .filter((channel) => this.#offers(channel))
          .map((channel) => conversation(channel, this.ws)),
      },
    ];
  }

  #offers(channel) {
    if (this.kind === "channels") return !channel.is_im && !channel.is_private && !channel.is_archived;
    const kind = channel.is_im ? "im" : channel.is_private ? "private" : "public";
    const include = this.element.filter?.include;
    return !channel.is_archived && (!include || include.includes(kind));
  }

  words(raw) {
    if (this.kind === "external") return raw.text.text;
    const sources = this.kind === "static" ? grouped(this.element, (option) => option.value) : this.#source();
    return sources.flatMap((group) => group.items).find((item) => item.raw === raw)?.words ?? String(raw);
  }

  has(raw) {
    return this.chosen.some((other) => identity(other) === identity(raw));
  }

  get full() {
    return this.many && this.chosen.length >= (this.element.max_selected_items ?? Infinity);
  }

  // --- moves ---

  show() {
    if (this.open) return;
    this.ws.ui.combo = { name: this.name, query: "", active: -1, found: null, note: null };
    if (this.kind === "external") this.#search("");
    this.ws.changed();
  }

  hide() {
    if (!this.open) return;
    const { changed } = this.open;
    this.ws.ui.combo = null;
    // Slack tells the app about a multi-select once, when its list closes.
    if (changed) settle(this.element, this.field, this.chosen);
    this.ws.changed();
  }

  type(query) {
    this.show();
    Object.assign(this.open, { query, active: query ? 0 : -1 });
    if (this.kind === "external") this.#search(query);
    this.ws.changed();
  }

  move(step) {
    this.show();
    const count = this.items.length;
    if (count)
      this.open.active =
        (this.open.active + step + (this.open.active < 0 && step < 0 ? 1 : 0) + count) % count;
    this.ws.changed();
  }

  choose(raw) {
    if (!this.many) {
      this.ws.ui.combo = null;
      settle(this.element, this.field, raw);
      return;
    }
    if (!this.has(raw) && this.full) return;
    this.#assign(
      this.has(raw)
        ? this.chosen.filter((other) => identity(other) !== identity(raw))
        : [...this.chosen, raw],
    );
    Object.assign(this.open, { query: "", changed: true });
    this.ws.changed();
  }

  drop(raw) {
    const rest = this.chosen.filter((other) => identity(other) !== identity(raw));
    settle(this.element, this.field, this.many ? rest : null);
  }

  #assign(chosen) {
    this.chosen = chosen;
    this.ws.answer(this.field.surface, this.field.block, this.element, chosen);
  }

  #search(query) {
    const combo = this.open;
    const least = this.element.min_query_length ?? 3;
    clearTimeout(combo.timer);
    if (query.length < least) {
      Object.assign(combo, { found: null, note: `Type ${least} or more letters to search` });
      return;
    }
    Object.assign(combo, { note: "Searching…" });
    combo.timer = setTimeout(() => this.#fetch(combo, query), query ? PAUSE_MS : 0);
  }

  async #fetch(combo, query) {
    const { surface, block } = this.field;
    const asked = { ...surface.address, block_id: block.block_id, action_id: this.element.action_id, query };
    const found = await this.ws.slack.options(asked).catch(() => ({ ok: false }));
    if (combo.query !== query) return;
    const failed = found.ok === false || !(found.options || found.option_groups);
    Object.assign(combo, {
      found: failed ? null : found,
      note: failed ? "These options could not be loaded" : null,
    });
    combo.active = query ? 0 : -1;
    this.ws.changed();
  }
}

function grouped({ options, option_groups }, raw) {
  const items = (list) =>
    list.map((option) => ({ raw: raw(option), words: option.text.text, note: option.description?.text }));
  if (option_groups)
    return option_groups.map((group) => ({ label: group.label.text, items: items(group.options) }));
  return [{ items: items(options ?? []) }];
}

function person({ id, name, real_name }) {
  return { raw: id, words: real_name || name };
}

function conversation(channel, ws) {
  const name = channel.is_im ? (ws.person(channel.with)?.name ?? channel.name) : `#${channel.name}`;
  return { raw: channel.id, words: name };
}

function identity(raw) {
  return typeof raw === "object" ? raw.value : raw;
}

// --- drawing ----------------------------------------------------------------------------------------

function entry(select) {
  const { element, field, open } = select;
  const shown = select.many || !select.chosen.length ? "" : select.words(select.chosen[0]);
  return h("input", {
    ...described(field, element),
    type: "text",
    class: "text combo-entry",
    dir: "auto",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-expanded": open ? "true" : "false",
    "aria-autocomplete": "list",
    "aria-controls": open ? `${select.domId}-list` : null,
    "aria-activedescendant": open && open.active >= 0 ? `${select.domId}-${open.active}` : null,
    value: open ? open.query : shown,
    placeholder: shown || (element.placeholder?.text ?? (select.chosen.length ? "" : "Choose an option")),
    onclick: () => select.show(),
    oninput: (event) => select.type(event.target.value),
    onkeydown: (event) => onKey(event, select),
    onblur: () => select.hide(),
  });
}

function onKey(event, select) {
  const { open } = select;
  const act = {
    ArrowDown: () => select.move(1),
    ArrowUp: () => select.move(-1),
    Enter: () => (open && open.active >= 0 ? choose(select, select.items[open.active]?.raw) : select.show()),
    Escape: open ? () => select.hide() : null,
    Backspace:
      select.many && !event.target.value && select.chosen.length
        ? () => select.drop(select.chosen.at(-1))
        : null,
    Delete: clearable(select) && !open ? () => select.drop(select.raw) : null,
  }[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

function choose(select, raw) {
  if (raw !== undefined) select.choose(raw);
}

function clearable(select) {
  return !select.many && select.field.required === false && select.chosen.length > 0;
}

function clearButton(select) {
  const clear = {
    type: "button",
    class: "combo-clear icon-button",
    "aria-label": "Clear",
    onclick: () => select.drop(select.raw),
  };
  return h("button", clear, icon("close", 14));
}

function chip(select, raw) {
  const words = select.words(raw);
  const remove = {
    type: "button",
    class: "chip-remove",
    "aria-label": `Remove ${words}`,
    onclick: () => select.drop(raw),
  };
  return h(
    "span",
    { class: "chip", key: identity(raw), dir: "auto" },
    words,
    h("button", remove, icon("close", 12)),
  );
}

function list(select) {
  let index = -1;
  const rows = select.groups.flatMap(({ label, items }) => {
    const drawn = items.map((item) => option(select, item, (index += 1)));
    return label && items.length
      ? [
          h(
            "div",
            { role: "group", "aria-label": label, key: label },
            h("div", { class: "group-label" }, label),
            drawn,
          ),
        ]
      : drawn;
  });
  const note =
    select.open.note ??
    (select.full ? `No more than ${select.element.max_selected_items}` : index < 0 ? "No results" : null);
  return h(
    "div",
    {
      class: "popup listbox",
      role: "listbox",
      id: `${select.domId}-list`,
      "aria-multiselectable": select.many ? "true" : null,
      mount: place,
      update: place,
      onmousedown: (event) => event.preventDefault(),
    },
    rows,
    note && h("div", { class: "popup-note", role: "status" }, note),
  );
}

function option(select, { raw, words, note }, index) {
  const active = select.open.active === index;
  const props = {
    role: "option",
    id: `${select.domId}-${index}`,
    key: identity(raw),
    class: active ? "option active" : "option",
    "aria-selected": select.has(raw) ? "true" : "false",
    dir: "auto",
    onclick: () => select.choose(raw),
  };
  return h(
    "div",
    props,
    h("span", null, plain(words), note && h("small", null, plain(note))),
    select.has(raw) && icon("check", 16),
  );
}

function place(node) {
  placeBeside(node, node.parentElement);
  node.querySelector(".active")?.scrollIntoView({ block: "nearest" });
}
