/* Adding rows to a list of rows, up to its limit. On the list: data-rows (the field's name) and data-most;
   inside it rows ([data-row]), a <template> with __row__ for the number, and a button [data-add]. */

export default function rows(list) {
  const button = list.querySelector("[data-add]");
  button.addEventListener("click", () => {
    const row = add(list);
    row?.querySelector("input, textarea, select")?.focus();
  });
  offer(list);
}

/** Make sure that every name among the pairs has its row. */
export function ensureRows(form, pairs) {
  for (const list of form.querySelectorAll("[data-rows]")) {
    const named = pairs.map(([name]) => name).filter((name) => name.startsWith(`${list.dataset.rows}-`));
    const most = Math.max(-1, ...named.map((name) => Number(name.split("-")[1])));
    while (countOf(list) <= most && add(list));
  }
}

function add(list) {
  if (countOf(list) >= Number(list.dataset.most)) return null;
  const template = list.querySelector("template");
  const holder = document.createElement("div");
  const number = countOf(list);
  holder.innerHTML = template.innerHTML.replaceAll("__row__", number).replaceAll("__number__", number + 1);
  const row = holder.firstElementChild;
  template.before(row);
  offer(list);
  return row;
}

function offer(list) {
  list.querySelector("[data-add]").hidden = countOf(list) >= Number(list.dataset.most);
}

function countOf(list) {
  return list.querySelectorAll("[data-row]").length;
}
