// Which words of two texts differ. Pure.

export interface DiffPart {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

// What is compared word by word at most: the table has the square of it.
const MOST_WORDS = 1_500;

/** From `before` to `after`: "same" and "removed" make the one, "same" and "added" the other. */
export function wordDiff(before: string, after: string): readonly DiffPart[] {
  const a = wordsOf(before);
  const b = wordsOf(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail))
    tail += 1;
  const parts: DiffPart[] = [];
  add(parts, "same", a.slice(0, head));
  middle(parts, a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  add(parts, "same", a.slice(a.length - tail));
  return parts;
}

/** Words and what is between them, each alone. */
function wordsOf(text: string): readonly string[] {
  return text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];
}

function middle(parts: DiffPart[], a: readonly string[], b: readonly string[]): void {
  if (a.length > MOST_WORDS || b.length > MOST_WORDS) {
    add(parts, "removed", a);
    add(parts, "added", b);
    return;
  }
  const common = commonLengths(a, b);
  const width = b.length + 1;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      add(parts, "same", [a[i] ?? ""]);
      i += 1;
      j += 1;
    } else if ((common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0)) {
      add(parts, "removed", [a[i] ?? ""]);
      i += 1;
    } else {
      add(parts, "added", [b[j] ?? ""]);
      j += 1;
    }
  }
  add(parts, "removed", a.slice(i));
  add(parts, "added", b.slice(j));
}

/** How many words the rests from each pair of places have in common, in order. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint16Array {
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      table[i * width + j] =
        a[i] === b[j]
          ? (table[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0);
  return table;
}

function add(parts: DiffPart[], kind: DiffPart["kind"], words: readonly string[]): void {
  if (words.length === 0) return;
  const last = parts.at(-1);
  if (last?.kind === kind) parts[parts.length - 1] = { kind, text: last.text + words.join("") };
  else parts.push({ kind, text: words.join("") });
}
