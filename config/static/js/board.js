/* Moving over the board with the arrow keys: one tab stop, and the focus goes from cell to cell. Letters act on the
   client whose row is in focus: data-on-x="…0…" of the table is the address that X opens, with 0 for the row's
   data-client. */

import { lettersAreOn } from "./keys.js";

const MOVES = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};
const TO_REVIEW = ".cell.todo:is(a)";

export default function board(table) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll(".cell")]);
  if (!rows.length) return;
  for (const cell of rows.flat()) cell.tabIndex = -1;
  let stop = table.querySelector(TO_REVIEW) ?? rows[0][0];
  stop.tabIndex = 0;

  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest(".cell");
    if (!cell || cell === stop) return;
    stop.tabIndex = -1;
    stop = cell;
    stop.tabIndex = 0;
  });
  table.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const place = placeOf(table, event);
    const next = place ? null : target(rows, stop, event.key);
    if (!place && !next) return;
    event.preventDefault();
    if (place) return location.assign(place);
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}

/** Where a letter leads from the row it is pressed in. */
function placeOf(table, event) {
  const place = lettersAreOn() && table.getAttribute(`data-on-${event.key.toLowerCase()}`);
  const row = event.target.closest("[data-client]");
  return place && row ? place.replace("0", row.dataset.client) : "";
}

function target(rows, from, key) {
  const y = rows.findIndex((cells) => cells.includes(from));
  const x = rows[y].indexOf(from);
  if (key === "Home") return rows[y][0];
  if (key === "End") return rows[y].at(-1);
  const [down, right] = MOVES[key] ?? [0, 0];
  const next = rows[y + down]?.[x + right];
  return next === from ? null : next;
}
