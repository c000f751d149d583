/* One meeting for the log. It is sent by a script, so that without a connection it is kept in this browser under the
   key it was written with, and sent later (logbox.js): however often it is sent, it is one entry.

   On the form: data-person, data-send (an address that names the cohort), data-say-signed-out. */

import { bodyOf, isSignedOut, post } from "./http.js";
import { isTyping, lettersAreOn } from "./keys.js";
import { isDigit, set } from "./stepper.js";
import { drop, keep, tell } from "./outbox.js";
import { showOffline } from "./offline.js";

const PATIENCE = 20000;

export default function meeting(form) {
  const problem = form.querySelector("[data-problem]");
  let isSending = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    event.submitter?.setAttribute("aria-busy", "true");
    await send(form, problem);
    event.submitter?.removeAttribute("aria-busy");
    isSending = false;
  });
  form.elements.times_spoke.addEventListener("input", () => followTimes(form));
  document.addEventListener("keydown", (event) => pressed(event, form));
  window.addEventListener("offline", () => showOffline(true));
  window.addEventListener("online", () => showOffline(false));
}

async function send(form, problem) {
  problem.textContent = "";
  const signal = AbortSignal.timeout(PATIENCE);
  const response = await post(form.dataset.send, bodyOf(form), { signal }).catch(() => null);
  if (!response) return keepIt(form);
  if (isSignedOut(response)) {
    keepIt(form, { begins: false });
    problem.textContent = form.dataset.saySignedOut;
    form.querySelector("[data-signs-in]").hidden = false;
    return;
  }
  if (!response.ok) return form.submit(); // the page says what to mend, in the same words
  drop(form.dataset.person, form.elements.client_key.value);
  const { address } = await response.json();
  location.assign(address);
}

/** No answer came: the entry stays in this browser, and the form is there for the next one. */
function keepIt(form, { begins = true } = {}) {
  const key = form.elements.client_key.value;
  const kept = keep(form.dataset.person, key, {
    send: form.dataset.send,
    title: form.elements.title.value,
    body: bodyOf(form).toString(),
  });
  if (!kept) return showOffline(true);
  if (begins) {
    form.reset();
    form.elements.client_key.value = newKey();
    form.dispatchEvent(new CustomEvent("across:filled"));
    window.scrollTo({ top: 0 });
  }
  tell();
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

/** Who spoke 0 times did not lead with anything, and who spoke did. */
function followTimes(form) {
  const { value } = form.elements.times_spoke;
  const silent = form.querySelector("[name=conclusion_first][value=did_not_speak]");
  if (value === "" || !silent) return;
  if (Number(value) === 0) silent.checked = true;
  else if (silent.checked) silent.checked = false;
}

/** A digit pressed outside of a field is how many times one spoke. */
function pressed(event, form) {
  if (event.defaultPrevented || isTyping(event.target) || !isDigit(event) || !lettersAreOn()) return;
  if (document.querySelector("dialog[open]")) return;
  event.preventDefault();
  set(form.elements.times_spoke, Number(event.key));
}
