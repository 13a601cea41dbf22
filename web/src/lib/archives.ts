// Which aliases go into which archive, and what each archive is called. Pure.

// The server's own limit.
const MOST_FILES = 1000;

export interface Share {
  readonly file: string;
  readonly ids: readonly string[];
}

/** Nearly always one; as many as it takes for all of them. */
export function sharesOf(ids: readonly string[]): readonly Share[] {
  const shares: Share[] = [];
  for (let at = 0; at < ids.length; at += MOST_FILES) {
    const number = shares.length === 0 ? "" : `-${shares.length + 1}`;
    shares.push({ file: `bodhi-aliases${number}.zip`, ids: ids.slice(at, at + MOST_FILES) });
  }
  return shares;
}
