/* Counters under fields, by the programme's rule: words are what white space separates. The first number is in
   the page already. On a counter: data-counter (a field's id), data-unit, and data-max, data-with (the id of a
   field whose words count too) where it has them. [data-mirror] shows another field's text. */

const WORDS_A_MINUTE = 140;

export default function counters(form) {
  const refresh = () => {
    for (const counter of document.querySelectorAll("[data-counter]")) update(counter);
    for (const mirror of document.querySelectorAll("[data-mirror]")) copy(mirror);
  };
  document.addEventListener("input", (event) => event.target.form === form && refresh());
  form.addEventListener("across:filled", refresh);
  refresh();
}

function update(counter) {
  const text = textOf(counter.dataset.counter);
  const count = counter.dataset.unit === "words" ? wordsIn(text) + wordsIn(textOf(counter.dataset.with)) : [...text].length;
  counter.querySelector("[data-count]").textContent = count;
  const limit = Number(counter.dataset.max || Infinity);
  counter.dataset.state = count > limit ? "over" : "";
  if (counter.hasAttribute("data-quiet")) counter.hidden = count < 0.8 * limit;
  const seconds = counter.querySelector("[data-seconds]");
  if (seconds) seconds.textContent = Math.round((count / WORDS_A_MINUTE) * 60);
}

function copy(mirror) {
  const text = textOf(mirror.dataset.mirror);
  mirror.querySelector("[data-mirror-text]").textContent = text;
  mirror.querySelector("[data-mirror-words]").textContent = wordsIn(text);
  mirror.hidden = !text;
}

function textOf(id) {
  return document.getElementById(id)?.value.trim() ?? "";
}

function wordsIn(text) {
  return text ? text.split(/\s+/u).length : 0;
}
