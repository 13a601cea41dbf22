// What the term that is being typed may become, from what the aliases hold and what parameters there are.
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { paramsQuery } from "@/api/queries.ts";
import type { AliasRow, Parameter } from "@/api/types.ts";
import { completionsOf, type Vocabulary } from "@/lib/complete.ts";
import { AGES, FLAGS, NUMBERS } from "@/lib/filter.ts";
import { SHORT_NAMES } from "@/lib/parameterNames.ts";
import { t } from "@/messages.en.ts";

import { fieldsOf } from "./rows.ts";

const NO_PARAMS: readonly Parameter[] = [];
const SPANS = ["1h", "1d", "7d", "30d"];
const NOTHING: Vocabulary = { fields: {}, numbers: [], figures: {}, flags: [] };

export function useCompletions(typed: string, aliases: readonly AliasRow[]) {
  // Where the caret is while somebody types; null while nobody does, and nothing is offered.
  const [caret, setCaretAt] = useState<number | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const isTyping = caret !== null;
  const params = useQuery({ ...paramsQuery(null), enabled: isTyping }).data ?? NO_PARAMS;
  const known = useMemo(
    () => (isTyping ? vocabulary(aliases, params) : NOTHING),
    [isTyping, aliases, params],
  );
  const found = useMemo(
    () => (caret === null ? [] : completionsOf(typed, caret, known)),
    [typed, caret, known],
  );
  const setCaret = (place: number | null) => {
    setCaretAt(place);
    setChosen(null);
  };
  return { caret, setCaret, found, chosen, setChosen };
}

function vocabulary(aliases: readonly AliasRow[], params: readonly Parameter[]): Vocabulary {
  const set = new Map<string, number>();
  const figures = new Map<string, Set<number>>();
  for (const row of aliases) {
    for (const { key, value } of row.set) {
      set.set(key, (set.get(key) ?? 0) + 1);
      if (typeof value !== "number") continue;
      const seen = figures.get(key) ?? new Set();
      figures.set(key, seen.add(value));
    }
  }
  const numeric = params.filter(({ kind }) => kind === "number" || kind === "integer");
  const named = numeric.map(({ key, label }) => ({ name: SHORT_NAMES[key] ?? key, key, label }));
  return {
    fields: { ...fieldsOf(aliases), set },
    numbers: [
      ...named.map(({ name, label }) => ({ name, what: label })),
      ...[...NUMBERS, ...AGES].map((name) => ({ name, what: t.list.measures[name] })),
    ],
    figures: {
      ...Object.fromEntries(AGES.map((name) => [name, SPANS])),
      ...Object.fromEntries(
        named.flatMap(({ name, key }) => {
          const values = [...(figures.get(key) ?? [])].sort((a, b) => a - b).map(String);
          return [name, key].map((one) => [one, values] as const);
        }),
      ),
    },
    flags: FLAGS,
  };
}
