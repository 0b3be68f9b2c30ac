/**
 * What a person has typed and chosen, by surface, block_id and action_id.
 *
 * As in Slack, a value outlives a redraw of its surface while both ids stay; `initial_*` counts only the
 * first time an id is seen. The shapes are the raw values of the client API.
 */

const NO_ANSWER = new Set(["button", "overflow", "image", "plain_text", "mrkdwn", "workflow_button"]);

/** The elements of a block that can be acted on or filled. */
export function elementsOf(block) {
  if (block.type === "input") return [block.element];
  if (block.type === "section") return block.accessory ? [block.accessory] : [];
  return block.type === "actions" ? block.elements : [];
}

/** The value an element starts with. */
export function initialOf(element) {
  const many = element.type.startsWith("multi_") || element.type === "checkboxes";
  const external = element.type.endsWith("external_select");
  const value = (option) => (external ? option : option.value);
  if (element.type === "file_input") return [];
  if (many) return element.initial_options?.map(value) ?? initialIds(element, many) ?? [];
  if (element.initial_option) return value(element.initial_option);
  const typed = /_input$/.test(element.type);
  return (
    element.initial_value ??
    element.initial_date ??
    element.initial_time ??
    initialIds(element) ??
    (typed ? "" : null)
  );
}

function initialIds(element, many = false) {
  for (const kind of ["user", "channel", "conversation"]) {
    const found = element[`initial_${kind}${many ? "s" : ""}`];
    if (found) return found;
  }
  return undefined;
}

export class Answers {
  #surfaces = new Map();

  /** Learn the fields of a surface as it is now; `remembered` is what Slack holds from earlier. */
  sync(surface, blocks, remembered = {}) {
    const before = this.#surfaces.get(surface) ?? {};
    const now = {};
    for (const block of blocks) {
      for (const element of elementsOf(block)) {
        if (NO_ANSWER.has(element.type)) continue;
        const has = (values) => Object.hasOwn(values?.[block.block_id] ?? {}, element.action_id);
        const known = [before, remembered].find(has);
        (now[block.block_id] ??= {})[element.action_id] = known
          ? known[block.block_id][element.action_id]
          : initialOf(element);
      }
    }
    this.#surfaces.set(surface, now);
  }

  get(surface, block_id, action_id) {
    return this.#surfaces.get(surface)?.[block_id]?.[action_id];
  }

  set(surface, block_id, action_id, value) {
    const fields = this.#surfaces.get(surface);
    if (fields?.[block_id] && action_id in fields[block_id]) fields[block_id][action_id] = value;
  }

  /** Everything typed on a surface, as the client API takes it. */
  state(surface) {
    return structuredClone(this.#surfaces.get(surface) ?? {});
  }

  /** Forget the surfaces that are gone. */
  keep(surfaces) {
    for (const surface of this.#surfaces.keys()) if (!surfaces.has(surface)) this.#surfaces.delete(surface);
  }
}
