// Cuts Markdown into blocks that can be drawn each alone, so that a growing text redraws only its
// end. Cutting less is always right; where it is not certain that a place is one, there is none. Pure.

const LIST_ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])( {1,4}|\t|$)/;
const FENCE = /^( *)(`{3,}|~{3,})([^\n]*)$/;
/** Links and footnotes that are defined anywhere can be meant everywhere. */
const DEFINITION = /^[ >]*(?:(?:[-*+]|\d{1,9}[.)]) +)*\[[^\]\n]{1,999}\]:/m;
/** HTML that goes on over empty lines, and what ends it. */
const HTML_ENDS: readonly (readonly [RegExp, RegExp])[] = [
  [/^ {0,3}<(?:script|pre|style|textarea)(?:[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
  [/^ {0,3}<![A-Za-z]/, />/],
];

interface Place {
  /** What closes the fence that is open. */
  readonly fence: string | null;
  /** What ends the HTML that is open; an empty line where it is null within `isHtml`. */
  readonly html: RegExp | null;
  readonly isHtml: boolean;
  /** How far the text of the outermost list item is indented; null outside lists. */
  readonly item: number | null;
}

const OUTSIDE: Place = { fence: null, html: null, isHtml: false, item: null };

/** The blocks of a text in their order; joined they are the text. */
export function blocksOf(text: string): readonly string[] {
  if (text === "") return [];
  if (DEFINITION.test(text)) return [text];
  const blocks: string[] = [];
  let from = 0;
  let place = OUTSIDE;
  let isAfterBlank = true;
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf("\n", at);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(at, text[end - 1] === "\r" ? end - 1 : end);
    if (line.trim() === "") {
      isAfterBlank = true;
      if (place.isHtml && place.html === null) place = { ...place, isHtml: false };
    } else {
      if (isAfterBlank && at > from && beginsBlock(line, place)) {
        blocks.push(text.slice(from, at));
        from = at;
        place = OUTSIDE;
      }
      place = after(line, place, isAfterBlank);
      isAfterBlank = false;
    }
    at = end + 1;
  }
  blocks.push(text.slice(from));
  return blocks;
}

/** Whether a line that follows an empty one belongs to nothing before it. */
function beginsBlock(line: string, place: Place): boolean {
  if (place.fence !== null || place.isHtml || /^[ \t]/.test(line)) return false;
  return place.item === null || !LIST_ITEM.test(line);
}

function after(line: string, place: Place, isFirst: boolean): Place {
  if (place.fence !== null) return isClosing(line, place.fence) ? { ...place, fence: null } : place;
  if (place.isHtml)
    return place.html?.test(line) === true ? { ...place, html: null, isHtml: false } : place;
  const html = HTML_ENDS.find(([begins]) => begins.test(line));
  if (html !== undefined)
    return html[1].test(line.replace(html[0], ""))
      ? place
      : { ...place, html: html[1], isHtml: true };
  if (isFirst && /^ {0,3}<[A-Za-z/]/.test(line)) return { ...place, html: null, isHtml: true };
  const item = LIST_ITEM.exec(line);
  if (item !== null && (item[1] === "" || place.item === null))
    return { ...place, item: item[0].trimEnd().length + 1 };
  const fence = FENCE.exec(line);
  if (fence === null) return place;
  const [, indent = "", marks = "", info = ""] = fence;
  const isInItem = place.item !== null && indent.length >= place.item;
  const isNone = indent.length > 3 || (marks.startsWith("`") && info.includes("`"));
  return isInItem || isNone ? place : { ...place, fence: marks, item: null };
}

function isClosing(line: string, fence: string): boolean {
  const marks = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
  return marks?.[0] === fence[0] && (marks?.length ?? 0) >= fence.length;
}

const FENCED = /^ {0,3}(?:`{3}|~{3})/;
/** What becomes an element of its own, or may: each takes as long as so many plain characters. */
const DEAR = /[|[>*_~`\n]/g;
const DEAR_COST = 12;

/** About how long it takes to draw a block, in characters of plain text. */
export function costOf(block: string): number {
  if (FENCED.test(block)) return block.length / 3;
  return block.length + DEAR_COST * (block.match(DEAR)?.length ?? 0);
}

/** A list that is too long to be drawn at once, as several that go on; null for what is none. */
export function listsOf(block: string, most: number): readonly string[] | null {
  if (!LIST_ITEM.test(block) || block.startsWith(" ")) return null;
  const parts: string[] = [];
  let items: string[] = [];
  let cost = 0;
  for (const item of block.split(/\n(?=[-*+] |\d{1,9}[.)] )/)) {
    const own = costOf(item) + DEAR_COST;
    if (own > most) return null;
    if (cost + own > most) {
      parts.push(items.join("\n"));
      items = [];
      cost = 0;
    }
    items.push(item);
    cost += own;
  }
  return [...parts, items.join("\n")];
}

/** A text that is too long to be drawn at once, in pieces that end with a line where they can. */
export function piecesOf(text: string, longest: number): readonly string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    const most = from + longest;
    const line = text.lastIndexOf("\n", most);
    const end = most >= text.length ? text.length : line > from ? line + 1 : most;
    pieces.push(text.slice(from, end));
    from = end;
  }
  return pieces;
}
