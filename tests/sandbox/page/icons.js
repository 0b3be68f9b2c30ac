/** Line icons, 20 × 20, drawn with the colour of the text around them. */

import { h } from "./dom.js";

const PATHS = {
  hash: "M8 3 6.5 17M13.5 3 12 17M4 7.5h13M3 12.5h13",
  lock: "M5.5 9h9v7.5h-9zM7.2 9V6.5a2.8 2.8 0 0 1 5.6 0V9",
  bolt: "M11.5 2.5 4.5 11h5l-1 6.5 7-8.5h-5z",
  close: "m5 5 10 10M15 5 5 15",
  back: "M12 4.5 6.5 10l5.5 5.5",
  more: "M10 4.6v.1M10 10v.1M10 15.3v.1",
  dots: "M4.7 10h.1M10 10h.1M15.3 10h.1",
  send: "M3.5 4 17 10 3.5 16l1.7-6zM5.2 10H11",
  reply: "M4 5h12v8.5H9.5L6 16.5v-3H4z",
  clip: "m15.5 9-6 6a3.2 3.2 0 0 1-4.6-4.6l6.4-6.3a2.2 2.2 0 0 1 3.1 3.1l-6.3 6.3a1.1 1.1 0 0 1-1.6-1.6L12 6.5",
  eye: "M2.5 10S5.5 5 10 5s7.5 5 7.5 5-3 5-7.5 5-7.5-5-7.5-5zM10 7.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z",
  warning: "M10 3.2 17.5 16.5h-15zM10 8v4M10 14.2v.1",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  home: "M3.5 9.5 10 4l6.5 5.5M5.5 8.5v7.5h9V8.5",
  contract: "M5.5 2.5h6l3.5 3.5v11.5h-9.5zM11.5 2.5v3.5h3.5M8 10h4.5M8 13h4.5",
  wrench: "M12.5 3.2a4 4 0 0 0-4.3 5.3l-5 5 2.3 2.3 5-5a4 4 0 0 0 5.3-4.7l-2.5 2.4-2.3-.6-.6-2.3z",
  chevron: "m5.5 8 4.5 4.5L14.5 8",
  check: "m4.5 10.5 3.7 3.7 7.3-8",
  link: "M11 4h5v5M16 4l-7 7M8.5 5H4.5v10.5H15V11.5",
};

const DOTTED = new Set(["more", "dots"]);

/** Draw an icon. It is decoration: what it means must also be said in words or an aria-label. */
export function icon(name, size = 18) {
  return h(
    "svg",
    {
      class: DOTTED.has(name) ? "icon dotted" : "icon",
      viewBox: "0 0 20 20",
      width: size,
      height: size,
      "aria-hidden": "true",
      focusable: "false",
    },
    h("path", { d: PATHS[name] }),
  );
}
