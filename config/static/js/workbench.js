/* The upward-writing workbench: views without a page load, tags by keys, joining and breaking. Which sentences there
   are, how tags follow a text and what the reader gets is the server's answer to what stands in the form; it comes in
   parts. Without a connection a tag is still given and kept; the rest follows when it is back.

   On the element: data-sentences (where the parts come from), data-letters, data-say-is, data-say-none. In the form:
   `showing`, [data-in] for what a view shows, [data-part], and in the list [data-line], [data-square], [data-words].
   Around it: [data-view] buttons. */

import { bodyOf, isSignedOut, post } from "./http.js";

const TAGS = { 1: "K", 2: "F", 3: "D", 0: "C" };
const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

export default function workbench(element) {
  new Workbench(element).start();
}

class Workbench {
  constructor(element) {
    this.element = element;
    this.form = element.closest("form");
    this.letters = element.dataset.letters !== "off";
    this.views = [...document.querySelectorAll("[data-view]")];
    this.at = 0; // the sentence in hand
    this.acting = false; // joining or breaking, until the server has answered
  }

  get card() {
    return this.element.querySelector(".tagging");
  }

  get list() {
    return this.part("list");
  }

  get lines() {
    return [...this.list.querySelectorAll("[data-line]")];
  }

  get view() {
    return this.form.elements.showing.value;
  }

  part(name) {
    return document.querySelector(`[data-part="${name}"]`);
  }

  start() {
    for (const button of this.views) button.addEventListener("click", (event) => this.viewPressed(event, button));
    document.addEventListener("keydown", (event) => this.pressed(event));
    document.querySelector("[data-errors]")?.addEventListener("click", (event) => this.reveal(event));
    this.card.addEventListener("click", (event) => this.clicked(event));
    this.card.addEventListener("change", (event) => this.tagged(event.target));
    this.card.addEventListener("focusin", (event) => this.moved(event.target));
    this.form.addEventListener("across:filled", () => this.refresh());
    this.form.addEventListener("across:noted", () => this.refresh());
    this.form.addEventListener("change", (event) => event.target.name === "reader" && this.refresh());
    this.card.setAttribute("data-live", "");
    this.enhance();
    if (this.view === "tag") this.choose(this.firstUntagged());
  }

  // --- Views -------------------------------------------------------------------------------------

  viewPressed(event, button) {
    event.preventDefault();
    this.show(button.value);
  }

  async show(view) {
    this.form.elements.showing.value = view;
    for (const part of document.querySelectorAll("[data-in]")) part.hidden = !part.dataset.in.split(" ").includes(view);
    for (const button of this.views) button.setAttribute("aria-pressed", button.value === view);
    const address = new URL(location.href);
    address.searchParams.set("view", view);
    history.replaceState(history.state, "", address);
    if (view === "write") return;
    await this.refresh();
    if (view === "tag") this.choose(this.firstUntagged());
  }

  /** A link to a field that another view shows. */
  reveal(event) {
    const target = document.getElementById(event.target.closest("a")?.hash.slice(1) ?? "");
    const hidden = target?.closest("[data-in][hidden]");
    if (!hidden) return;
    event.preventDefault();
    this.show(hidden.dataset.in.split(" ")[0]).then(() => target.focus());
    target.focus();
  }

  // --- The parts ---------------------------------------------------------------------------------

  async refresh(act = {}) {
    this.running?.abort();
    this.running = new AbortController();
    const body = bodyOf(this.form);
    for (const [name, value] of Object.entries(act)) body.set(name, value);
    try {
      const response = await post(this.element.dataset.sentences, body, { accept: "text/html", signal: this.running.signal });
      if (response.ok && !isSignedOut(response)) this.swap(await response.text());
    } catch {
      // Called off by something newer, or no connection: what is there stays.
    }
  }

