/** The model of the other side: Ironclad's workflows as its own people see them. */

const EVERY_MS = 1500;

export class OtherSide {
  constructor(wire, changed) {
    this.wire = wire;
    this.changed = changed;
    this.workflows = [];
    this.selected = null;
    this.query = "";
    this.problem = null;
    this.busy = null;
  }

  /** Keep the list fresh while it is on screen. */
  watch(visible) {
    if (visible === Boolean(this.timer)) return;
    clearInterval(this.timer);
    this.timer = visible ? setInterval(() => this.refresh(), EVERY_MS) : null;
    if (visible) this.refresh();
  }

  async refresh() {
    try {
      const found = await this.wire.workflows();
      if (found.ok === false) throw new Error(found.error);
      this.workflows = found.workflows;
      this.problem = null;
    } catch {
      this.problem = "The Ironclad stand-in does not answer.";
    }
    this.changed();
  }

  /** The workflows whose number, title, template or creator holds what is searched for. */
  get shown() {
    const query = this.query.trim().toLowerCase();
    const text = (workflow) =>
      [workflow.ironcladId, workflow.title, workflow.template, workflow.creator].join(" ").toLowerCase();
    return this.workflows.filter((workflow) => text(workflow).includes(query));
  }

  get open() {
    return this.workflows.find((workflow) => workflow.id === this.selected);
  }

  select(id) {
    this.selected = this.selected === id ? null : id;
    this.changed();
  }

  search(query) {
    this.query = query;
    this.changed();
  }

  /** Do what a button says; an answer that refuses becomes the problem shown above the list. */
  async move(workflow, verb) {
    this.busy = `${workflow.id} ${verb}`;
    this.changed();
    const answer = await this.wire.move(workflow.id, verb).catch(() => ({ ok: false, error: "no answer" }));
    this.busy = null;
    await this.refresh();
    if (answer.ok === false)
      this.problem = `${workflow.ironcladId ?? workflow.id} did not ${verb}: ${answer.message ?? answer.error}`;
    this.changed();
  }
}
