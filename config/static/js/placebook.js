/* Which placeholder stands for which word, by person and piece, and the names somebody listed. It lies in this
   browser and is sent nowhere. */

const FAMILY = "across:redaction";

export class Placebook {
  constructor(person, piece) {
    this.key = `${FAMILY}:${person}:${piece}`;
    this.listKey = `${FAMILY}:${person}:names`;
    const { words = {}, kept = [] } = read(this.key);
    this.words = new Map(Object.entries(words)); // word → placeholder
    this.kept = new Set(kept); // words that stay, by their client's decision
    this.names = { person: [], name: [], ...read(this.listKey) };
  }

  /** The placeholder of a word: the same for the same word, a new number for a new one. */
  placeholderOf(word, kind, text = "") {
    if (!this.words.has(word)) this.words.set(word, `[${kind}-${this.next(kind, text)}]`);
    return this.words.get(word);
  }

  /** One more than any number in use, here or in a text that was written in another browser. */
  next(kind, text) {
    const used = [...this.words.values(), ...(text.match(/\[[a-z]+-\d+\]/gu) ?? [])];
    const numbers = used.map((one) => one.match(/^\[([a-z]+)-(\d+)\]$/u)).filter((parts) => parts?.[1] === kind);
    return Math.max(0, ...numbers.map((parts) => Number(parts[2]))) + 1;
  }

  /** [placeholder, word] of those that stand in a text. */
  standingIn(text) {
    return [...this.words].map(([word, placeholder]) => [placeholder, word]).filter(([each]) => text.includes(each));
  }

  save() {
    write(this.key, { words: Object.fromEntries(this.words), kept: [...this.kept] });
  }

  saveNames(names) {
    this.names = names;
    write(this.listKey, names);
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function write(key, content) {
  try {
    localStorage.setItem(key, JSON.stringify(content));
  } catch {
    // Full or forbidden: what was decided holds for this page.
  }
}
