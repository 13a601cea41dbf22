// The minute that is going on: a span that ends now ends at its end, and moves on with it.
import { useEffect, useState } from "react";

const MINUTE_MS = 60_000;

/** Seconds since the epoch at the end of this minute. */
export function useNow(): number {
  const [now, setNow] = useState(endOfMinute);
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(endOfMinute());
    }, MINUTE_MS / 4);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return now;
}

function endOfMinute(): number {
  return (Math.floor(Date.now() / MINUTE_MS) + 1) * 60;
}
