/* The box of meetings this browser keeps: sends them when there is a connection, says what is kept and what was sent,
   and shows what the server would not take, with the way to put it right. On the box: data-person, data-reloads where
   the page lists what was sent, data-say-kept, data-say-sent, data-say-signed-out with {titles}. */

import { isSignedOut, post } from "./http.js";
import { drop, kept, onTold } from "./outbox.js";
import { fill } from "./formvalues.js";

const WAIT = 15000;
const ASKED = "kept"; // the part of an address that names one to put right

export default function logbox(box) {
  const person = box.dataset.person;
  const refused = new Map(); // key → why
  let isSending = false;
  let timer = 0;

  async function sendAll() {
    clearTimeout(timer);
    if (isSending) return;
    isSending = true;
    const sent = [];
    let answer = "none";
    for (const thing of kept(person).filter(({ key }) => !refused.has(key))) {
      answer = await send(thing);
      if (answer === "sent") sent.push(thing);
      else if (answer === "unreachable" || answer === "signedOut") break;
    }
    isSending = false;
    if (sent.length && box.hasAttribute("data-reloads") && !waiting().length) return location.reload();
    show(sent, answer);
    if (answer === "unreachable") timer = setTimeout(sendAll, WAIT);
  }

  async function send({ key, send, body }) {
    const response = await post(send, new URLSearchParams(body)).catch(() => null);
    if (!response || response.status >= 500) return "unreachable";
    if (isSignedOut(response)) return "signedOut";
    if (!response.ok) {
      const { detail, errors } = await response.json().catch(() => ({}));
      refused.set(key, [detail, ...Object.values(errors ?? {}).flat()].filter(Boolean).join(" "));
      return "refused";
    }
    drop(person, key);
    return "sent";
  }

  function waiting() {
    return kept(person).filter(({ key }) => !refused.has(key));
  }

  function show(sent, answer) {
    const left = waiting();
    const say = left.length ? (answer === "signedOut" ? "saySignedOut" : "sayKept") : sent.length ? "saySent" : "";
    const titles = (left.length ? left : sent).map(({ title }) => title || "–").join(", ");
    box.querySelector("[data-say]").textContent = say ? box.dataset[say].replace("{titles}", titles) : "";
    const list = box.querySelector("[data-refused]");
    list.replaceChildren(...kept(person).filter(({ key }) => refused.has(key)).map(row));
    box.hidden = !say && !list.children.length;
  }

  function row(thing) {
    const item = box.querySelector("template").content.firstElementChild.cloneNode(true);
    item.querySelector("[data-title]").textContent = thing.title;
    item.querySelector("[data-why]").textContent = refused.get(thing.key);
    item.querySelector("[data-open]").onclick = (event) => open(thing, event.target.dataset.address);
    item.querySelector("[data-drop]").onclick = () => {
      drop(person, thing.key);
      show([], "none");
    };
    return item;
  }

  /** Into the form of this page, or of the page that has one. */
  function open(thing, address) {
    const form = document.querySelector("form[data-send]");
    if (!form) return location.assign(`${address}?${ASKED}=${encodeURIComponent(thing.key)}`);
    fill(form, [...new URLSearchParams(thing.body)]);
    form.elements.client_key.value = thing.key;
    form.dispatchEvent(new CustomEvent("across:filled"));
    form.scrollIntoView();
  }

  const asked = new URLSearchParams(location.search).get(ASKED);
  const wanted = asked && kept(person).find(({ key }) => key === asked);
  if (wanted) open(wanted, "");
  onTold(() => {
    show([], "none");
    clearTimeout(timer);
    timer = setTimeout(sendAll, WAIT);
  });
  window.addEventListener("online", sendAll);
  document.addEventListener("visibilitychange", () => document.hidden || sendAll());
  sendAll();
}
