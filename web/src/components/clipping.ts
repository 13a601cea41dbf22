// Where a clipped name is cut, its end follows at once.
//
// The browser cuts at a whole letter and leaves what remains of the room empty, before the end: the
// end is drawn that much nearer. Its place in the layout stays, so that nothing else moves.

interface Parts {
  readonly head: HTMLElement;
  readonly tail: HTMLElement;
}

const followed = new Map<Element, Parts>();
const ellipses = new Map<string, number>();
let observer: ResizeObserver | null = null;

/** Keep the two parts of a clipped name together until the answer is called. */
export function keepTogether(clip: HTMLElement, parts: Parts): () => void {
  followed.set(clip, parts);
  observer ??= begin();
  observer.observe(clip);
  return () => {
    observer?.unobserve(clip);
    followed.delete(clip);
  };
}

function begin(): ResizeObserver {
  document.fonts.addEventListener("loadingdone", () => {
    ellipses.clear();
    closeUp([...followed.values()]);
  });
  return new ResizeObserver((entries) => {
    closeUp(entries.flatMap(({ target }) => followed.get(target) ?? []));
  });
}

/** All is measured before anything is moved: the browser lays out once. */
function closeUp(all: readonly Parts[]): void {
  const holes = all.map(({ head }) => holeIn(head));
  all.forEach(({ tail }, place) => {
    const hole = holes[place] ?? 0;
    tail.style.insetInlineStart = hole === 0 ? "" : `${-hole}px`;
  });
}

/** How many pixels are empty after the last letter that shows and its ellipsis. */
function holeIn(head: HTMLElement): number {
  const text = head.firstChild;
  if (!(text instanceof Text) || head.scrollWidth <= head.clientWidth) return 0;
  const room = head.getBoundingClientRect().width - ellipsisOf(head);
  const range = document.createRange();
  range.setStart(text, 0);
  const widthTo = (end: number) => {
    range.setEnd(text, end);
    return range.getBoundingClientRect().width;
  };
  let [fits, exceeds] = [0, text.length];
  while (exceeds - fits > 1) {
    const middle = Math.floor((fits + exceeds) / 2);
    if (widthTo(middle) <= room) fits = middle;
    else exceeds = middle;
  }
  return Math.max(0, room - widthTo(fits));
}

/** As the browser draws it there: once for each font. */
function ellipsisOf(head: HTMLElement): number {
  const { fontFamily, fontSize, fontWeight } = getComputedStyle(head);
  const font = [fontWeight, fontSize, fontFamily].join(" ");
  const known = ellipses.get(font);
  if (known !== undefined) return known;
  const sample = document.createElement("span");
  sample.textContent = "…";
  sample.style.position = "absolute";
  head.append(sample);
  const { width } = sample.getBoundingClientRect();
  sample.remove();
  ellipses.set(font, width);
  return width;
}
