/**
 * Slack's mrkdwn, parsed to a description of DOM nodes (never to a string of HTML).
 *
 * `<`, `>` and `&` arrive escaped when they are text, so every `<…>` here is a mention, a link or a date;
 * one that is none of these is drawn as typed.
 */

import { h } from "../dom.js";
import { dateText } from "./dates.js";
import { withEmoji } from "./emoji.js";

const STYLES = { "*": "strong", _: "em", "~": "s" };
const BLOCKS = /```([\s\S]+?)```/;
// Opening marks need a border before them and the closing one a border after, so that snake_case stays itself;
// what stands in <…> is one piece and neither opens nor closes anything.
const INLINE =
  /`([^`\n]+)`|<([^<>\n]+)>|(?<![\p{L}\p{N}*_~])([*_~])(?=\S)((?:<[^<>\n]+>|[^<\n])*?(?:<[^<>\n]+>|[^<\s]))\3(?![\p{L}\p{N}])|(https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"])/u;

/** Describe the nodes of a mrkdwn text. `names` resolves ids: `{person(id), channel(id)}` give a name or null. */
export function mrkdwn(text, names) {
  const found = BLOCKS.exec(text);
  if (!found) return lines(text, names);
  const before = text.slice(0, found.index).replace(/\n$/, "");
  const after = text.slice(found.index + found[0].length).replace(/^\n/, "");
  return [
    ...lines(before, names),
    h("pre", { class: "code" }, unescaped(found[1].replace(/^\n/, ""))),
    ...mrkdwn(after, names),
  ];
}

/** Describe plain text: emoji shortcodes and line breaks, nothing else. */
export function plain(text) {
  return breaks(withEmoji(text).split("\n"), (line) => [line]);
}

function lines(text, names) {
  if (!text) return [];
  const runs = [];
  for (const line of text.split("\n")) {
    const quoted = /^(?:&gt;|>) ?/.exec(line);
    const content = quoted ? line.slice(quoted[0].length) : line;
    const last = runs.at(-1);
    if (last && last.quoted === Boolean(quoted)) last.lines.push(content);
    else runs.push({ quoted: Boolean(quoted), lines: [content] });
  }
  return runs.flatMap((run) => {
    const nodes = breaks(run.lines, (line) => inline(line, names));
    return run.quoted ? [h("blockquote", null, nodes)] : nodes;
  });
}

function breaks(texts, draw) {
  return texts.flatMap((line, index) => (index ? [h("br"), ...draw(line)] : draw(line)));
}

function inline(text, names) {
  const found = INLINE.exec(text);
  if (!found) return [unescaped(withEmoji(text))];
  const before = text.slice(0, found.index);
  return [
    unescaped(withEmoji(before)),
    drawInline(found, names),
    ...inline(text.slice(found.index + found[0].length), names),
  ];
}

function drawInline([whole, code, entity, mark, styled, url], names) {
  if (code !== undefined) return h("code", null, unescaped(code));
  if (entity !== undefined) return drawEntity(entity, names) ?? unescaped(whole);
  if (url !== undefined) return link(unescaped(url), unescaped(url));
  return h(STYLES[mark], null, inline(styled, names));
}

function drawEntity(entity, names) {
  const [target, label] = split(entity, "|");
  if (target.startsWith("@")) return mention("@", names.person(target.slice(1)) ?? label ?? target.slice(1));
  if (target.startsWith("#")) return mention("#", names.channel(target.slice(1)) ?? label ?? target.slice(1));
  if (target.startsWith("!")) return drawSpecial(target.slice(1), label);
  const address = unescaped(target);
  return isAddress(address) ? link(address, unescaped(label ?? target.replace(/^mailto:/, ""))) : null;
}

function drawSpecial(target, label) {
  const [kind, seconds, format, address] = target.split("^");
  if (["here", "channel", "everyone"].includes(kind)) return mention("@", kind, true);
  if (kind === "subteam") return mention("", label ?? `@${seconds}`);
  if (kind !== "date") return null;
  const words = unescaped(dateText(seconds, format ?? "", label ?? ""));
  return address && isAddress(unescaped(address)) ? link(unescaped(address), words) : h("time", null, words);
}

/** A person's, channel's or group's name as Slack highlights it. */
export function mention(sign, name, loud = false) {
  return h("span", { class: loud ? "mention loud" : "mention" }, `${sign}${unescaped(name)}`);
}

/** A link that opens beside this page; an address of an unsafe kind is drawn as text. */
export function link(address, words) {
  if (!isAddress(address)) return words;
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);
}

/** Whether an address is of a kind people may be sent to. */
export function isAddress(address) {
  return /^(https?:\/\/|mailto:|slack:\/\/|tel:)/i.test(address);
}

function split(text, sign) {
  const at = text.indexOf(sign);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function unescaped(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
