// A card that a finger pushes aside: below it are the commands used most, of those in its menu.
import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";

import styles from "./SwipeCard.module.css";

/** Less is a tap, or the beginning of a scroll. */
const SLOP_PX = 10;

interface Props {
  /** Drawn once a finger has pushed; they close the card when they have been run. */
  readonly commands: (close: () => void) => ReactNode;
  readonly children: ReactNode;
}

export function SwipeCard({ commands, children }: Props) {
  const card = useRef<HTMLDivElement>(null);
  const front = useRef<HTMLDivElement>(null);
  const push = useRef<Push | null>(null);
  const [isPushed, setPushed] = useState(false);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (!isOpen) return;
    const close = ({ target }: Event) => {
      if (!(target instanceof Node && card.current?.contains(target))) setOpen(false);
    };
    // Whatever else is touched, another card too.
    document.addEventListener("pointerdown", close, true);
    return () => {
      document.removeEventListener("pointerdown", close, true);
    };
  }, [isOpen]);
  const onPointerDown = ({ pointerType, clientX, clientY }: PointerEvent) => {
    if (pointerType === "touch") push.current = { x: clientX, y: clientY, by: null };
  };
  const onPointerMove = ({ clientX, clientY }: PointerEvent) => {
    const { current } = push;
    if (current === null || front.current === null) return;
    const by = clientX - current.x;
    if (current.by === null) {
      if (Math.abs(clientY - current.y) > Math.abs(by)) push.current = null;
      if (Math.abs(by) < SLOP_PX || push.current === null) return;
      setPushed(true);
    }
    current.by = by;
    const wide = card.current?.querySelector("[data-commands]")?.clientWidth ?? 0;
    const at = Math.min(0, Math.max(-wide, by - (isOpen ? wide : 0)));
    front.current.style.translate = `${at}px`;
    front.current.style.transition = "none";
  };
  const end = () => {
    const by = push.current?.by ?? null;
    push.current = null;
    front.current?.style.removeProperty("translate");
    front.current?.style.removeProperty("transition");
    if (by !== null) setOpen(isOpen ? by < SLOP_PX : by < -3 * SLOP_PX);
  };
  return (
    <div ref={card} className={styles.card} data-open={isOpen}>
      {isPushed ? (
        <div className={styles.commands} data-commands inert={!isOpen}>
          {commands(() => {
            setOpen(false);
          })}
        </div>
      ) : null}
      <div
        ref={front}
        className={styles.front}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={end}
        onPointerCancel={end}
      >
        {children}
      </div>
    </div>
  );
}

interface Push {
  readonly x: number;
  readonly y: number;
  /** How far to the right; null while it may still be a tap. */
  by: number | null;
}
