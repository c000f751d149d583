/* A draft that saves itself: two seconds after the typing stops, at least every five while it goes on, when a
   field or the page is left. One save at a time; each says which revision it started from. What was typed is
   kept in this browser until the server has answered for it, and the page says "saved" only then.

   On the form: data-page, data-save, data-person, data-piece, and data-typed where the page came back with text that is
   not saved. Around it: [data-bar], [data-save-state], [data-save-problem], [data-again], <dialog data-conflict>,
   [data-kept] with its two buttons, and whatever signin.js needs. */

import { bodyOf, isSignedOut, post } from "./http.js";
import { LocalCopy, forget } from "./localcopy.js";
import { fill, pairsOf, wasTouched } from "./formvalues.js";
import { showOffline } from "./offline.js";
import { signInAgain } from "./signin.js";

const PAUSE = 2000;
const AT_LEAST_EVERY = 5000;
const PATIENCE = 20000;
const NEXT_TRY = [3000, 10000, 30000];
const KEEPALIVE_LIMIT = 60000;
const PROBLEMS = ["failed", "signedOut", "refused", "conflict"];

export default function drafts(form) {
  new Draft(form).start();
}

class Draft {
  constructor(form) {
    this.form = form;
    this.copy = new LocalCopy(form.dataset.person, form.dataset.piece);
    this.bar = document.querySelector("[data-bar]");
    this.state = document.querySelector("[data-save-state]");
    this.problem = document.querySelector("[data-save-problem]");
    this.again = document.querySelector("[data-again]");
    this.savedAt = this.state.dataset.savedAt;
    const isNew = form.hasAttribute("data-typed") || wasTouched(form);
    this.answered = isNew ? null : this.values(); // what the server has answered for
    this.unanswered = null; // a save whose answer never came; it is sent again before anything newer
    this.saving = null;
    this.stopped = false; // somebody has to choose, sign in or reload first
    this.handingIn = false;
    this.leaving = false; // on the way to another page
    this.failures = 0;
    this.firstChange = 0;
  }

  start() {
    // After a refused hand-in the page stands at an address that takes posts only.
    if (location.pathname !== new URL(this.form.dataset.page, location).pathname) {
      history.replaceState(null, "", this.form.dataset.page);
    }
    for (const element of document.querySelectorAll("[data-without-script]")) element.hidden = true;
    for (const element of document.querySelectorAll("[data-with-script]")) element.hidden = false;
    document.addEventListener("input", (event) => event.target.form === this.form && this.changed());
    document.addEventListener("change", (event) => event.target.form === this.form && this.changed());
    document.addEventListener("focusout", (event) => event.target.form === this.form && this.saveNow());
    document.addEventListener("visibilitychange", () => document.hidden && this.saveNow({ keepalive: true }));
    window.addEventListener("pagehide", () => this.saveNow({ keepalive: true }));
    window.addEventListener("pageshow", (event) => event.persisted && (this.leaving = false));
    window.addEventListener("online", () => this.saveNow());
    window.addEventListener("offline", () => showOffline(true));
    this.form.addEventListener("submit", (event) => this.submitted(event));
    this.again.addEventListener("click", () => this.resume());
    this.offerLeftBehind();
    if (this.answered === null) this.changed();
  }

  values() {
    return JSON.stringify(pairsOf(this.form));
  }

  get isDirty() {
    return this.values() !== this.answered;
  }

  changed() {
    if (!this.isDirty) return;
    this.copy.write(pairsOf(this.form));
    if (!this.stopped && !this.failures) this.say("unsaved");
    this.schedule();
  }

  schedule(wait) {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.firstChange ||= Date.now();
    const left = Math.max(0, this.firstChange + AT_LEAST_EVERY - Date.now());
    this.timer = setTimeout(() => this.saveNow(), wait ?? Math.min(PAUSE, left));
  }

  /** Save what is not saved yet, unless somebody has to decide something first. */
  saveNow(options) {
    if (this.isDirty && !this.stopped && !this.saving && !this.leaving) this.save(options);
  }

  /** Send everything there is and wait for the answer. Resolves to whether all of it is saved. */
  async save(options) {
    while (this.saving) await this.saving;
    this.saving = this.attempt(options).finally(() => (this.saving = null));
    return this.saving;
  }

