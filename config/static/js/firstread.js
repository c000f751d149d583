/* The first read beside the draft, read again after a pause in typing. It never blocks: a newer text calls an
   older reading off, and without a connection the last one stays.

   On the element: data-form, data-read, data-meant, data-known, data-fields (the fields it looks at, separated by
   spaces; a field of several inputs gives them names that begin with its own). The form hears of it by "across:noted" once a note was answered. */

import { bodyOf, isSignedOut, post } from "./http.js";

const PAUSE = 300;

export default function firstread(element) {
  const form = document.getElementById(element.dataset.form);
  const names = new Set(element.dataset.fields.split(" "));
  let timer;
  let running;

  async function read(url, name, values = []) {
    running?.abort();
    running = new AbortController();
    const body = bodyOf(form);
    for (const value of values) body.append(name, value);
    try {
      const response = await post(url, body, { accept: "text/html", signal: running.signal });
      if (response.ok && !isSignedOut(response)) show(element, await response.text());
    } catch {
      // Called off by a newer text, or no connection.
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(() => read(element.dataset.read), PAUSE);
  }

  document.addEventListener("input", (event) => {
    if (event.target.form === form && names.has(event.target.name.split("-")[0])) later();
  });
  form.addEventListener("across:filled", later);
  element.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=rule], button[name=word]");
    if (!button) return;
    event.preventDefault();
    const values = button.name === "rule" ? button.value.split(" ") : [button.value];
    const url = button.name === "rule" ? element.dataset.meant : element.dataset.known;
    read(url, button.name, values).then(() => {
      element.focus();
      form.dispatchEvent(new CustomEvent("across:noted"));
    });
  });
}

function show(element, html) {
  const isOpen = element.querySelector("details")?.open;
  element.innerHTML = html;
  const more = element.querySelector("details");
  if (isOpen && more) more.open = true;
}
