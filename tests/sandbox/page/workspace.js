/**
 * The page's model: what one person sees of the workspace, and what they can do in it.
 *
 * The truth is the stand-in's state, fetched by long poll; kept here besides is only what a browser keeps:
 * where the person is, what they have typed, what is open. Every change ends in `changed()`, which redraws.
 */

import { Answers } from "./blocks/answers.js";

const RETRY_MS = 1000;
const TOAST_MS = 6000;

export class Workspace {
  constructor({ slack, otherSide, changed }) {
    this.slack = slack;
    this.otherSide = otherSide;
    this.changed = changed;
    this.answers = new Answers();
    this.state = { conversations: {}, views: [], home: null, refused: [] };
    this.version = 0;
    this.lost = false;
    this.toasts = [];
    this.files = new Map();
    this.ui = freshInterface();
  }

  // --- who and what -------------------------------------------------------------------------------

  async open() {
    await this.#learn();
    this.seen = JSON.parse(sessionStorage.getItem(this.#seenKey) ?? "{}");
    this.#stopPolling = new AbortController();
    this.#poll(this.#stopPolling.signal);
  }

  close() {
    this.#stopPolling?.abort();
  }

  #stopPolling = null;

  get #seenKey() {
    return `seen ${this.me.id}`;
  }

  async #learn() {
    const { team, me, people, channels, apps } = await this.slack.bootstrap();
    Object.assign(this, { team, me, people, channels, apps });
    this.names = {
      person: (id) => this.person(id)?.name ?? null,
      channel: (id) => this.channel(id)?.name ?? null,
    };
  }

  person(id) {
    return this.people.find((person) => person.id === id);
  }

  channel(id) {
    return this.channels.find((channel) => channel.id === id);
  }

  get app() {
    return this.apps[0];
  }

  /** The direct conversation between this person and the app, once there is one. */
  get appConversation() {
    return this.channels.find((channel) => channel.is_im && channel.with === this.app?.bot_user_id);
  }

  // --- the stand-in's state -----------------------------------------------------------------------

