// The sets of prompts of this device; there is always one to write in.
import { useRef, useState } from "react";

import { t } from "./messages.en.ts";
import { keepSets, keptSets, type PromptSet } from "./sets.ts";

function freshSet(): PromptSet {
  return { id: Date.now().toString(36), name: t.untitled, prompts: [""] };
}

export function usePromptSets() {
  const [sets, setSets] = useState<readonly PromptSet[]>(() => {
    const kept = keptSets();
    return kept.length > 0 ? kept : [freshSet()];
  });
  const [chosen, setChosen] = useState(sets[0]?.id ?? "");
  const [isFull, setFull] = useState(false);
  const [first = freshSet()] = sets;
  const current = sets.find(({ id }) => id === chosen) ?? first;
  const latest = useRef(sets);
  const keep = (next: readonly PromptSet[]) => {
    latest.current = next;
    setSets(next);
    setFull(!keepSets(next));
  };
  return {
    sets,
    current,
    isFull,
    choose: setChosen,
    begin: () => {
      const set = freshSet();
      keep([...sets, set]);
      setChosen(set.id);
    },
    change: (set: PromptSet) => {
      keep(sets.map((one) => (one.id === set.id ? set : one)));
    },
    /** Returns what brings it back. */
    remove: () => {
      const left = sets.filter(({ id }) => id !== current.id);
      const standIn = left.length > 0 ? null : freshSet();
      keep(standIn === null ? left : [standIn]);
      return () => {
        // Beside what was written meanwhile; a stand-in that nobody wrote in goes.
        keep([...latest.current.filter((one) => one !== standIn), current]);
        setChosen(current.id);
      };
    },
  };
}
