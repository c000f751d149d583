/* The first read beside the draft, read again after a pause in typing. It never blocks: a newer text calls an
   older reading off, and without a connection the last one stays.

   On the element: data-form, data-read, data-meant, data-fields (the names it looks at, separated by spaces). */

import { bodyOf, isSignedOut, post } from "./http.js";

const PAUSE = 300;

export default function firstread(element) {
  const form = document.getElementById(element.dataset.form);
  const names = new Set(element.dataset.fields.split(" "));
  let timer;
  let running;

  async function read(url, rules = []) {
    running?.abort();
    running = new AbortController();
    const body = bodyOf(form);
    for (const rule of rules) body.append("rule", rule);
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
    if (event.target.form === form && names.has(event.target.name)) later();
  });
  form.addEventListener("across:filled", later);
  element.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=rule]");
    if (!button) return;
    event.preventDefault();
    read(element.dataset.meant, button.value.split(" ")).then(() => element.focus());
  });
}

function show(element, html) {
  const isOpen = element.querySelector("details")?.open;
  element.innerHTML = html;
  const more = element.querySelector("details");
  if (isOpen && more) more.open = true;
}