  async attempt(options = {}) {
    clearTimeout(this.timer);
    this.firstChange = 0;
    const sent = this.unanswered ?? { values: this.values(), body: bodyOf(this.form) };
    this.unanswered = sent;
    this.say("saving");
    const keepalive = Boolean(options.keepalive) && sent.body.toString().length < KEEPALIVE_LIMIT;
    let response;
    try {
      response = await post(this.form.dataset.save, sent.body, { keepalive, signal: AbortSignal.timeout(PATIENCE) });
    } catch {
      return this.unreachable();
    }
    showOffline(false);
    if (isSignedOut(response)) return this.signedOut();
    if (response.status >= 500 || response.status === 429) return this.failed();
    this.unanswered = null;
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) return this.refused(answer);
    return this.saved(sent.values, answer);
  }

  async saved(values, answer) {
    this.failures = 0;
    this.answered = values;
    this.form.elements.revision.value = answer.revision;
    this.savedAt = answer.saved;
    if (this.isDirty) return this.attempt();
    this.form.dispatchEvent(new CustomEvent("across:saved", { detail: answer }));
    this.copy.clear();
    this.say("saved");
    return true;
  }

  unreachable() {
    showOffline(true);
    return this.failed();
  }

  failed() {
    const wait = NEXT_TRY[Math.min(this.failures, NEXT_TRY.length - 1)];
    this.failures += 1;
    this.say("failed");
    this.schedule(wait);
    return false;
  }

  async signedOut() {
    this.stopped = true;
    this.say("signedOut");
    if (!(await signInAgain())) return false;
    this.stopped = false;
    return this.attempt();
  }

  refused(answer) {
    this.stopped = true;
    if (answer.code === "draft.stale") this.showConflict(answer);
    else this.say("refused", answer.detail);
    return false;
  }

  /** Somebody pressed "Try again": go on where it stopped. */
  resume() {
    const dialog = document.querySelector("dialog[data-conflict]");
    if (dialog?.dataset.revision) return dialog.showModal();
    this.stopped = false;
    return this.save();
  }

  // --- Two texts ---------------------------------------------------------------------------------

  showConflict(answer) {
    this.say("conflict");
    const dialog = document.querySelector("dialog[data-conflict]");
    dialog.innerHTML = answer.html;
    dialog.dataset.revision = answer.revision;
    for (const button of dialog.querySelectorAll("[data-choose]")) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        this.choose(button.dataset.choose, dialog);
      });
    }
    if (!dialog.open) dialog.showModal();
  }

  choose(side, dialog) {
    const revision = dialog.dataset.revision;
    delete dialog.dataset.revision;
    dialog.close();
    if (side === "theirs") {
      this.leaving = true;
      this.copy.clear();
      location.assign(this.form.dataset.page);
      return;
    }
    this.form.elements.revision.value = revision;
    this.stopped = false;
    this.save();
  }

  // --- Left behind by another opening of this page ------------------------------------------------

  offerLeftBehind() {
    const box = document.querySelector("[data-kept]");
    const copies = this.copy.leftBehind().filter((copy) => {
      const isKnown = JSON.stringify(copy.pairs) === this.values();
      if (isKnown) forget(copy.key);
      return !isKnown;
    });
    box.hidden = !copies.length;
    if (!copies.length) return;
    const [copy] = copies;
    const style = { weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    box.querySelector("[data-kept-when]").textContent = new Intl.DateTimeFormat(document.documentElement.lang, style).format(copy.at);
    box.querySelector("[data-kept-text]").textContent = copy.pairs.map(([, value]) => value).filter((value) => value.length > 12).join("\n\n");
    box.querySelector("[data-kept-use]").onclick = () => this.useCopy(copy);
    box.querySelector("[data-kept-drop]").onclick = () => this.dropCopy(copy);
    box.scrollIntoView({ block: "center" });
  }

  useCopy(copy) {
    fill(this.form, copy.pairs);
    this.copy.write(copy.pairs);
    this.dropCopy(copy);
    this.form.dispatchEvent(new CustomEvent("across:filled"));
    this.changed();
  }

  dropCopy(copy) {
    forget(copy.key);
    this.offerLeftBehind();
  }

  // --- Handing in ---------------------------------------------------------------------------------

  async submitted(event) {
    event.preventDefault();
    if (this.leaving || this.handingIn) return;
    const button = event.submitter;
    this.handingIn = Boolean(button?.hasAttribute("data-hand-in"));
    this.stopped = false;
    this.leaving = (await this.save()) && this.handingIn;
    this.handingIn = false;
    if (!this.leaving) return;
    button.setAttribute("aria-busy", "true");
    if (button.hasAttribute("formaction")) this.form.action = button.formAction;
    this.form.submit();
  }

  // --- Saying so ----------------------------------------------------------------------------------

  say(state, sentence = "") {
    const words = wordsOn(this.state, state === "failed" && !this.savedAt ? "never" : state);
    const isProblem = PROBLEMS.includes(state);
    this.bar.dataset.state = isProblem ? "unsaved" : "";
    this.state.textContent = isProblem ? "" : words.replace("{time}", this.savedAt);
    this.problem.textContent = isProblem ? sentence || words.replace("{time}", this.savedAt) : "";
    this.again.hidden = !isProblem || state === "refused";
    this.again.textContent = wordsOn(this.again, state);
  }
}

/** The words an element carries for a state: data-say-signed-out for "signedOut". */
function wordsOn(element, state) {
  return element.dataset[`say${state[0].toUpperCase()}${state.slice(1)}`] ?? "";
}
