/** Dates as Slack words them: `<!date^seconds^{date_short} at {time}|fallback>` and the times of messages. */

const DAY = 86_400_000;

function words(moment, options) {
  return new Intl.DateTimeFormat("en-US", options).format(moment);
}

/** "2:05 PM" */
export function clock(moment) {
  return words(moment, { hour: "numeric", minute: "2-digit" });
}

/** "Today", "Yesterday" or "Monday, November 24th" style heading of a day. */
export function dayName(moment) {
  return near(moment) ?? words(moment, { weekday: "long", month: "long", day: "numeric" });
}

/** "Nov 24, 2026, 2:05 PM" */
export function stamp(moment) {
  return words(moment, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
  });
}

function near(moment) {
  const start = (date) => new Date(date).setHours(0, 0, 0, 0);
  const days = Math.round((start(Date.now()) - start(moment)) / DAY);
  return { 0: "Today", 1: "Yesterday", "-1": "Tomorrow" }[days] ?? null;
}

const TOKENS = {
  date_num: (m) =>
    [m.getFullYear(), m.getMonth() + 1, m.getDate()].map((n) => String(n).padStart(2, "0")).join("-"),
  date: (m) => words(m, { year: "numeric", month: "long", day: "numeric" }),
  date_short: (m) => words(m, { year: "numeric", month: "short", day: "numeric" }),
  date_long: (m) => words(m, { weekday: "long", year: "numeric", month: "long", day: "numeric" }),
  date_pretty: (m) => near(m) ?? TOKENS.date(m),
  date_short_pretty: (m) => near(m) ?? TOKENS.date_short(m),
  date_long_pretty: (m) => near(m) ?? TOKENS.date_long(m),
  time: clock,
  time_secs: (m) => words(m, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago: (m) => ago(m),
};

function ago(moment) {
  const minutes = Math.round((moment - Date.now()) / 60_000);
  const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
  if (Math.abs(minutes) < 1440) return relative.format(Math.round(minutes / 60), "hour");
  return relative.format(Math.round(minutes / 1440), "day");
}

/** Fill Slack's date tokens; the fallback when the seconds or a token are not understood. */
export function dateText(seconds, format, fallback) {
  const moment = new Date(Number(seconds) * 1000);
  if (!/^\d+$/.test(seconds) || Number.isNaN(moment.getTime())) return fallback;
  const unknown = [...format.matchAll(/\{(\w+)\}/g)].some(([, token]) => !Object.hasOwn(TOKENS, token));
  return unknown ? fallback : format.replace(/\{(\w+)\}/g, (_, token) => TOKENS[token](moment));
}
