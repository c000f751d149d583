/* What every page loads. An element with data-module="name other" gets those modules, each fetched only
   where it is used; a name outside the list does nothing. A module's default export takes the element. */

const MODULES = {
  asked: () => import("./asked.js"),
  assessment: () => import("./assessment.js"),
  board: () => import("./board.js"),
  copylink: () => import("./copylink.js"),
  copytext: () => import("./copytext.js"),
  correction: () => import("./correction.js"),
  counters: () => import("./counters.js"),
  drafts: () => import("./drafts.js"),
  firstread: () => import("./firstread.js"),
  keys: () => import("./keys.js"),
  lesson: () => import("./lesson.js"),
  logbox: () => import("./logbox.js"),
  margin: () => import("./margin.js"),
  meeting: () => import("./meeting.js"),
  opened: () => import("./opened.js"),
  player: () => import("./player.js"),
  recorder: () => import("./recorder.js"),
  passkey: () => import("./passkey.js"),
  paste: () => import("./paste.js"),
  placeholders: () => import("./placeholders.js"),
  redaction: () => import("./redaction.js"),
  record: () => import("./record.js"),
  review: () => import("./review.js"),
  rows: () => import("./rows.js"),
  stepper: () => import("./stepper.js"),
  studio: () => import("./studio.js"),
  theme: () => import("./theme.js"),
  voice: () => import("./voice.js"),
  workbench: () => import("./workbench.js"),
  zones: () => import("./zones.js"),
};
const started = new WeakSet();

function start(root) {
  const elements = [...root.querySelectorAll("[data-module]")];
  if (root.matches?.("[data-module]")) elements.unshift(root);
  for (const element of elements) {
    if (started.has(element)) continue;
    started.add(element);
    for (const name of element.dataset.module.split(" ")) {
      MODULES[name]?.().then((module) => module.default(element));
    }
  }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
// What stands in the way of a form is where the reader goes on.
document.querySelector("[data-errors]")?.focus();
