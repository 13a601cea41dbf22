// The one live region's text: what changed without anybody looking at it.

let shown: ((text: string) => void) | null = null;

/** Say something to screen readers, once. */
export function announce(text: string): void {
  shown?.(text);
}

export function onAnnouncement(show: (text: string) => void): () => void {
  shown = show;
  return () => {
    if (shown === show) shown = null;
  };
}
