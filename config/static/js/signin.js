/* Signing in again without leaving the page, after the session has ended. Needs <dialog data-sign-in> in the
   page, with data-person and data-mail of the one this page belongs to. */

import { adoptToken, pageNow } from "./http.js";

let asking = null;

/** Whether the same person is signed in again. Asks once, however many are waiting for the answer. */
export function signInAgain() {
  asking ??= ask().finally(() => (asking = null));
  return asking;
}

async function ask() {
  const dialog = document.querySelector("[data-sign-in]");
  if (!dialog) return false;
  if (await isBack(dialog)) return true;
  const form = dialog.querySelector("form");
  const place = document.activeElement;
  return new Promise((resolve) => {
    const done = (answer) => {
      form.removeEventListener("submit", submitted);
      again.removeEventListener("click", checked);
      dialog.removeEventListener("close", closed);
      if (dialog.open) dialog.close();
      // Chromium gives the focus back without the caret, and typing would go nowhere.
      place?.blur();
      place?.focus();
      resolve(answer);
    };
    const again = dialog.querySelector("[data-signed-in]");
    const closed = () => done(false);
    const submitted = async (event) => {
      if (event.submitter?.formMethod === "dialog") return; // "Later" closes the dialog
      event.preventDefault();
      if (await signedIn(dialog, form)) done(true);
    };
    const checked = async () => {
      if (await isBack(dialog)) done(true);
      else say(dialog, dialog.dataset.sayNotYet);
    };
    form.addEventListener("submit", submitted);
    again.addEventListener("click", checked);
    dialog.addEventListener("close", closed);
    say(dialog, "");
    dialog.showModal();
  });
}

async function signedIn(dialog, form) {
  try {
    const sentence = await complaintAbout(form);
    form.elements.password.value = "";
    if (sentence) return say(dialog, sentence);
    if (await isBack(dialog)) return true;
    const isOther = form.elements.login.value.trim().toLowerCase() !== dialog.dataset.mail;
    say(dialog, isOther ? dialog.dataset.sayOther : dialog.dataset.sayElsewhere);
    dialog.querySelector("[data-elsewhere]").hidden = isOther;
  } catch {
    say(dialog, dialog.dataset.sayOffline);
  }
  return false;
}

/** Sign in, and hand back what the sign-in page had to say against it, if anything. */
async function complaintAbout(form) {
  const page = await fetch(form.action, { headers: { Accept: "text/html" } });
  const login = new DOMParser().parseFromString(await page.text(), "text/html");
  const body = new URLSearchParams(new FormData(form));
  body.set("csrfmiddlewaretoken", login.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "");
  const headers = { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" };
  const response = await fetch(form.action, { method: "POST", body, headers });
  if (response.status === 429) return form.dataset.sayLater;
  if (response.status !== 400) return "";
  const found = (await response.json()).form;
  return [...found.errors, ...Object.values(found.fields).flatMap((field) => field.errors)].join(" ");
}

/** Whether the server gives this page to the person it belongs to; its token is then the one to go on with. */
async function isBack(dialog) {
  const page = await pageNow();
  if (!page) return false;
  if (page.querySelector("[data-sign-in]")?.dataset.person !== dialog.dataset.person) return false;
  adoptToken(page);
  return true;
}

function say(dialog, sentence) {
  const place = dialog.querySelector("[data-say]");
  place.textContent = sentence;
  place.hidden = !sentence;
  return false;
}
