/* A review by keyboard: levels, what became of the asks, keep and try, the outcome, the comment bank; the mean as it is
   now, hints, and the seconds left to undo. Saving is drafts.js, keys that only click something are keys.js.

   On the form: data-letters, data-attempt. In it: fieldset[data-step], those of the rubric [data-criterion]
   (data-essential), [data-own-level] for what the client rated themselves, [data-mean], [data-suggests] with data-below,
   [data-hints], [data-verdict] buttons, <details data-bank> with [data-comment] (data-about a
   criterion, data-level). On a list of the queue: [data-piece] links. On a toast: data-seconds. */

const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const SLOT = /\{[a-z]+\}/u;
const LONGEST_QUOTE = 300;
const ENDS = new Set(["", "\n", " "]);

export default function review(element) {
  if (element.matches("form")) new Review(element).start();
  else if (element.matches(".toasts")) countDown(element);
  else document.addEventListener("keydown", (event) => walk(event, element));
}

class Review {
  constructor(form) {
    this.form = form;
    this.letters = form.dataset.letters !== "off";
    this.steps = [...form.querySelectorAll("[data-step]")];
    this.criteria = [...form.querySelectorAll("[data-criterion]")];
    this.texts = [form.elements.keep, form.elements.try_next, ...form.querySelectorAll(".asks input")];
    this.bank = form.querySelector("[data-bank]");
    this.at = 0; // the step in hand
    this.quote = "";
    this.into = this.texts[0];
  }

  start() {
    document.addEventListener("keydown", (event) => this.pressed(event));
    document.addEventListener("selectionchange", () => this.remember());
    this.form.addEventListener("submit", (event) => this.aim(event.submitter));
    this.form.addEventListener("change", () => this.reckon());
    this.form.addEventListener("focusin", (event) => this.moved(event.target));
    this.form.addEventListener("across:filled", () => this.filled());
    this.form.addEventListener("across:saved", (event) => this.hint(event.detail.hints ?? []));
    if (this.bank) this.openBank();
  }

  // --- Keys --------------------------------------------------------------------------------------

