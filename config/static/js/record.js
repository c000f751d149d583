/* A form whose words are not lost: kept in this browser while they are typed, sent by a script, and let go only once
   the server has them. What is to be mended the page says itself: then the form is posted as without scripts.

   On the form: data-person, data-piece (what it is a form of), data-say-unreachable; inside it [data-problem]. Before
   it [data-kept] with its two buttons; on the page whatever signin.js needs. */

import { fill, pairsOf } from "./formvalues.js";
import { bodyOf, isSignedOut, post } from "./http.js";
import { LocalCopy, forget } from "./localcopy.js";
import { showOffline } from "./offline.js";
import { signInAgain } from "./signin.js";

const PATIENCE = 20000;
const KEY = "client_key"; // what was sent once and comes back keeps its key, so that it is never there twice

export default function record(form) {
  const copy = new LocalCopy(form.dataset.person, form.dataset.piece);
  const write = () => copy.write([...pairsOf(form), [KEY, form.elements[KEY]?.value ?? ""]]);
  let isSending = false;
  form.addEventListener("input", write);
  form.addEventListener("change", write);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    const button = event.submitter;
    write();
    button?.setAttribute("aria-busy", "true");
    await send(form, button, copy);
    button?.removeAttribute("aria-busy");
    isSending = false;
  });
  window.addEventListener("online", () => showOffline(false));
  offer(form, write);
}

async function send(form, button, copy) {
  const body = bodyOf(form);
  if (button?.name) body.append(button.name, button.value);
  const response = await post(form.action, body, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  showOffline(!response);
  say(form, response ? "" : form.dataset.sayUnreachable);
  if (!response) return;
  if (isSignedOut(response)) return (await signInAgain()) ? send(form, button, copy) : undefined;
  if (!response.ok) return postAsItIs(form, button);
  copy.clear();
  location.assign((await response.json()).address);
}

/** Without a script, saying which button was pressed. Not while the form is still submitting: it would ignore that. */
function postAsItIs(form, button) {
  if (button?.name) {
    const pressed = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
    form.append(pressed);
  }
  setTimeout(() => form.submit());
}

function say(form, sentence) {
  form.querySelector("[data-problem]").textContent = sentence;
}

/** What another opening of this form left behind, if it says anything this one does not. */
function offer(form, write) {
  const box = document.querySelector("[data-kept]");
  const now = JSON.stringify(pairsOf(form));
  const copies = new LocalCopy(form.dataset.person, form.dataset.piece).leftBehind().filter((copy) => {
    const isKnown = JSON.stringify(answersOf(copy)) === now;
    if (isKnown) forget(copy.key);
    return !isKnown;
  });
  box.hidden = !copies.length;
  if (!copies.length) return;
  const [copy] = copies;
  const drop = () => {
    forget(copy.key);
    offer(form, write);
  };
  box.querySelector("[data-kept-text]").textContent = answersOf(copy).map(([, text]) => text).filter((text) => text.length > 12).join("\n\n");
  box.querySelector("[data-kept-drop]").onclick = drop;
  box.querySelector("[data-kept-use]").onclick = () => {
    fill(form, copy.pairs);
    const key = copy.pairs.find(([name]) => name === KEY)?.[1];
    if (key && form.elements[KEY]) form.elements[KEY].value = key;
    form.dispatchEvent(new CustomEvent("across:filled"));
    write();
    drop();
  };
}

function answersOf(copy) {
  return copy.pairs.filter(([name]) => name !== KEY);
}
