/** The two stand-ins over HTTP: Slack's client API on this page's own address, Ironclad's beside it. */

async function call(address, { method = "GET", body, signal } = {}) {
  const form = body instanceof FormData;
  const headers = body && !form ? { "content-type": "application/json" } : {};
  const answer = await fetch(address, {
    method,
    headers,
    signal,
    body: form ? body : body && JSON.stringify(body),
  });
  const text = await answer.text();
  const read = text && /json/.test(answer.headers.get("content-type") ?? "") ? JSON.parse(text) : {};
  return answer.ok ? read : { ok: false, error: `http_${answer.status}`, ...read };
}

/** What one person does in Slack. Every call answers `{ok, error?}`; only the network itself can throw. */
export class SlackSide {
  constructor(as) {
    this.as = as;
  }

  #post(name, body) {
    return call(`/client/${name}`, { method: "POST", body: { as: this.as, ...body } });
  }

  bootstrap = () => call(`/client/bootstrap?as=${encodeURIComponent(this.as)}`);
  state = (since, signal) =>
    call(`/client/state?as=${encodeURIComponent(this.as)}&since=${since}&wait=25`, { signal });
  command = (channel, text) => this.#post("command", { channel, text });
  message = (message) => this.#post("message", message);
  shortcut = (shortcut) => this.#post("shortcut", shortcut);
  openHome = () => this.#post("home", {});
  act = (action) => this.#post("action", action);
  submit = (view_id, state) => this.#post("submit", { view_id, state });
  close = (view_id, clear) => this.#post("close", { view_id, clear });
  options = (asked) => this.#post("options", asked);
  channel = (id, change) => this.#post(`channel/${encodeURIComponent(id)}/${change}`, {});
  fault = (fault) => this.#post("fault", fault);
  mend = () => call("/client/fault", { method: "DELETE" });

  upload(file) {
    const body = new FormData();
    body.append("file", file, file.name);
    return call(`/client/upload?as=${encodeURIComponent(this.as)}`, { method: "POST", body });
  }
}

/** The other side: what Ironclad's own people see and do. */
export class IroncladSide {
  constructor(base) {
    this.base = base.replace(/\/$/, "");
  }

  #call(path, options) {
    return call(`${this.base}/sandbox/${path}`, options);
  }

  workflows = () => this.#call("workflows");
  move = (id, verb, body = {}) =>
    this.#call(`workflows/${encodeURIComponent(id)}/${verb}`, { method: "POST", body });
  templates = () => this.#call("templates");
  republish = (id) =>
    this.#call(`templates/${encodeURIComponent(id)}/republish`, { method: "POST", body: {} });
  faults = () => this.#call("faults");
  fault = (fault) => this.#call("faults", { method: "POST", body: fault });
  mend = () => this.#call("faults", { method: "DELETE" });
}

/** What the sandbox was started with: `{ironclad_url, as}`, the other side's address and who opens the page. */
export function sandboxSettings() {
  return call("/client/sandbox.json");
}
