/* HTML from a clipboard as plain text, and plain text without what only a machine reads in it.

   Word, Outlook, Google Docs, Slack and browsers mark paragraphs and lists each in their own way; samples of all of
   them stand in tests/browser/pasted.yaml. */

const DROPPED = "style, script, title, meta, link, template, noscript, o\\:p:empty";
const PARAGRAPHS = new Set(["P", "H1", "H2", "H3", "H4", "H5", "H6", "UL", "OL", "BLOCKQUOTE", "TABLE", "PRE", "HR", "DL"]);
const LINES = new Set(["DIV", "LI", "TR", "SECTION", "ARTICLE", "HEADER", "FOOTER", "DT", "DD", "FIGURE", "ADDRESS"]);
// Signs nobody sees. Joiners stay: emoji and several scripts are written with them.
const UNSEEN = /[\u00ad\u200b\u2060\ufeff]/gu;
const BLANKS = /[\u00a0\u2000-\u200a\u202f\u205f]/gu;
// Dashes and quotation marks of an old Windows page, where a copy took them for something else.
const OF_WINDOWS = { "\u0085": "…", "\u0091": "‘", "\u0092": "’", "\u0093": "“", "\u0094": "”", "\u0095": "•", "\u0096": "–", "\u0097": "—" };
const BULLET = /^([ \t]*)(?:[•·▪▫‣◦●○■□➢✓\uf0b7\uf0a7\uf0d8]|o(?=\t))[ \t]+/gmu;

/** The text of a clipboard's HTML. */
export function plainOf(html) {
  const page = new DOMParser().parseFromString(unstyled(html), "text/html");
  for (const element of page.querySelectorAll(DROPPED)) element.remove();
  const parts = [];
  walk(page.body, parts, { depth: 0, isKept: false });
  return tidied(joined(parts));
}

/** Styles as data: a page's policy speaks up against styles in a text even where it is only read. */
function unstyled(html) {
  const bare = html.replaceAll(/<style[^>]*>[\s\S]*?<\/style>/giu, "");
  return bare.replaceAll(/<[a-z][^<>]*>/giu, (tag) => tag.replaceAll(/\sstyle(?=\s*=)/giu, " data-style"));
}

/** Plain text without NBSP, signs nobody sees, foreign bullets and blanks at the ends of lines. */
export function tidied(text) {
  return text
    .replaceAll(/\r\n?/gu, "\n")
    .replaceAll(/[\u0085\u0091-\u0097]/gu, (sign) => OF_WINDOWS[sign])
    .replaceAll(UNSEEN, "")
    .replaceAll(BLANKS, " ")
    .replaceAll(BULLET, "$1- ")
    .replaceAll(/[ \t]+$/gmu, "")
    .replaceAll(/\n{3,}/gu, "\n\n")
    .replaceAll(/^\n+|\n+$/gu, "");
}

/* Parts are numbers, which ask for at least as many line ends between what stands around them, and {text}; `isWhole`
   where its blanks count, `isSign` for the sign of a list item, which nothing parts from its words. */
function walk(node, parts, place) {
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) parts.push(wordsOf(child, place));
    else if (child.nodeType === Node.ELEMENT_NODE) visit(child, parts, place);
  }
}

function wordsOf(node, { isWhole }) {
  return isWhole ? { text: node.data, isWhole } : { text: node.data.replaceAll(/[ \t\r\n\f]+/gu, " ") };
}

function visit(node, parts, place) {
  if (isListSign(node)) return;
  if (node.tagName === "BR") {
    if (!endsItsBlock(node)) parts.push({ text: "\n", isWhole: true });
    return;
  }
  const ends = endsOf(node);
  const sign = signOf(node, place.depth);
  const isList = node.tagName === "UL" || node.tagName === "OL";
  parts.push(ends);
  if (sign) parts.push({ text: sign, isWhole: true, isSign: true });
  walk(node, parts, { depth: place.depth + (isList ? 1 : 0), isWhole: place.isWhole || isPreformatted(node) });
  if (/^T[DH]$/u.test(node.tagName) && node.nextElementSibling) parts.push({ text: "\t", isWhole: true });
  parts.push(ends);
}

function endsOf(node) {
  if (isWordItem(node)) return 1;
  if (PARAGRAPHS.has(node.tagName)) return node.parentElement.closest("li") ? 1 : 2;
  return LINES.has(node.tagName) ? 1 : 0;
}

function signOf(node, depth) {
  if (isWordItem(node)) return wordSign(node);
  if (node.tagName !== "LI") return "";
  const indent = "  ".repeat(Math.max(0, depth - 1));
  const list = node.parentElement;
  if (list.tagName !== "OL") return `${indent}- `;
  const place = [...list.children].filter((each) => each.tagName === "LI").indexOf(node);
  return `${indent}${place + (Number(list.getAttribute("start")) || 1)}. `;
}

function joined(parts) {
  let text = "";
  let ends = 0;
  let isAfterSign = false;
  for (const part of parts) {
    if (typeof part === "number") {
      if (!isAfterSign) ends = Math.max(ends, part);
      continue;
    }
    const begins = ends > 0 || isAfterSign || !text || text.endsWith("\n");
    const words = begins && !part.isWhole ? part.text.trimStart() : part.text;
    if (!words) continue;
    text = withEnds(text, ends) + words;
    [ends, isAfterSign] = [0, Boolean(part.isSign)];
  }
  return text;
}

function withEnds(text, ends) {
  return text && ends ? `${text.replaceAll(/[ \t]+$/gu, "")}${"\n".repeat(ends)}` : text;
}

// --- Word: a list item is a paragraph that says so, with its sign as a text of its own --------------------

function isWordItem(node) {
  const isListed = /mso-list:\s*l\d/u.test(node.getAttribute("data-style") ?? "") || /^MsoListParagraph/u.test(node.className);
  return node.tagName === "P" && isListed;
}

function isListSign(node) {
  return /mso-list:\s*ignore/iu.test(node.getAttribute("data-style") ?? "");
}

function wordSign(node) {
  const level = Number(/level(\d)/u.exec(node.getAttribute("data-style") ?? "")?.[1] ?? 1);
  const sign = [...node.querySelectorAll("[data-style]")].find(isListSign)?.textContent.trim().split(/\s/u)[0] ?? "";
  return `${"  ".repeat(level - 1)}${/^\(?[0-9a-z]{1,3}[.)]$/iu.test(sign) ? sign : "-"} `;
}

// --- Small things -----------------------------------------------------------------------------------------

function isPreformatted(node) {
  return node.tagName === "PRE" || /white-space:\s*(?:pre|break-spaces)/u.test(node.getAttribute("data-style") ?? "");
}

/** Whether a line end stands last in a block that has words: it ends nothing that does not end anyhow. */
function endsItsBlock(node) {
  const block = node.closest("p, div, li, td, th, h1, h2, h3, h4, h5, h6, section, blockquote");
  if (!block?.textContent.trim()) return false;
  const range = node.ownerDocument.createRange();
  range.setStartAfter(node);
  range.setEndAfter(block.lastChild);
  return !range.toString().trim() && !range.cloneContents().querySelector("br");
}
