// What is typed into the search, ahead of the address: that follows once what was found is drawn,
// because a new address costs as much as finding does.
import { useCallback, useDeferredValue, useEffect, useState } from "react";

interface Typed {
  readonly typed: string;
  /** What the rows are found by: the same, as soon as there is time for it. */
  readonly sought: string;
  readonly type: (text: string) => void;
}

interface Ahead {
  readonly text: string;
  /** No older text is still on its way to the address, to arrive there after this one. */
  readonly isWritten: boolean;
}

/** `written` is the address's text, which somebody else may change, too. */
export function useTyped(written: string, write: (text: string) => Promise<void>): Typed {
  const [ahead, setAhead] = useState<Ahead | null>(null);
  const typed = ahead?.text ?? written;
  const sought = useDeferredValue(typed);
  if (ahead?.isWritten === true && ahead.text === written) setAhead(null);
  useEffect(() => {
    if (ahead === null || ahead.isWritten || ahead.text !== sought) return;
    void write(ahead.text).then(() => {
      setAhead((now) => (now === ahead ? { text: ahead.text, isWritten: true } : now));
    });
  }, [ahead, sought, write]);
  const type = useCallback((text: string) => {
    setAhead({ text, isWritten: false });
  }, []);
  return { typed, sought, type };
}
