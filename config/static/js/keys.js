/* Keys of a page. An element with data-key="c", "ArrowLeft" or "Ctrl+Enter" is clicked by that key, one with
   data-key="g f" by the one after the other; a field is put in focus instead; "?" and whatever has data-opens-keys
   open the sheet of keys. Characters and arrows are off while somebody types, every single character wherever
   data-letters is "off", and every key on what has a use of its own for it. What is hidden is never clicked. */

const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
// What the space bar or an arrow does something to by itself, when it is in focus.
const ITS_OWN = { " ": "button, a, summary, input, audio", Arrow: "[type=radio], [role=slider], audio" };
const TOGETHER = 1500; // between the two keys of a pair
let letters = true;
let before = { key: "", at: 0 };

/** Whether what is pressed there is text. */
export function isTyping(target) {
  return target.matches(TYPING);
}

/** Whether single characters are keys of a page for this person. */
export function lettersAreOn() {
  return letters;
}

export default function keys(element) {
  letters = element.dataset.letters !== "off";
  document.addEventListener("keydown", pressed);
  for (const button of document.querySelectorAll("[data-opens-keys]")) {
    button.hidden = false;
    button.addEventListener("click", toggleSheet);
  }
}

function pressed(event) {
  if (event.defaultPrevented || event.isComposing) return;
  const key = nameOf(event);
  if (!isMeant(key, event.target)) return;
  if (key === "?") return toggleSheet();
  const element = clickedBy(pairWith(key, event.timeStamp)) ?? clickedBy(key);
  if (!element || element.disabled) return;
  event.preventDefault();
  if (isTyping(element)) element.focus();
  else element.click();
}

/** The pair this key ends, by the key before it. Every key may begin the next one. */
function pairWith(key, at) {
  const pair = at - before.at < TOGETHER ? `${before.key} ${key}` : "";
  before = { key, at };
  return pair;
}

function clickedBy(keys) {
  const found = keys ? document.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`) : [];
  return [...found].find((element) => !element.closest("[hidden]"));
}

function nameOf(event) {
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.ctrlKey || event.metaKey ? `Ctrl+${name}` : name;
}

function isMeant(key, target) {
  if (key.startsWith("Ctrl+")) return true;
  if (target.matches(TYPING) || document.querySelector("dialog[open]")) return false;
  const own = ITS_OWN[key.startsWith("Arrow") ? "Arrow" : key];
  if (own && target.closest(own)) return false;
  return letters || key.length > 1;
}

function toggleSheet() {
  const sheet = document.getElementById("keys");
  if (sheet && !sheet.open) sheet.showModal();
}
