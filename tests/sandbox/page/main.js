/** The page: builds the model, draws it, and follows the address (`?as=U1#channel/C1`). */

import { h, patch } from "./dom.js";
import { OtherSide } from "./other_side.js";
import { conversationScreen, threadPanel } from "./screens/conversation.js";
import { faultsDrawer } from "./screens/faults.js";
import { appScreen } from "./screens/home.js";
import { ironcladScreen, workflowPanel } from "./screens/ironclad.js";
import { confirmDialog } from "./screens/menus.js";
import { modal } from "./screens/modal.js";
import { lostStrip, refusedStrip, toasts } from "./screens/notices.js";
import { rail, sidebar, topBar } from "./screens/sidebar.js";
import { IroncladSide, SlackSide, sandboxSettings } from "./wire.js";
import { Workspace } from "./workspace.js";

class Page {
  #ws = null;
  #drawing = false;
  #returnFocus = null;

  constructor(root) {
    this.root = root;
  }

  async open() {
    const { ironclad_url, as } = await sandboxSettings();
    this.otherSide = ironclad_url && new OtherSide(new IroncladSide(ironclad_url), () => this.draw());
    addEventListener("click", (event) => this.#closeMenu(event));
    addEventListener("click", (event) => this.#followInside(event));
    addEventListener("hashchange", () => this.#goToAddress());
    addEventListener("popstate", () => this.#actAs(new URLSearchParams(location.search).get("as") ?? as));
    addEventListener("visibilitychange", () => this.draw());
    addEventListener("resize", () => this.draw());
    addEventListener("scroll", () => (this.#ws?.ui.menu || this.#ws?.ui.combo) && this.draw(), true);
    await this.#actAs(new URLSearchParams(location.search).get("as") ?? as);
  }

  /** Become another person. */
  async #actAs(id) {
    if (this.#ws && id === this.#ws.me.id) return;
    const place = this.#ws?.ui.place;
    this.#ws?.close();
    const ws = new Workspace({
      slack: new SlackSide(id),
      otherSide: this.otherSide,
      changed: () => this.draw(),
    });
    await ws.open();
    this.#ws = ws;
    const search = `?as=${encodeURIComponent(ws.me.id)}`;
    if (location.search !== search) history.pushState(null, "", `${search}${location.hash}`);
    await ws.go(placeOf(location.hash, ws) ?? place ?? firstPlace(ws));
  }

  #goToAddress() {
    const place = placeOf(location.hash, this.#ws);
    if (place && hashOf(place) !== hashOf(this.#ws.ui.place)) this.#ws.go(place);
  }

  #closeMenu(event) {
    if (!this.#ws?.ui.menu || event.target.closest(".menu-anchor")) return;
    this.#ws.ui.menu = null;
    this.draw();
  }

  /** Links to this workspace's own messages open here instead of in a new window. */
  #followInside(event) {
    const address = event.target.closest?.("a[href]")?.getAttribute("href");
    const place = address && this.#ws && insideOf(address, this.#ws);
    if (!place) return;
    event.preventDefault();
    this.#ws.go(place.place);
    if (place.thread) this.#ws.openThread(place.place.id, place.thread);
  }

  /** Redraw soon; any number of changes in one turn make one drawing. */
  draw() {
    if (this.#drawing || !this.#ws?.ui.place) return;
    this.#drawing = true;
    queueMicrotask(() => {
      this.#drawing = false;
      this.#drawNow(this.#ws);
    });
  }

  #drawNow(ws) {
    const { place, confirm } = ws.ui;
    if (place.kind !== "ironclad") ws.ui.lastSlackPlace = place;
    this.otherSide?.watch(place.kind === "ironclad");
    if (location.hash !== hashOf(place)) history.replaceState(null, "", `${location.search}${hashOf(place)}`);
    const inModal = ws.state.views.length > 0;
    this.#rememberFocus(inModal || Boolean(confirm));
    patch(this.root, [
      h("div", { class: "shell", key: "shell", inert: inModal || Boolean(confirm) }, this.#shell(ws)),
      inModal && h("div", { key: "modal", inert: Boolean(confirm) }, modal(ws)),
      confirm && h("div", { key: "confirm" }, confirmDialog(ws)),
      h("div", { key: "strips", class: "strips" }, refusedStrip(ws), lostStrip(ws)),
      toasts(ws),
    ]);
    this.#giveFocusBack(inModal || Boolean(confirm));
    document.title = titleOf(ws);
  }

  #shell(ws) {
    const { place, thread, faultsOpen } = ws.ui;
    const threadHere = thread && ws.conversation?.id === thread.channel;
    return [
      topBar(ws, (id) => this.#actAs(id)),
      rail(ws),
      place.kind !== "ironclad" && sidebar(ws),
      screen(ws),
      threadHere && threadPanel(ws),
      place.kind === "ironclad" && ws.otherSide.open && workflowPanel(ws),
      faultsOpen && faultsDrawer(ws),
    ];
  }

  #rememberFocus(covered) {
    if (covered && !this.#returnFocus) this.#returnFocus = document.activeElement;
  }

  /** When the last dialog has gone, the focus returns to where the person was. */
  #giveFocusBack(covered) {
    if (covered || !this.#returnFocus) return;
    const before = this.#returnFocus;
    this.#returnFocus = null;
    const there =
      before.isConnected && before !== document.body ? before : this.root.querySelector(".composer textarea");
    there?.focus();
  }
}

function screen(ws) {
  if (ws.ui.place.kind === "ironclad") return ironcladScreen(ws);
  if (ws.ui.place.kind === "app") return appScreen(ws);
  return conversationScreen(ws, ws.conversation);
}

function titleOf(ws) {
  const { place } = ws.ui;
  const here =
    place.kind === "ironclad" ? "Ironclad" : place.kind === "app" ? ws.app.name : ws.conversation.name;
  return `${here} – ${ws.team.name} sandbox`;
}

// --- addresses ----------------------------------------------------------------------------------------

function hashOf(place) {
  if (place.kind === "channel") return `#channel/${place.id}`;
  return place.kind === "app" ? `#app/${place.tab}` : "#ironclad";
}

function placeOf(hash, ws) {
  const [kind, rest] = hash.slice(1).split("/");
  if (kind === "channel" && ws.channel(rest)) return { kind, id: rest };
  if (kind === "app" && ws.app) return { kind, tab: rest === "messages" ? "messages" : "home" };
  return kind === "ironclad" && ws.otherSide ? { kind } : null;
}

function firstPlace(ws) {
  const channel =
    ws.channels.find(({ name }) => name === "procurement") ?? ws.channels.find(({ is_member }) => is_member);
  return { kind: "channel", id: channel.id };
}

function insideOf(address, ws) {
  const permalink = /\/archives\/(\w+)(?:\/p(\d+)(\d{6}))?(?:\?.*?thread_ts=([\d.]+))?/.exec(address);
  if (permalink && ws.channel(permalink[1])) {
    const [, id, seconds, micros, thread] = permalink;
    return { place: { kind: "channel", id }, thread: thread ?? (seconds ? `${seconds}.${micros}` : null) };
  }
  const deep = /^slack:\/\/(app|channel|user)\?/.exec(address) && new URLSearchParams(address.split("?")[1]);
  if (!deep) return null;
  if (deep.get("tab"))
    return { place: { kind: "app", tab: deep.get("tab") === "messages" ? "messages" : "home" } };
  return ws.channel(deep.get("id")) ? { place: { kind: "channel", id: deep.get("id") } } : null;
}

new Page(document.getElementById("page")).open();
