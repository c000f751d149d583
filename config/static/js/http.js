/* Posting from a page that may have stood open for days: the CSRF token is renewed where it has gone stale,
   and "signed out" is told apart from every other answer. */

const HEADER = "X-CSRFToken";
const SIGNED_OUT = 401;
let token = tokenIn(document);

function tokenIn(page) {
  const headers = page.body.getAttribute("hx-headers");
  return headers ? JSON.parse(headers)[HEADER] : "";
}

/** The values of a form as a request body, without the token: the header carries the one that counts. */
export function bodyOf(form) {
  const body = new URLSearchParams(new FormData(form));
  body.delete("csrfmiddlewaretoken");
  return body;
}

/** Whether an answer says that nobody is signed in any more. */
export function isSignedOut(response) {
  return response.status === SIGNED_OUT || (response.redirected && response.url.includes("/account/login/"));
}

/** Post and hand back the answer, whatever it is. Rejects only where there is no connection, or by its signal. */
export async function post(url, body, { accept = "application/json", headers = {}, ...options } = {}) {
  const once = () =>
    fetch(url, {
      method: "POST",
      body,
      headers: { Accept: accept, "X-Requested-With": "XMLHttpRequest", [HEADER]: token, ...headers },
      ...options,
    });
  const response = await once();
  if (response.status !== 403) return response;
  const page = await pageNow();
  if (!page) return new Response(null, { status: SIGNED_OUT });
  return adoptToken(page) ? once() : response;
}

/** Go on with the token of a page that was fetched just now. Says whether it is a new one. */
export function adoptToken(page) {
  const fresh = tokenIn(page);
  if (!fresh || fresh === token) return false;
  token = fresh;
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = fresh;
  document.body.setAttribute("hx-headers", JSON.stringify({ [HEADER]: fresh }));
  return true;
}

/** This page as the server gives it now, or null where it gives it to nobody or not to this person. */
export async function pageNow() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response?.ok || isSignedOut(response)) return null;
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
