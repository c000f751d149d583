/* A number with a button on either side, and with digits of its own where it has some. On the element: data-step;
   inside it a number field, [data-less], [data-more] and perhaps [data-digits] with buttons that have a value.
   A digit typed on the stepper is its number. */

export default function stepper(element) {
  const input = element.querySelector("input");
  const step = Number(element.dataset.step || 1);
  for (const part of element.querySelectorAll("[data-less], [data-more], [data-digits]")) part.hidden = false;
  element.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.value) set(input, Number(button.value));
    else set(input, next(input, button.hasAttribute("data-more") ? step : -step));
  });
  element.addEventListener("keydown", (event) => {
    if (event.target === input || !isDigit(event)) return;
    event.preventDefault();
    set(input, Number(event.key));
  });
  input.addEventListener("input", () => show(element, input));
  input.form?.addEventListener("across:filled", () => show(element, input));
  show(element, input);
}

export function isDigit(event) {
  return /^\d$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** Put a number into a field, as if it were typed; never outside of its limits. */
export function set(input, value) {
  const low = input.min === "" ? -Infinity : Number(input.min);
  const high = input.max === "" ? Infinity : Number(input.max);
  input.value = Math.min(high, Math.max(low, value));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/** From nothing the first step leads to the lowest number there is, or to one step. */
function next(input, step) {
  return input.value === "" ? Math.max(step, Number(input.min || 0)) : Number(input.value) + step;
}

function show(element, input) {
  for (const button of element.querySelectorAll("[data-digits] button")) {
    button.setAttribute("aria-pressed", String(input.value !== "" && Number(button.value) === Number(input.value)));
  }
}
