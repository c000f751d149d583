/* Finding what a company may not want outside: patterns from a file, and the words somebody listed. Nothing here
   leaves the browser. */

const FAMILIES = ["person", "name"]; // placeholders of the two lists of words

/** The patterns of the file at an address, ready to search with. Rejects where there is no connection. */
export async function patternsAt(url) {
  const response = await fetch(url);
  const { patterns } = await response.json();
  return patterns.map((one) => ({ placeholder: one.placeholder, find: new RegExp(one.pattern, `gu${one.flags}`) }));
}

/** Everything found in a text, in order: {start, end, word, kind}. Where two overlap the first pattern counts. */
export function findIn(text, patterns, words = {}) {
  const taken = [];
  for (const { placeholder, find } of [...patterns, ...named(words)]) {
    for (const hit of text.matchAll(find)) {
      const [start, end] = [hit.index, hit.index + hit[0].length];
      if (taken.some((other) => start < other.end && other.start < end)) continue;
      taken.push({ start, end, word: hit[0], kind: placeholder });
    }
  }
  return taken.filter((hit) => hit.kind).sort((one, other) => one.start - other.start);
}

/** The text with what `placeholderOf` gives in place of each word found; where it gives nothing the word stays. */
export function replaced(text, found, placeholderOf) {
  let done = "";
  let at = 0;
  for (const hit of found) {
    done += text.slice(at, hit.start) + (placeholderOf(hit) || hit.word);
    at = hit.end;
  }
  return done + text.slice(at);
}

function named(words) {
  return FAMILIES.flatMap((kind) => {
    const listed = (words[kind] ?? []).toSorted((one, other) => other.length - one.length);
    return listed.map((word) => ({ placeholder: kind, find: wholeWord(word) }));
  });
}

function wholeWord(word) {
  const escaped = word.replaceAll(/[.*+?^${}()|[\]\\/]/gu, String.raw`\$&`).replaceAll(/\s+/gu, String.raw`\s+`);
  return new RegExp(String.raw`(?<![\p{L}\p{N}])${escaped}(?![\p{L}\p{N}])`, "gu");
}
