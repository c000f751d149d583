/* Copying a finished piece as plain text. Around the link that shows the text: data-say-copied, and [data-said] for
   saying so. Where nothing may be put on the clipboard the link does what it does without scripts. */

export default function copytext(element) {
  const link = element.querySelector("a");
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      const response = await fetch(link.href, { headers: { Accept: "text/plain" } });
      if (!response.ok || response.redirected) throw new Error(response.statusText);
      await navigator.clipboard.writeText(await response.text());
      element.querySelector("[data-said]").textContent = element.dataset.sayCopied;
    } catch {
      location.assign(link.href);
    }
  });
}
