/** Images of Block Kit. */

import { h } from "../dom.js";

/** An image of this machine; one from elsewhere is named instead, because the sandbox reaches nothing outside. */
export function picture({ image_url, alt_text }) {
  const local = image_url && new URL(image_url, location.href).hostname === location.hostname;
  if (local) return h("img", { src: image_url, alt: alt_text });
  return h(
    "span",
    { class: "picture-elsewhere", title: image_url ?? "an uploaded file" },
    `Image: ${alt_text}`,
  );
}