  swap(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const fresh of page.querySelectorAll("[data-part]")) {
      const name = fresh.dataset.part;
      if (name === "list") this.swapList(fresh);
      else if (this.part(name)) this.part(name).innerHTML = fresh.innerHTML;
    }
  }

  /** New sentences replace the list; the same ones only get their words marked anew. */
  swapList(fresh) {
    const lines = [...fresh.querySelectorAll("[data-line]")];
    const isSame = lines.length && wordsOf(lines).join("\n") === wordsOf(this.lines).join("\n");
    if (isSame) {
      for (const [place, line] of this.lines.entries()) {
        line.querySelector("[data-words]").innerHTML = lines[place].querySelector("[data-words]").innerHTML;
      }
      return;
    }
    const hadFocus = this.list.contains(document.activeElement);
    if (hadFocus) document.activeElement.blur(); // what leaving a field sets off sees the old list, and all of it
    this.list.innerHTML = fresh.innerHTML;
    this.enhance();
    this.choose(this.at, { focus: hadFocus });
    const text = this.form.querySelector("input[name$='-text']");
    text?.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** The squares of the list are buttons where scripts run. */
  enhance() {
    for (const square of this.list.querySelectorAll("span[data-square]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.square = "";
      square.replaceWith(button);
    }
    for (const line of this.lines) this.paint(line);
  }

  paint(line) {
    const square = line.querySelector("[data-square]");
    const chosen = line.querySelector("input:checked");
    const say = chosen ? this.element.dataset.sayIs : this.element.dataset.sayNone;
    square.className = chosen ? `tag ${chosen.value.toLowerCase()}` : "tag gap";
    square.textContent = chosen?.value ?? "";
    square.setAttribute("aria-label", say.replace("{n}", this.lines.indexOf(line) + 1).replace("{tag}", chosen?.dataset.name));
  }

  // --- One sentence ------------------------------------------------------------------------------

  firstUntagged() {
    const place = this.lines.findIndex((line) => !line.querySelector("input:checked"));
    return Math.max(place, 0);
  }

  choose(place, { focus = false } = {}) {
    const lines = this.lines;
    this.at = Math.min(Math.max(place, 0), Math.max(lines.length - 1, 0));
    for (const [each, line] of lines.entries()) line.classList.toggle("is-on", each === this.at);
    const line = lines[this.at];
    if (!line || !focus) return;
    (line.querySelector("input:checked") ?? line.querySelector("input[type=radio]")).focus();
    line.scrollIntoView({ block: "nearest" });
  }

  moved(target) {
    const place = this.lines.indexOf(target.closest("[data-line]"));
    if (place >= 0 && place !== this.at) this.choose(place);
  }

  tagged(target) {
    if (target.type !== "radio") return;
    this.paint(target.closest("[data-line]"));
    if (!this.acting) this.refresh();
  }

  clicked(event) {
    const button = event.target.closest("button[name]");
    if (button) {
      event.preventDefault();
      const select = button.closest(".breaks")?.querySelector("select");
      return this.act({ [button.name]: button.value, ...(select ? { [select.name]: select.value } : {}) });
    }
    const place = this.lines.indexOf(event.target.closest("[data-line]"));
    if (place >= 0) this.choose(place, { focus: Boolean(event.target.closest("[data-square]")) });
  }

  /** Join or break; the next one waits until this one is done. */
  async act(what) {
    if (this.acting) return;
    this.acting = true;
    await this.refresh(what);
    this.acting = false;
  }

  // --- Keys --------------------------------------------------------------------------------------

  pressed(event) {
    if (this.view !== "tag" || event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.matches(TYPING)) return;
    const act = this.meaning(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  meaning(event) {
    const isHere = event.target === document.body || this.card.contains(event.target) || this.views.includes(event.target);
    if (["ArrowUp", "ArrowDown"].includes(event.key)) {
      return isHere ? () => this.choose(this.at + (event.key === "ArrowDown" ? 1 : -1), { focus: true }) : null;
    }
    if (!this.letters || !this.lines.length) return null;
    if (event.key in TAGS) return () => this.tag(TAGS[event.key]);
    return { j: () => this.join(), b: () => this.breakIt() }[event.key.toLowerCase()] ?? null;
  }

  tag(letter) {
    const input = this.lines[this.at].querySelector(`input[value="${letter}"]`);
    input.focus();
    input.click();
  }

  join() {
    const button = this.lines[this.at].querySelector("button[name$='-join']");
    if (button) this.act({ [button.name]: button.value });
  }

  /** Where the caret stands in the sentence; without one, before a word that is chosen. */
  breakIt() {
    const box = this.lines[this.at].querySelector(".breaks");
    if (!box) return;
    const select = box.querySelector("select");
    const word = wordAtCaret(this.lines[this.at].querySelector("[data-words]"));
    const button = box.querySelector("button[name$='-break']");
    if ([...select.options].some((option) => option.value === String(word))) {
      return this.act({ [button.name]: button.value, [select.name]: word });
    }
    box.open = true;
    select.focus();
  }
}

function wordsOf(lines) {
  return lines.map((line) => line.querySelector("input[name$='-text']").value);
}

/** How many words begin before the caret, or -1 where it stands elsewhere. */
function wordAtCaret(words) {
  const selection = document.getSelection();
  if (!selection.rangeCount || !words.contains(selection.anchorNode)) return -1;
  const range = document.createRange();
  range.setStart(words, 0);
  range.setEnd(selection.anchorNode, selection.anchorOffset);
  return range.toString().match(/\S+/gu)?.length ?? 0;
}
