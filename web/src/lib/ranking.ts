// Which names fit what was typed, best first. Pure.

const AT_START = 0;
const AT_WORD = 1;
const WITHIN = 2;
const BOUNDARY = /[\s:/._-]/;

/** At most `limit` items whose name holds every typed word; ties keep their order. */
export function bestMatches<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  typed: string,
  limit: number,
): readonly T[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const ranks: T[][] = [[], [], []];
  for (const item of items) {
    const rank = rankOf(nameOf(item).toLowerCase(), words);
    if (rank !== null) ranks[rank]?.push(item);
    if ((ranks[AT_START]?.length ?? 0) >= limit) break;
  }
  return ranks.flat().slice(0, limit);
}

function rankOf(name: string, words: readonly string[]): number | null {
  let worst = AT_START;
  for (const word of words) {
    const at = name.indexOf(word);
    if (at === -1) return null;
    const rank = at === 0 ? AT_START : BOUNDARY.test(name[at - 1] ?? "") ? AT_WORD : WITHIN;
    worst = Math.max(worst, rank);
  }
  return worst;
}
