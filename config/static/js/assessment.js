/* The self-assessment: every answer is saved as it is given, and a statement is answered by its number.
   On the form; data-save is where an answer goes, without it nothing is sent before the page is. */

import { post } from "./http.js";
import { isTyping, lettersAreOn } from "./keys.js";

export default function assessment(form) {
  const statements = [...form.querySelectorAll(".statement")];
  if (form.dataset.save) form.addEventListener("change", (event) => keep(form, event.target));
  document.addEventListener("keydown", (event) => pressed(event, statements));
}

async function keep(form, input) {
  if (input.type !== "radio") return;
  const body = new URLSearchParams({ [input.name]: input.value });
  const response = await post(form.dataset.save, body).catch(() => null);
  const problem = form.querySelector("[data-problem]");
  if (!response?.ok) {
    if (problem) problem.textContent = form.dataset.sayUnsaved;
    return;
  }
  if (problem) problem.textContent = "";
  const { answered, of } = await response.json();
  const shown = document.querySelector("[data-answered]");
  if (shown) shown.textContent = form.dataset.sayLeft.replace("{n}", answered).replace("{of}", of);
}

function pressed(event, statements) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const at = Math.max(0, statements.indexOf(current(statements)));
  if (step) {
    event.preventDefault();
    focus(statements[Math.min(statements.length - 1, Math.max(0, at + step))]);
  } else if (/^[0-5]$/.test(event.key) && lettersAreOn()) {
    const input = statements[at]?.querySelector(`input[value="${event.key}"]`);
    if (!input) return;
    event.preventDefault();
    input.checked = true;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    focus(statements[Math.min(statements.length - 1, at + 1)]);
  }
}

function current(statements) {
  const held = document.activeElement?.closest(".statement");
  return held ?? statements.find((one) => !one.querySelector("input:checked")) ?? statements[0];
}

function focus(statement) {
  (statement.querySelector("input:checked") ?? statement.querySelector("input"))?.focus();
  statement.scrollIntoView({ block: "nearest" });
}
