/* The four cards of the studio: notes that stay in this browser, counted in words, with a dot for each that has some.
   On a phone the cards are folded to their dots. */

const NARROW = "(max-width: 56rem)";

export default function studio(root) {
  const key = `across:cards:${root.dataset.person}:${root.dataset.piece}`;
  const cards = [...root.querySelectorAll("[data-card]")];
  const stored = read(key);
  const refresh = () => {
    for (const card of cards) {
      const words = card.value.trim() ? card.value.trim().split(/\s+/u).length : 0;
      card.parentElement.querySelector("[data-card-count]").textContent = words;
      root.querySelector(`[data-dot="${card.dataset.card}"]`).toggleAttribute("data-on", words > 0);
    }
  };
  for (const card of cards) {
    card.value = stored[card.dataset.card] ?? "";
    card.addEventListener("input", () => {
      refresh();
      write(key, Object.fromEntries(cards.map((one) => [one.dataset.card, one.value])));
    });
  }
  if (matchMedia(NARROW).matches) root.querySelector("[data-cards]").open = false;
  refresh();
}
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function write(key, notes) {
  try {
    localStorage.setItem(key, JSON.stringify(notes));
  } catch {
    // Nothing can be kept here; the notes last as long as the page.
  }
}
