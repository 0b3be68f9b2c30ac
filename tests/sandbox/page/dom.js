/**
 * A small virtual DOM: `h()` describes, `patch()` changes only what differs.
 *
 * Elements are kept when their tag and key are kept, so focus, caret and scroll position survive a
 * redraw. Text always becomes a text node: nothing here can turn a person's words into markup.
 */

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["value", "checked", "disabled", "inert", "hidden", "indeterminate", "multiple"]);
const drawn = new WeakMap();

/** Describe an element. Children may be nested lists; null, undefined and false draw nothing. */
export function h(tag, props, ...children) {
  const { key, mount, update, ...rest } = props ?? {};
  return { tag, key, mount, update, props: rest, children: flatten(children) };
}

/** Make the children of `parent` equal to the description. */
export function patch(parent, children) {
  const mounted = [];
  reconcile(parent, flatten([children]), parent.namespaceURI === SVG, mounted);
  for (const run of mounted) run();
}

function flatten(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false && child !== "");
}

function isText(child) {
  return typeof child !== "object";
}

function slotOf(child, counts) {
  const kind = isText(child) ? "#text" : child.tag;
  if (!isText(child) && child.key !== undefined) return `${kind}!${child.key}`;
  const seen = counts.get(kind) ?? 0;
  counts.set(kind, seen + 1);
  return `${kind}#${seen}`;
}

function slotsIn(parent) {
  const counts = new Map();
  const slots = new Map();
  for (const node of parent.childNodes) {
    slots.set(slotOf(drawn.get(node) ?? node.textContent, counts), node);
  }
  return slots;
}

function reconcile(parent, children, svg, mounted) {
  const before = slotsIn(parent);
  const counts = new Map();
  const wanted = children.map((child) => [slotOf(child, counts), child]);
  const kept = new Set(wanted.map(([slot]) => slot));
  for (const [slot, node] of before) if (!kept.has(slot)) node.remove();
  const nodes = wanted.map(([slot, child]) => before.get(slot) ?? create(child, svg));
  order(parent, nodes);
  wanted.forEach(([, child], index) => apply(nodes[index], child, svg, mounted));
}

/** Bring the nodes into this order without ever moving the one that holds the focus. */
function order(parent, nodes) {
  const focused = nodes.find((node) => node.contains(document.activeElement));
  let cursor = parent.firstChild;
  for (const node of nodes) {
    while (node === focused && cursor !== node) {
      const early = cursor;
      cursor = cursor.nextSibling;
      parent.append(early);
    }
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
}

function create(child, svg) {
  if (isText(child)) return document.createTextNode("");
  return svg || child.tag === "svg"
    ? document.createElementNS(SVG, child.tag)
    : document.createElement(child.tag);
}

function apply(node, child, svg, mounted) {
  if (isText(child)) {
    if (node.data !== String(child)) node.data = String(child);
    return;
  }
  const previous = drawn.get(node);
  drawn.set(node, child);
  if (child.props.value === undefined) setProps(node, previous?.props ?? {}, child.props);
  reconcile(node, child.children, svg || child.tag === "svg", mounted);
  if (child.props.value !== undefined) setProps(node, previous?.props ?? {}, child.props);
  const hook = previous ? child.update : child.mount;
  if (hook) mounted.push(() => hook(node));
}

function setProps(node, before, after) {
  for (const name of Object.keys(before)) if (!(name in after)) setProp(node, name, undefined);
  for (const [name, value] of Object.entries(after)) {
    if (name === "value" || name === "checked" || before[name] !== value) setProp(node, name, value);
  }
}

function setProp(node, name, value) {
  if (name.startsWith("on")) node[name.toLowerCase()] = value ?? null;
  else if (name === "style") setStyle(node, value ?? {});
  else if (PROPERTIES.has(name)) setProperty(node, name, value);
  else if (value === undefined || value === null || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : value);
}

function setProperty(node, name, value) {
  const wanted = value ?? (name === "value" ? "" : false);
  if (node[name] !== wanted) node[name] = wanted;
}

function setStyle(node, style) {
  node.removeAttribute("style");
  for (const [name, value] of Object.entries(style)) node.style.setProperty(name, value);
}
