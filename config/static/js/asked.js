/* Questions that another answer decides on: [data-asked="fit=1,2"] is shown while `fit` is 1 or 2, and wherever
   something stands in it already. Without scripts all of them are shown. */

export default function asked(element) {
  const form = element.closest("form");
  const refresh = () => {
    for (const question of element.querySelectorAll("[data-asked]")) question.hidden = !isAsked(question, form);
  };
  form.addEventListener("change", refresh);
  form.addEventListener("across:filled", refresh);
  refresh();
}

function isAsked(question, form) {
  const own = [...question.querySelectorAll("input, textarea, select")].some((control) => control.value.trim());
  const is = question.dataset.asked.split(" ").some((condition) => {
    const [name, values] = condition.split("=");
    return values.split(",").includes(form.elements[name]?.value);
  });
  return is || own || Boolean(question.querySelector(".error"));
}
