// Pulled down from its top by a finger, a screen asks the server again for what it shows.
import { Loader } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { t } from "@/messages.en.ts";

import { announce } from "./announcer.ts";
import styles from "./Pull.module.css";

/** So far a finger goes until letting go means it. */
const FAR_PX = 90;

export default function Pull() {
  const queries = useQueryClient();
  const [by, setBy] = useState(0);
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    const main = document.querySelector("main");
    let from: number | null = null;
    let far = 0;
    const begin = ({ touches, target }: TouchEvent) => {
      const [one] = touches;
      const isMeant = touches.length === 1 && target instanceof Element && isAtTop(target);
      from = isMeant && one !== undefined ? one.clientY : null;
      far = 0;
    };
    const move = ({ touches }: TouchEvent) => {
      if (from === null) return;
      far = (touches[0]?.clientY ?? from) - from;
      // Up is a scroll, which is not taken back on the way.
      if (far < 0) from = null;
      setBy(Math.max(0, Math.min(far, FAR_PX)));
    };
    const end = () => {
      const isFar = from !== null && far >= FAR_PX;
      from = null;
      setBy(0);
      if (!isFar) return;
      setAsking(true);
      void queries.refetchQueries({ type: "active" }).finally(() => {
        setAsking(false);
        announce(t.refreshed);
      });
    };
    const off = new AbortController();
    const how = { passive: true, signal: off.signal };
    main?.addEventListener("touchstart", begin, how);
    main?.addEventListener("touchmove", move, how);
    main?.addEventListener("touchend", end, how);
    main?.addEventListener("touchcancel", end, how);
    return () => {
      off.abort();
    };
  }, [queries]);
  if (by === 0 && !isAsking) return null;
  const shown = isAsking ? 1 : by / FAR_PX;
  return (
    <div className={styles.pull} style={{ opacity: shown, translate: `-50% ${shown * 20}px` }}>
      {isAsking ? <Loader size={14} /> : null}
      {isAsking ? t.refreshing : by < FAR_PX ? t.pullOn : t.letGo}
    </div>
  );
}

/** Whether nothing around this place could still scroll down to show what is above. */
function isAtTop(target: Element): boolean {
  for (let one: Element | null = target; one !== null; one = one.parentElement)
    if (one.scrollTop > 0) return false;
  return true;
}
