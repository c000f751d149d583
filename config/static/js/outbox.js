/* What could not be sent: kept in this browser by person and key, one thing a key. Whoever keeps something tells the
   page, so that the box that shows it (logbox.js) looks again. */

const FAMILY = "across:meeting";
const TOLD = "across:kept";

/** Keep it. False where this browser keeps nothing. */
export function keep(person, key, thing) {
  try {
    localStorage.setItem(nameOf(person, key), JSON.stringify({ ...thing, at: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

export function drop(person, key) {
  try {
    localStorage.removeItem(nameOf(person, key));
  } catch {
    // Nothing was kept where nothing may be kept.
  }
}

/** Everything this person has here, the oldest first, as {key, send, title, body, at}. */
export function kept(person) {
  const group = nameOf(person, "");
  const found = names()
    .filter((name) => name.startsWith(group))
    .map((name) => ({ key: name.slice(group.length), ...read(name) }));
  return found.filter((thing) => typeof thing.body === "string").sort((one, other) => one.at - other.at);
}

export function tell() {
  document.dispatchEvent(new CustomEvent(TOLD));
}

export function onTold(act) {
  document.addEventListener(TOLD, act);
}

function nameOf(person, key) {
  return `${FAMILY}:${person}:${key}`;
}

function names() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}