  pressed(event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    const act = this.texts.includes(event.target) ? this.whileWriting(event) : this.meaning(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  whileWriting(event) {
    const text = event.target;
    if (event.key === "Escape") return () => this.leave(text);
    if (event.key !== "/" || !this.letters || !this.bank) return null;
    const before = text.value.slice(0, text.selectionStart).slice(-1);
    return ENDS.has(before) ? () => this.showBank(text) : null;
  }

  meaning(event) {
    if (event.target.matches(TYPING)) return null;
    if (event.key === "Escape" && this.bank?.open) return () => this.closeBank();
    const isInside = this.form.contains(event.target);
    if (["ArrowUp", "ArrowDown"].includes(event.key) && (isInside || event.target === document.body)) {
      return () => this.step(event.key === "ArrowDown" ? 1 : -1);
    }
    return this.letters ? this.letter(event.key.toLowerCase()) : null;
  }

  letter(key) {
    if (/^[1-4]$/u.test(key) && this.steps.length) return () => this.give(Number(key));
    if (key === "e") return () => this.write();
    if (key === "a") return () => this.toggle("another");
    if (key === "l") return () => this.toggle("live");
    return null;
  }

  step(by) {
    if (!this.steps.length) return;
    const isIn = this.steps[this.at].contains(document.activeElement);
    this.at = isIn ? Math.min(Math.max(this.at + by, 0), this.steps.length - 1) : this.at;
    this.focusOn(this.steps[this.at]);
  }

  focusOn(step) {
    (step.querySelector("input:checked") ?? step.querySelector("input")).focus();
    step.scrollIntoView({ block: "nearest" });
  }

  /** The level of a criterion, or the first, second or third answer to an ask. */
  give(place) {
    const input = this.steps[this.at].querySelectorAll("input")[place - 1];
    input?.focus();
    input?.click();
  }

  /** The text after the one in hand, round and round. */
  write() {
    const place = this.texts.indexOf(this.wrote);
    this.texts[(place + 1) % this.texts.length].focus();
  }

  leave(text) {
    text.blur();
    this.form.focus();
  }

  moved(target) {
    const place = this.steps.findIndex((step) => step.contains(target));
    if (place >= 0) this.at = place;
    if (this.texts.includes(target)) this.into = this.wrote = target;
  }

  /** Which of the buttons Ctrl+Enter presses; saved with the draft. */
  toggle(verdict) {
    const { elements } = this.form;
    if (this.form.querySelector(`[data-verdict="${verdict}"]`).disabled) return;
    const isOn = !elements[verdict].value;
    for (const name of ["another", "live"]) elements[name].value = isOn && name === verdict ? "on" : "";
    this.mark();
    elements[verdict].dispatchEvent(new Event("change", { bubbles: true }));
  }

  mark() {
    const { another, live } = this.form.elements;
    const verdict = another.value ? "another" : live.value ? "live" : "";
    const hint = this.form.querySelector("[data-verdict] kbd");
    for (const button of this.form.querySelectorAll("[data-verdict]")) {
      const isIt = button.dataset.verdict === verdict;
      button.classList.toggle("primary", isIt);
      if (!isIt) delete button.dataset.key;
      else button.dataset.key = "Ctrl+Enter";
      if (isIt && hint) button.append(" ", hint);
    }
  }

  /** drafts.js submits the form once everything is saved; it goes where the pressed button says. */
  aim(button) {
    if (button?.hasAttribute("data-hand-in")) this.form.action = button.formAction;
  }

  // --- What the levels come to ---------------------------------------------------------------------

  reckon() {
    const levels = this.criteria.map((criterion) => Number(criterion.querySelector("input:checked")?.value ?? 0));
    const own = [...this.form.querySelectorAll("[data-own-level]")].map((one) => Number(one.dataset.ownLevel));
    const given = [...levels.filter(Boolean), ...own];
    if (!given.length) return;
    const mean = given.reduce((sum, level) => sum + level, 0) / given.length;
    this.form.querySelector("[data-mean]").textContent = mean.toFixed(1);
    const isMissing = this.criteria.some((one, place) => one.hasAttribute("data-essential") && levels[place] === 1);
    const line = this.form.querySelector("[data-suggests]");
    line.hidden = !(isMissing || mean < Number(line.dataset.below));
  }

  /** Words this browser had kept are back; they are about the attempt that stands now. */
  filled() {
    this.form.elements.attempt.value = this.form.dataset.attempt;
    this.mark();
    this.reckon();
  }

  /** What the server noticed in what was saved last; never in the way of sending. */
  hint(sentences) {
    const list = this.form.querySelector("[data-hints]");
    const items = sentences.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence }));
    const isNew = sentences.join() !== [...list.children].map((item) => item.textContent).join();
    if (isNew) list.replaceChildren(...items);
    list.hidden = !items.length;
  }

  // --- The comment bank ----------------------------------------------------------------------------

  openBank() {
    this.lines = [...this.bank.querySelectorAll("[data-comment]")];
    for (const line of this.bank.querySelectorAll("[data-line]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "linkish t";
      button.append(...line.childNodes);
      button.addEventListener("click", () => this.insert(button.textContent));
      line.append(button);
    }
    this.bank.addEventListener("keydown", (event) => this.walkBank(event));
  }

  showBank(text) {
    this.into = text;
    this.bank.open = true;
    this.sortBank(text === this.texts[0] ? "keep" : "try");
    this.bank.querySelector("button").focus();
    this.bank.scrollIntoView({ block: "nearest" });
  }

  /** What is to keep or to try first; of that, what is about the criterion in hand at the level it was given. */
  sortBank(kind) {
    const step = this.steps[this.at];
    const about = step?.dataset.criterion;
    const level = step?.querySelector("input:checked")?.value;
    const rank = ({ dataset }) => {
      if (dataset.comment !== kind) return 0;
      if (!about || dataset.about !== about) return 1;
      return dataset.level === level ? 3 : 2;
    };
    const sorted = this.lines.toSorted((one, other) => rank(other) - rank(one));
    this.bank.querySelector("ul").append(...sorted);
  }

  closeBank() {
    this.bank.open = false;
    this.into.focus();
  }

  walkBank(event) {
    if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const buttons = [...this.bank.querySelectorAll("button")];
    const place = buttons.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    buttons[Math.min(Math.max(place, 0), buttons.length - 1)].focus();
  }

  insert(line) {
    const words = this.quote ? line.replace("{quote}", () => this.quote) : line;
    const text = this.into;
    const start = text.selectionStart;
    text.setRangeText(words, start, text.selectionEnd, "end");
    const slot = SLOT.exec(words);
    this.bank.open = false;
    text.focus();
    if (slot) text.setSelectionRange(start + slot.index, start + slot.index + slot[0].length);
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** The client's words that were selected last, for {quote}. */
  remember() {
    const selection = document.getSelection();
    const work = document.getElementById("work");
    if (selection.isCollapsed || !work?.contains(selection.anchorNode)) return;
    this.quote = selection.toString().trim().slice(0, LONGEST_QUOTE);
  }
}

// --- The list of the queue ---------------------------------------------------------------------------

function walk(event, list) {
  const by = { j: 1, k: -1 }[event.key];
  if (!by || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (list.dataset.letters === "off" || event.target.matches(TYPING)) return;
  const links = [...list.querySelectorAll("[data-piece]")];
  const place = links.indexOf(document.activeElement);
  links[Math.min(Math.max(place + by, 0), links.length - 1)]?.focus();
  event.preventDefault();
}

// --- The way back ------------------------------------------------------------------------------------

function countDown(toasts) {
  const toast = toasts.querySelector("[data-seconds]");
  const button = toast.querySelector("button");
  const words = button.textContent;
  const ends = Date.now() + Number(toast.dataset.seconds) * 1000;
  const left = document.createElement("span");
  left.className = "num";
  left.setAttribute("aria-hidden", "true");
  button.textContent = `${words} `;
  button.append(left);
  forgetAddress();
  const tick = setInterval(show, 250);
  function show() {
    const seconds = Math.ceil((ends - Date.now()) / 1000);
    left.textContent = Math.max(seconds, 0);
    if (seconds > 0) return;
    clearInterval(tick);
    toasts.remove();
  }
  show();
}

/** A page that is loaded again says nothing of what was sent before. */
function forgetAddress() {
  const address = new URL(location.href);
  address.searchParams.delete("sent");
  history.replaceState(history.state, "", address);
}
