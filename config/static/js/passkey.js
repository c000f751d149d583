/* A passkey: made, used to sign in, or used as the second step. The button is of no use without this script, so it
   stands in the page hidden until the script is there. What the browser answers goes into the form's hidden field.

   data-do: make or use. What it is asked with stands in the JSON script named by data-asked, or comes from the address
   in data-from. */

const BINARY = ["challenge", "id"];

export default function passkey(form) {
  const button = form.querySelector("[data-passkey]");
  if (!window.PublicKeyCredential || !button) return;
  form.hidden = false;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      const answer = await (form.dataset.do === "make" ? make : use)(await asked(form));
      form.elements.credential.value = JSON.stringify(answer);
      form.submit();
    } catch {
      const sorry = form.querySelector("[data-sorry]");
      if (sorry) sorry.hidden = false;
      button.disabled = false;
    }
  });
}

async function asked(form) {
  if (!form.dataset.from) return JSON.parse(document.getElementById(form.dataset.asked).textContent);
  const answer = await fetch(form.dataset.from, {
    headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
  });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

async function make({ creation_options: { publicKey } }) {
  const options = decoded(publicKey);
  options.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  options.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  };
  const made = await navigator.credentials.create({ publicKey: options });
  const { clientDataJSON, attestationObject } = made.response;
  const transports = made.response.getTransports?.() ?? [];
  return whole(made, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject), transports });
}

async function use({ request_options: { publicKey } }) {
  const used = await navigator.credentials.get({ publicKey: decoded(publicKey) });
  const { clientDataJSON, authenticatorData, signature, userHandle } = used.response;
  return whole(used, {
    clientDataJSON: text(clientDataJSON),
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

function whole(credential, response) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

/** The same with its bytes as bytes: the server writes them in base64url. */
function decoded(publicKey) {
  const list = (some) => some?.map((one) => ({ ...one, id: bytes(one.id) }));
  const found = { ...publicKey };
  for (const name of BINARY) if (typeof found[name] === "string") found[name] = bytes(found[name]);
  if (found.excludeCredentials) found.excludeCredentials = list(found.excludeCredentials);
  if (found.allowCredentials) found.allowCredentials = list(found.allowCredentials);
  return found;
}

function bytes(written) {
  const plain = atob(written.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
