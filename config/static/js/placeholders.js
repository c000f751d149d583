/* What stands for what in a finished piece, for the one browser that knows. On the element: data-person, data-piece
   and data-in (what to look through); in it [data-book] and a <template>. */

import { Placebook } from "./placebook.js";

export default function placeholders(element) {
  const text = document.querySelector(element.dataset.in)?.textContent ?? "";
  const known = new Placebook(element.dataset.person, element.dataset.piece).standingIn(text);
  element.hidden = !known.length;
  const template = element.querySelector("template").content.firstElementChild;
  const rows = known.map(([placeholder, word]) => {
    const row = template.cloneNode(true);
    row.querySelector("[data-say=placeholder]").textContent = placeholder;
    row.querySelector("[data-say=word]").textContent = word;
    return row;
  });
  element.querySelector("[data-book]").replaceChildren(...rows);
}
