/* Three responses: columns on a desk, tabs on a phone. On the element: [data-tabs] with a button for each
   [data-response], whose value is the id of its text. */

export default function correction(element) {
  const tabs = element.querySelector("[data-tabs]");
  if (!tabs) return;
  const buttons = [...tabs.querySelectorAll("button")];
  const show = (id) => {
    for (const button of buttons) button.setAttribute("aria-pressed", button.value === id);
    for (const response of element.querySelectorAll("[data-response]")) {
      response.classList.toggle("is-on", Boolean(response.querySelector(`#${CSS.escape(id)}`)));
    }
  };
  tabs.hidden = false;
  element.setAttribute("data-tabbed", "");
  tabs.addEventListener("click", (event) => event.target.value && show(event.target.value));
  document.querySelector("[data-errors]")?.addEventListener("click", (event) => {
    const id = event.target.closest("a")?.hash.slice(1);
    if (buttons.some((button) => button.value === id)) show(id);
  });
  const refused = element.querySelector("[data-response]:has(.error) textarea");
  show(refused?.id ?? buttons[0].value);
}
