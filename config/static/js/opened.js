/* A form that says "I have opened this", posted by itself as soon as the page is there to be read. */

import { bodyOf, post } from "./http.js";

export default function opened(form) {
  const tell = async () => {
    if (document.hidden) return;
    document.removeEventListener("visibilitychange", tell);
    const response = await post(form.action, bodyOf(form)).catch(() => null);
    if (response?.ok) form.hidden = true;
  };
  document.addEventListener("visibilitychange", tell);
  tell();
}
