/* Pasting clean: what comes from a word processor, a mail or a chat arrives as plain text with its paragraphs and
   lists. Quotation marks and dashes stay as they are, and so does what is quoted with ">".

   On a form; works in its text fields. Undo takes a paste back as it takes back typing. */

import { plainOf, tidied } from "./plaintext.js";

export default function paste(form) {
  document.addEventListener("paste", (event) => {
    const field = event.target;
    if (field.form !== form || !field.matches("textarea, input:not([type]), input[type=text]") || field.readOnly) return;
    const html = event.clipboardData.getData("text/html");
    const text = html ? plainOf(html) : tidied(event.clipboardData.getData("text/plain"));
    if (!text) return;
    event.preventDefault();
    insert(field, field.matches("textarea") ? text : text.replaceAll(/\s*\n\s*/gu, " "));
  });
}

function insert(field, text) {
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
