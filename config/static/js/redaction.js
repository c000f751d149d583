/* A look through the text before it is handed in: host names, addresses, tickets, long numbers and listed names, each
   with a placeholder. The client decides what is replaced. Without a connection or where nothing is found, nothing
   is asked; what stands for what is kept in this browser only.

   On the form: data-person, data-piece, data-patterns (the file). In the page: <dialog data-redaction> with
   [data-found], [data-nothing], [data-something], [data-names] fields, [data-book], two <template>s and buttons [data-do]; and
   [data-opens-redaction]. */

import { findIn, patternsAt, replaced } from "./finding.js";
import { Placebook } from "./placebook.js";

const TEXTS = "textarea[name], input[name]:not([type]), input[type=text][name]";
const SENTENCES = "input[type=hidden][name$='-text']"; // a tagged text has its words twice

export default function redaction(form) {
  const dialog = document.querySelector("dialog[data-redaction]");
  if (dialog) new Redaction(form, dialog).start();
}

class Redaction {
  constructor(form, dialog) {
    this.form = form;
    this.dialog = dialog;
    this.book = new Placebook(form.dataset.person, form.dataset.piece);
    this.patterns = patternsAt(form.dataset.patterns).catch(() => []);
    this.passing = false; // looked through, on its way
    this.button = null; // the one that hands in
  }

  start() {
    document.addEventListener("submit", (event) => this.submitted(event), { capture: true });
    this.dialog.addEventListener("click", (event) => this.pressed(event));
    this.dialog.addEventListener("change", (event) => this.changed(event));
    const opener = document.querySelector("[data-opens-redaction]");
    opener.hidden = false;
    opener.addEventListener("click", () => this.open(null));
    for (const field of this.nameFields) field.value = this.book.names[field.dataset.names].join("\n");
  }

  get nameFields() {
    return [...this.dialog.querySelectorAll("[data-names]")];
  }

  get texts() {
    return [...this.form.elements].filter((control) => control.matches(TEXTS) && !control.disabled);
  }

  async submitted(event) {
    const button = event.submitter; // an event forgets it once it is over
    if (event.target !== this.form || this.passing || !button?.hasAttribute("data-hand-in")) return;
    event.preventDefault();
    event.stopPropagation();
    const found = await this.look();
    if (found.some(({ hits }) => hits.some((hit) => !this.book.kept.has(hit.word)))) this.open(button, found);
    else this.pass(button);
  }

  /** Hand in, or whatever the button does. Not before the press itself is over: a form submits one thing at a time. */
  pass(button) {
    setTimeout(() => {
      this.passing = true;
      this.form.requestSubmit(button);
      this.passing = false;
    });
  }

  /** Field by field what is found in it. */
  async look() {
    const patterns = await this.patterns;
    const all = this.texts.map((control) => ({ control, hits: findIn(control.value, patterns, this.book.names) }));
    return all.filter(({ hits }) => hits.length);
  }

  // --- The dialog --------------------------------------------------------------------------------

  async open(button, found) {
    this.button = button;
    this.show(found ?? (await this.look()));
    this.dialog.dataset.redaction = button ? "asked" : "looked";
    this.dialog.showModal();
    this.dialog.querySelector("h2").focus();
  }

  show(found) {
    const text = this.texts.map((control) => control.value).join("\n");
    const count = new Set(found.flatMap(({ hits }) => hits.map((hit) => hit.word))).size;
    this.dialog.querySelector("h2").textContent = this.heading(count);
    this.dialog.querySelector("[data-nothing]").hidden = count > 0;
    this.dialog.querySelector("[data-something]").hidden = !count;
    this.dialog.querySelector("[data-found]").replaceChildren(...found.map((each) => this.field(each, text)));
    const book = this.dialog.querySelector("[data-book]");
    const known = this.book.standingIn(text);
    book.replaceChildren(...known.map(([placeholder, word]) => filled(this.template("known"), { placeholder, word })));
    book.closest("section").hidden = !known.length;
  }

  heading(count) {
    const { sayNone, sayOne, sayMany } = this.dialog.dataset;
    return [sayNone, sayOne][count] ?? sayMany.replace("{n}", count);
  }

  field({ control, hits }, text) {
    const words = new Map(hits.map((hit) => [hit.word, hit]));
    const section = filled(this.template("field"), { label: labelOf(control) });
    section.querySelector("[data-words]").append(...[...words.values()].map((hit) => this.word(hit, control, text)));
    return section;
  }

  word(hit, control, text) {
    const placeholder = this.book.placeholderOf(hit.word, hit.kind, text);
    const row = filled(this.template("word"), { word: hit.word, placeholder });
    row.dataset.word = hit.word;
    for (const radio of row.querySelectorAll("input")) {
      radio.name = `${control.name}:${hit.word}`;
      radio.checked = radio.value === (this.book.kept.has(hit.word) ? "keep" : "replace");
    }
    return row;
  }

  template(name) {
    return this.dialog.querySelector(`template[data-template=${name}]`).content.firstElementChild.cloneNode(true);
  }

  async changed(event) {
    if (event.target.matches("[data-names]")) {
      this.book.saveNames(Object.fromEntries(this.nameFields.map((field) => [field.dataset.names, linesOf(field.value)])));
      return this.show(await this.look());
    }
    const word = event.target.closest("[data-word]")?.dataset.word;
    if (word) this.decide((each) => each === word, event.target.value);
  }

  /** The same word is decided alike in every field. */
  decide(isMeant, value) {
    for (const row of this.dialog.querySelectorAll("[data-word]")) {
      if (isMeant(row.dataset.word)) row.querySelector(`input[value=${value}]`).checked = true;
    }
  }

  pressed(event) {
    const act = event.target.closest("[data-do]")?.dataset.do;
    if (act === "all") this.decide(() => true, "replace");
    if (act === "none") this.decide(() => true, "keep");
    if (["replace", "none"].includes(act)) this.finish();
    if (act === "close") this.dialog.close();
  }

  async finish() {
    const rows = [...this.dialog.querySelectorAll("[data-word]")];
    for (const row of rows) {
      const isKept = row.querySelector("input[value=keep]").checked;
      if (isKept) this.book.kept.add(row.dataset.word);
      else this.book.kept.delete(row.dataset.word);
    }
    this.book.save();
    this.dialog.close();
    await this.replace();
    if (this.button) this.pass(this.button);
  }

  async replace() {
    const patterns = await this.patterns;
    const placeholderOf = (hit) => !this.book.kept.has(hit.word) && this.book.placeholderOf(hit.word, hit.kind);
    for (const control of [...this.form.querySelectorAll(SENTENCES), ...this.texts]) {
      const text = replaced(control.value, findIn(control.value, patterns, this.book.names), placeholderOf);
      if (text === control.value) continue;
      control.value = text;
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.form.dispatchEvent(new CustomEvent("across:filled"));
  }
}

/** Put words into the places of a template that are named for them. */
function filled(element, words) {
  for (const [name, text] of Object.entries(words)) {
    for (const place of element.querySelectorAll(`[data-say=${name}]`)) place.textContent = text;
  }
  return element;
}

function labelOf(control) {
  const label = control.labels?.[0]?.firstChild?.textContent ?? "";
  return label.trim() || control.getAttribute("aria-label") || control.name;
}

function linesOf(text) {
  return [...new Set(text.split("\n").map((line) => line.trim()).filter((line) => line.length > 1))];
}
