/* Notes in the margin by keyboard: M takes what is selected in the text, or the second of the recording that plays, as
   the place of a new note; without either it asks for a sentence of the list. On the list of rows (rows.js); the text
   marks its parts with data-field. What was saved is marked in the text at once. */

import { isTyping, lettersAreOn } from "./keys.js";

const AROUND = 32;
const LONGEST = 500;

export default function margin(list) {
  const form = list.closest("form");
  let drawn = placesIn(list);
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "m" || !isPlain(event) || isTyping(event.target) || !lettersAreOn()) return;
    event.preventDefault();
    begin(list);
  });
  list.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches("textarea, select")) form.focus();
  });
  let drawing = Promise.resolve(); // one after the other: what is asked for last is what stays
  form.addEventListener("across:saved", () => {
    if (drawn === placesIn(list)) return;
    drawn = placesIn(list);
    drawing = drawing.then(drawAgain);
  });
}

function isPlain(event) {
  return !(event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]"));
}

function begin(list) {
  const place = selected() ?? playing();
  const row = freeRow(list);
  if (!row) return;
  const select = row.querySelector("select");
  if (!place) return select.focus();
  const value = JSON.stringify(place.at);
  select.append(new Option(place.label, value));
  select.value = value;
  row.querySelector("textarea").focus();
  row.scrollIntoView({ block: "nearest" });
}

/** A row without a word and with its place still to choose; a new one where there is none. */
function freeRow(list) {
  const rows = () => [...list.querySelectorAll("[data-row]")].filter((row) => !row.hidden && row.querySelector("select") && !row.querySelector("textarea").value);
  if (!rows().length) list.querySelector("[data-add]").click();
  return rows()[0];
}

/** What is selected inside one part of the text, with what stands around it. What went is no part of the text. */
function selected() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const field = elementOf(range.commonAncestorContainer).closest("[data-field]");
  const quote = textOf(range).trim().slice(0, LONGEST);
  if (!field || !quote) return null;
  const [before, after] = [document.createRange(), document.createRange()];
  before.setStart(field, 0);
  before.setEnd(range.startContainer, range.startOffset);
  after.setStart(range.endContainer, range.endOffset);
  after.setEnd(field, field.childNodes.length);
  const at = { field: field.dataset.field, quote, prefix: textOf(before).slice(-AROUND), suffix: textOf(after).slice(0, AROUND) };
  return { at, label: `“${quote}”` };
}

function elementOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
}

function textOf(range) {
  const part = document.createElement("div");
  part.append(range.cloneContents());
  for (const element of part.querySelectorAll("del, .vh, .tag, .margin-note")) element.remove();
  return part.textContent;
}

/** The second a recording stands at, once it was played. */
function playing() {
  const audio = [...document.querySelectorAll("#work audio")].find((one) => one.currentTime > 0);
  const field = audio?.closest("[data-field]")?.dataset.field;
  if (!field) return null;
  const second = Math.floor(audio.currentTime);
  return { at: { field, second }, label: `${Math.floor(second / 60)}:${String(second % 60).padStart(2, "0")}` };
}

/** Every note that has words, as it was saved. */
function placesIn(list) {
  const rows = [...list.querySelectorAll("[data-row]")].map((row) => [row.querySelector("[name$=-at]").value, row.querySelector("textarea").value]);
  return JSON.stringify(rows.filter(([, text]) => text.trim()));
}

async function drawAgain() {
  const top = document.getElementById("work").scrollTop;
  const swap = { target: "#work", select: "#work", swap: "outerHTML" };
  await window.htmx.ajax("GET", location.pathname + location.search, swap).catch(() => null);
  document.getElementById("work").scrollTop = top;
}
