/**
 * What every control of a form shares. A *field* is `{block, surface, ws}` and, inside an input block,
 * `{id, describedBy, invalid, required}` too.
 */

/** The attributes that tie a control to its label, hint and error. */
export function described({ id, describedBy, invalid, required }, element) {
  return {
    id,
    "aria-describedby": describedBy,
    "aria-invalid": invalid ? "true" : null,
    "aria-required": required ? "true" : null,
    "aria-label": id ? null : (element.placeholder?.text ?? element.accessibility_label ?? "Choose"),
    "data-focus-on-load": element.focus_on_load ? "true" : null,
  };
}

/** Note a new value; acts at once where Slack does (outside inputs, or with dispatch_action). */
export function settle(element, { block, surface, ws }, value) {
  ws.answer(surface, block, element, value);
  if (block.type !== "input" || block.dispatch_action) ws.act(surface, block, element, value);
}
