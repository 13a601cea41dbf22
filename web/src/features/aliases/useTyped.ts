// What is typed into the search, ahead of the address: that follows once what was found is drawn,
// because a new address costs as much as finding does.
import { useCallback, useDeferredValue, useEffect, useState } from "react";

interface Typed {
  readonly typed: string;
  /** What the rows are found by: on a phone the same as soon as there is time for it. */
  readonly sought: string;
  readonly type: (text: string) => void;
}

interface Ahead {
  readonly text: string;
  /** No older text is still on its way to the address, to arrive there after this one. */
  readonly isWritten: boolean;
}

/**
 * `written` is the address's text, which somebody else may change, too.
 *
 * A phone shows the letter before what it finds; where drawing both at once takes two frames, pieces
 * would only be later.
 */
export function useTyped(
  written: string,
  write: (text: string) => Promise<void>,
  phone: boolean,
): Typed {
  const [ahead, setAhead] = useState<Ahead | null>(null);
  const typed = ahead?.text ?? written;
  const later = useDeferredValue(phone ? typed : "");
  const sought = phone ? later : typed;
  if (ahead?.isWritten === true && ahead.text === written) setAhead(null);
  useEffect(() => {
    if (ahead === null || ahead.isWritten || ahead.text !== sought) return;
    // Not before what was found is painted.
    const timer = setTimeout(() => {
      void write(ahead.text).then(() => {
        setAhead((now) => (now === ahead ? { text: ahead.text, isWritten: true } : now));
      });
    });
    return () => {
      clearTimeout(timer);
    };
  }, [ahead, sought, write]);
  const type = useCallback((text: string) => {
    setAhead({ text, isWritten: false });
  }, []);
  return { typed, sought, type };
}
