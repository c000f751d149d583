/* The bar that says there is no connection. It stands in every page; only pages that keep text show it. */

const bar = document.querySelector("[data-offline]");

export function showOffline(is) {
  if (bar) bar.hidden = !is;
}
