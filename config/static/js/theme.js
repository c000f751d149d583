/* A theme shows as soon as it is chosen; saving keeps it. */

export default function theme(form) {
  form.addEventListener("change", (event) => {
    if (event.target.name === "theme") document.documentElement.dataset.theme = event.target.value;
  });
}
