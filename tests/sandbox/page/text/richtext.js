/** Slack's rich_text block, for reading. */

import { h } from "../dom.js";
import { dateText } from "./dates.js";
import { emoji } from "./emoji.js";
import { link, mention } from "./mrkdwn.js";

/** Describe a rich_text block. Throws for an element this page does not know, so that the caller can say so. */
export function richText(block, names) {
  return block.elements.map((element) => part(element, names));
}

function part(element, names) {
  const draw = {
    rich_text_section: section,
    rich_text_list: list,
    rich_text_preformatted: code,
    rich_text_quote: quote,
  };
  if (!Object.hasOwn(draw, element.type)) throw new Error(`Unknown rich text element ${element.type}`);
  return draw[element.type](element, names);
}

function section(element, names) {
  return h(
    "div",
    { class: "rich-section" },
    element.elements.map((run) => styled(run, names)),
  );
}

function list(element, names) {
  const items = element.elements.map((item) =>
    h(
      "li",
      null,
      item.elements.map((run) => styled(run, names)),
    ),
  );
  const props = { class: `rich-list indent-${Math.min(element.indent ?? 0, 4)}` };
  return element.style === "ordered"
    ? h("ol", { ...props, start: (element.offset ?? 0) + 1 }, items)
    : h("ul", props, items);
}

function code(element, names) {
  return h(
    "pre",
    { class: "code" },
    element.elements.map((run) => inlineRun(run, names)),
  );
}

function quote(element, names) {
  return h(
    "blockquote",
    null,
    element.elements.map((run) => styled(run, names)),
  );
}

function styled(run, names) {
  const style = run.style ?? {};
  let node = inlineRun(run, names);
  for (const [name, tag] of [
    ["code", "code"],
    ["strike", "s"],
    ["italic", "em"],
    ["bold", "strong"],
  ]) {
    if (style[name]) node = h(tag, null, node);
  }
  return node;
}

function inlineRun(run, names) {
  const draw = {
    text: () => lines(run.text),
    link: () => link(run.url, run.text ?? run.url),
    emoji: () => emoji(run.name),
    user: () => mention("@", names.person(run.user_id) ?? run.user_id),
    channel: () => mention("#", names.channel(run.channel_id) ?? run.channel_id),
    usergroup: () => mention("@", run.usergroup_id),
    broadcast: () => mention("@", run.range, true),
    date: () => h("time", null, dateText(String(run.timestamp), run.format, run.fallback ?? "")),
  };
  if (!Object.hasOwn(draw, run.type)) throw new Error(`Unknown rich text element ${run.type}`);
  return draw[run.type]();
}

function lines(text) {
  return text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}
