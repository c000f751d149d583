/* Sentences of a form as plain pairs: `tags-0-text`, `tags-0-tag`. A form that is filled from a copy may hold fewer
   than the copy; the missing ones are added as they are posted, and the list is drawn anew by whoever shows it. */

const NAMED = /^([a-z_]+)-(\d+)-(text|tag)$/u;

/** Make sure that every sentence among the pairs has a place in the form. */
export function ensureSentences(form, pairs) {
  for (const [name] of pairs) {
    const [, list, number] = NAMED.exec(name) ?? [];
    if (!list || !form.querySelector(`#id_${CSS.escape(list)}`) || form.elements[`${list}-${number}-text`]) continue;
    for (const part of ["text", "tag"]) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: `${list}-${number}-${part}` });
      form.querySelector(`#id_${CSS.escape(list)}`).append(input);
    }
  }
}
