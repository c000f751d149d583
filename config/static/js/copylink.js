/* Copying a link that is shown in a field. Around them: data-say-copied, [data-copy] and [data-said]. Where nothing may
   be put on the clipboard the link is marked, to be copied by hand. */

export default function copylink(element) {
  const field = element.querySelector("input");
  const button = element.querySelector("[data-copy]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      element.querySelector("[data-said]").textContent = element.dataset.sayCopied;
    } catch {
      field.focus();
    }
  });
}
