// Fields whose text is no value, and why: what is typed there is in no setting.
import { useCallback, useState } from "react";

const NOTHING_WRONG: ReadonlyMap<string, string> = new Map();

/** `of` names what is edited: with another, nothing is wrong yet. */
export function useWrong(of: string) {
  const [wrong, setWrong] = useState({ of, fields: NOTHING_WRONG });
  const onWrong = useCallback(
    (key: string, message: string | null) => {
      setWrong((before) => {
        const known = before.of === of ? before.fields : NOTHING_WRONG;
        if (before.of === of && (known.get(key) ?? null) === message) return before;
        const fields = new Map(known);
        if (message === null) fields.delete(key);
        else fields.set(key, message);
        return { of, fields };
      });
    },
    [of],
  );
  return { wrong: wrong.of === of ? wrong.fields : NOTHING_WRONG, onWrong };
}