  async #poll(signal) {
    while (!signal.aborted) {
      try {
        const state = await this.slack.state(this.version, signal);
        if (state.ok === false) throw new Error(state.error);
        this.lost = false;
        if (state.version !== this.version) await this.#take(state);
      } catch {
        if (signal.aborted) return;
        this.lost = true;
        this.changed();
        await new Promise((resume) => setTimeout(resume, RETRY_MS));
      }
    }
  }

  async #take(state) {
    // What passed before this page was opened is not news.
    if (this.version === 0) for (const { id } of state.toasts ?? []) this.ui.shownToasts.add(id);
    this.version = state.version;
    this.state = state;
    const strangers = Object.keys(state.conversations).some((id) => !this.channel(id));
    if (strangers) await this.#learn();
    for (const toast of state.toasts ?? []) this.toast(toast.text, toast.id);
    this.#syncAnswers();
    this.changed();
  }

  #syncAnswers() {
    const live = new Set();
    const sync = (surface, blocks, remembered) => {
      live.add(surface);
      this.answers.sync(surface, blocks ?? [], remembered);
    };
    for (const view of this.state.views) sync(`view ${view.id}`, view.blocks, view.state_values);
    if (this.state.home) sync("home", this.state.home.blocks, this.state.home.state_values);
    for (const [channel, { messages }] of Object.entries(this.state.conversations)) {
      for (const message of messages) sync(`message ${channel} ${message.ts}`, message.blocks);
    }
    this.answers.keep(live);
  }

  messages(channel) {
    return this.state.conversations[channel]?.messages ?? [];
  }

  // --- where the person is ------------------------------------------------------------------------

  /** Show a place: `{kind: "channel", id}`, `{kind: "app", tab}` or `{kind: "ironclad"}`. */
  async go(place) {
    Object.assign(this.ui, { place, thread: null, menu: null, sidebarOpen: false });
    this.changed();
    if (place.kind === "app" && place.tab === "home") await this.#tell(this.slack.openHome());
  }

  /** The conversation on screen, if the place is one. */
  get conversation() {
    const { place } = this.ui;
    if (place?.kind === "channel") return this.channel(place.id);
    return place?.kind === "app" && place.tab === "messages" ? this.appConversation : undefined;
  }

  openThread(channel, ts) {
    this.ui.thread = { channel, ts };
    this.ui.menu = null;
    this.changed();
  }

  closeThread() {
    this.ui.thread = null;
    this.changed();
  }

  /** How many messages of others arrived in a conversation since the person last looked. */
  unread(channel) {
    const seen = this.seen[channel] ?? "0";
    const fresh = (message) => message.ts > seen && message.user !== this.me.id;
    return this.messages(channel).filter((message) => isTopLevel(message) && fresh(message)).length;
  }

  /** Note that everything in a conversation has been seen. */
  look(channel) {
    const last = this.messages(channel).at(-1)?.ts;
    if (!last || this.seen[channel] === last || document.hidden) return;
    this.seen[channel] = last;
    sessionStorage.setItem(this.#seenKey, JSON.stringify(this.seen));
  }

  // --- notices ------------------------------------------------------------------------------------

  toast(text, id = crypto.randomUUID()) {
    if (this.ui.shownToasts.has(id)) return;
    this.ui.shownToasts.add(id);
    this.toasts.push({ id, text });
    setTimeout(() => this.dropToast(id), TOAST_MS);
    this.changed();
  }

  dropToast(id) {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
    this.changed();
  }

  /** Wait for an answer; show a refusal as a toast. */
  async #tell(answering) {
    let answer;
    try {
      answer = await answering;
    } catch {
      answer = { ok: false, error: "the sandbox does not answer" };
    }
    if (answer.ok === false && answer.error) this.toast(`That did not work: ${answer.error}`);
    return answer;
  }

  // --- doing --------------------------------------------------------------------------------------

  /** Send what was typed in a composer: a slash command or a message. Answers whether it was taken. */
  async send(channel, text, { thread_ts, files = [] } = {}) {
    const known = this.commandIn(text);
    if (known && thread_ts) return this.#refuseInThread(known.command);
    if (text.startsWith("/") && !known) return this.#refuseCommand(text.split(/\s/)[0]);
    if (known) return this.#command(channel, text);
    const sent = this.slack.message({
      channel,
      text: escaped(text),
      thread_ts,
      files: files.map((file) => file.id),
    });
    return (await this.#tell(sent)).ok !== false;
  }

  /** Slack itself says when a command has failed; the words are gone from the composer either way. */
  async #command(channel, text) {
    await this.#while(`command ${channel}`, () => this.slack.command(channel, text));
    return true;
  }

  commandIn(text) {
    const word = text.trim().split(/\s/)[0];
    return this.apps.flatMap((app) => app.commands).find((known) => known.command === word);
  }

  #refuseInThread(command) {
    this.toast(`${command} is not supported in threads. Sorry!`);
    return false;
  }

  #refuseCommand(word) {
    this.toast(`${word} is not a valid command. A message cannot begin with a slash.`);
    return false;
  }

  shortcut(shortcut) {
    this.ui.menu = null;
    this.changed();
    return this.#tell(this.slack.shortcut(shortcut));
  }

  /** Act on an element of a surface, after its confirmation dialog if it has one. */
  async act(surface, block, element, value) {
    if (element.confirm && !(await this.ask(element.confirm))) return;
    const said = {
      ...surface.address,
      block_id: block.block_id,
      action_id: element.action_id,
      value,
      state: this.answers.state(surface.id),
    };
    const pressed = element.type === "button";
    const busy = busyKey(surface.id, block.block_id, element.action_id, pressed ? value : "");
    if (pressed) await this.#while(busy, () => this.slack.act(said));
    else await this.#inTurn(busy, () => this.slack.act(said));
  }

  /** Tell every choice made in an element, in order: unlike a pressed button, a second one is news. */
  async #inTurn(busy, calling) {
    const before = this.#turns.get(busy);
    const mine = Promise.resolve(before).then(() => this.#while(busy, calling));
    this.#turns.set(busy, mine);
    await mine;
    if (this.#turns.get(busy) === mine) this.#turns.delete(busy);
  }

  #turns = new Map();

  /** Submit a modal; problems Slack itself finds are put beside their fields. */
  async submit(view) {
    const state = this.answers.state(`view ${view.id}`);
    this.ui.edited.delete(view.id);
    this.ui.errors.delete(view.id);
    const answer = await this.#while(`submit ${view.id}`, () => this.slack.submit(view.id, state));
    if (answer.errors) this.ui.errors.set(view.id, answer.errors);
    this.changed();
  }

  /** Close the top modal, or with `clear` the whole stack. */
  async closeModal(view, clear) {
    await this.#while(`close ${view.id}`, () => this.slack.close(view.id, clear));
  }

  async #while(busy, calling) {
    if (this.ui.busy.has(busy)) return {};
    this.ui.busy.add(busy);
    this.changed();
    try {
      const answer = await calling();
      // What an app got wrong, Slack shows in its own words: a toast or the modal's banner. The rest we tell.
      if (answer.ok === false && answer.error && !answer.ack_ms)
        this.toast(`That did not work: ${answer.error}`);
      return answer;
    } catch {
      this.toast("The sandbox does not answer.");
      return {};
    } finally {
      this.ui.busy.delete(busy);
      this.changed();
    }
  }

  /** Note a typed or chosen value. */
  answer(surface, block, element, value) {
    this.answers.set(surface.id, block.block_id, element.action_id, value);
    if (surface.view_id) {
      const edited = this.ui.edited.get(surface.view_id) ?? new Set();
      this.ui.edited.set(surface.view_id, edited.add(block.block_id));
    }
    this.changed();
  }

  /** The errors to show in a modal, without those whose field was changed since. */
  errorsOf(view) {
    const errors = { ...(view.errors ?? {}), ...(this.ui.errors.get(view.id) ?? {}) };
    const edited = this.ui.edited.get(view.id) ?? new Set();
    return Object.fromEntries(Object.entries(errors).filter(([block_id]) => !edited.has(block_id)));
  }

  async upload(file) {
    const answer = await this.#tell(this.slack.upload(file));
    const stored = answer.file ?? answer;
    if (!stored.id) return null;
    this.files.set(stored.id, { id: stored.id, name: file.name, size: file.size });
    return this.files.get(stored.id);
  }

  async changeChannel(id, change) {
    this.ui.menu = null;
    await this.#tell(this.slack.channel(id, change));
    await this.#learn();
    this.changed();
  }

  /** Ask a yes/no question in a dialog (Block Kit's confirm object). */
  ask(dialog) {
    return new Promise((answered) => {
      const close = (yes) => {
        this.ui.confirm = null;
        this.changed();
        answered(yes);
      };
      this.ui.confirm = { dialog, close };
      this.ui.menu = null;
      this.changed();
    });
  }

  /** Open or close a menu by its name; one is open at a time. */
  toggleMenu(name) {
    this.ui.menu = this.ui.menu === name ? null : name;
    this.changed();
  }
}

/** The name under which an action in flight is known. */
export function busyKey(surface, block_id, action_id, value = "") {
  return `act ${surface} ${block_id} ${action_id} ${value ?? ""}`;
}

/** Whether a message stands in the channel itself rather than in a thread. */
export function isTopLevel(message) {
  return !message.thread_ts || message.thread_ts === message.ts;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function freshInterface() {
  return {
    place: null,
    thread: null,
    menu: null,
    combo: null,
    confirm: null,
    sidebarOpen: false,
    faultsOpen: false,
    refusedSeen: 0,
    refusedOpen: false,
    busy: new Set(),
    drafts: new Map(),
    errors: new Map(),
    edited: new Map(),
    shownToasts: new Set(),
  };
}
