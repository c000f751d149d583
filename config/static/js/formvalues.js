/* A form's answer as plain pairs of name and value, and back. What only the machinery reads is left out, and files are:
   no script may put one back. */

import { ensureRows } from "./rows.js";
import { ensureSentences } from "./sentences.js";

const NOT_ANSWERS = new Set(["csrfmiddlewaretoken", "revision", "client_key", "showing"]);

/** What stands beside the answer in its form, such as a transcript, is named "beside-…". */
function isAnswer(name) {
  return !NOT_ANSWERS.has(name) && !name.startsWith("beside-");
}

export function pairsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => isAnswer(name) && typeof value === "string");
}

/** Whether somebody wrote or chose something before a script was there to see it. */
export function wasTouched(form) {
  return [...form.elements].some((control) => isAnswer(control.name ?? "") && differs(control));
}

function differs(control) {
  if (control.matches("[type=checkbox], [type=radio]")) return control.checked !== control.defaultChecked;
  return control.matches("textarea, input[type=text], input:not([type])") && control.value !== plain(control.defaultValue);
}

/** As a text field gives it back. */
function plain(text) {
  return text.replaceAll("\r\n", "\n");
}

/** Put the pairs into the form, adding rows where it has too few. */
export function fill(form, pairs) {
  ensureRows(form, pairs);
  ensureSentences(form, pairs);
  for (const control of form.elements) {
    if (!control.name || !isAnswer(control.name) || ["submit", "file"].includes(control.type)) continue;
    const values = pairs.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else {
      const value = values[0] ?? "";
      if (control.type === "select-one" && ![...control.options].some((option) => option.value === value)) control.append(new Option(value, value));
      control.value = value;
    }
  }
}
