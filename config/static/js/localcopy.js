/* What was typed and the server has not answered for yet, kept in this browser, by person and piece.
   Every open page has a copy of its own, so two windows never write over each other. */

const FAMILY = "across:draft";

export class LocalCopy {
  constructor(person, piece) {
    this.group = `${FAMILY}:${person}:${piece}:`;
    this.key = `${this.group}${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
  }

  write(pairs) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ pairs, at: Date.now() }));
    } catch {
      // Full or forbidden. The page then depends on the server, and says so when it does not answer.
    }
  }

  clear() {
    forget(this.key);
  }

  /** Copies that other openings of this page left behind, the newest first, as {key, pairs, at}. */
  leftBehind() {
    const keys = stored().filter((key) => key.startsWith(this.group) && key !== this.key);
    const copies = keys.map((key) => ({ key, ...read(key) })).filter((copy) => Array.isArray(copy.pairs));
    return copies.sort((one, other) => other.at - one.at);
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept where nothing may be kept.
  }
}

function stored() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}
