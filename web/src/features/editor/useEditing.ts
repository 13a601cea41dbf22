// One alias being edited: what is saved, what is changed since, and the way back and forth.
import { useLocalStorage } from "@mantine/hooks";
import { useCallback, useMemo, useState } from "react";

import type { AliasDetail, FixShown, Parameter } from "@/api/types.ts";
import { announce } from "@/components/announcer.ts";
import {
  changedKeys,
  editsBetween,
  type Settings,
  settingsOf,
  withSetting,
} from "@/components/params/edits.ts";
import { type Setting, UNSET } from "@/components/params/setting.ts";
import { begin, changed, type History, redone, undone } from "@/lib/history.ts";
import { valueText } from "@/lib/values.ts";

import { t } from "./messages.en.ts";

interface Kept {
  /** The content that the changes are based on. */
  readonly etag: string;
  readonly settings: readonly (readonly [string, Setting])[];
}

const NOTHING: Kept | null = null;

export function useEditing(alias: AliasDetail, params: readonly Parameter[]) {
  const saved = useMemo(() => settingsOf(alias.set), [alias.set]);
  // What is typed outlives a reload, a crash and a server that is away.
  const [kept, setKept, forget] = useLocalStorage<Kept | null>({
    key: `bodhi-editing-${alias.id}`,
    defaultValue: NOTHING,
    getInitialValueInEffect: false,
  });
  const [basis, setBasis] = useState(kept?.etag ?? alias.etag);
  const [history, setHistory] = useState<History<Settings>>(() =>
    begin(kept === null ? saved : new Map(kept.settings)),
  );
  const now = history.now;
  const keys = useMemo(() => changedKeys(saved, now), [saved, now]);
  const edits = useMemo(() => editsBetween(saved, now, params), [saved, now, params]);

  const keep = useCallback(
    (next: Settings) => {
      setKept({ etag: basis, settings: [...next] });
    },
    [setKept, basis],
  );
  const labels = useMemo(() => new Map(params.map((one) => [one.key, one.label])), [params]);
  const change = useCallback(
    (key: string, setting: Setting, gesture?: string) => {
      setHistory((before) => {
        const next = withSetting(before.now, key, setting);
        const label = t.step(labels.get(key) ?? key, textOf(setting));
        keep(next);
        return changed(before, { next, label, gesture: gesture ?? null, at: performance.now() });
      });
    },
    [keep, labels],
  );
  const move = (go: typeof undone, say: (label: string) => string, from: "undo" | "redo") => {
    const step = history[from].at(-1);
    if (step === undefined) return;
    const next = go(history);
    setHistory(next);
    keep(next.now);
    announce(say(step.label));
  };
  const restart = (settings: Settings, etag: string) => {
    setBasis(etag);
    setHistory(begin(settings));
    forget();
  };
  return {
    settings: now,
    changed: useMemo(() => new Set(keys), [keys]),
    edits,
    basis,
    isStale: keys.length > 0 && basis !== alias.etag,
    history,
    change,
    fix: useCallback(
      (fix: FixShown) => {
        for (const { path, value } of fix.patch) {
          const [section = "", key = ""] = path;
          setHistory((before) => {
            const old = before.now.get(key) ?? UNSET;
            const next = withSetting(before.now, key, mended(old, section, value));
            keep(next);
            return changed(before, {
              next,
              label: fix.label,
              gesture: "fix",
              at: performance.now(),
            });
          });
        }
      },
      [keep],
    ),
    undo: () => {
      move(undone, t.undid, "undo");
    },
    redo: () => {
      move(redone, t.redid, "redo");
    },
    discard: () => {
      restart(saved, alias.etag);
    },
    /** What was changed here stays, on top of what somebody else has saved meanwhile. */
    rebase: () => {
      setBasis(alias.etag);
    },
    /** The server has taken the changes. */
    published: (fresh: AliasDetail) => {
      restart(settingsOf(fresh.set), fresh.etag);
    },
  };
}

function mended(old: Setting, section: string, value: unknown): Setting {
  if (section === "request_policy")
    return value === null && old.value !== undefined
      ? { mode: "default", value: old.value, bounds: null }
      : UNSET;
  if (value === null) return UNSET;
  return { ...old, mode: old.mode === "unset" ? "default" : old.mode, value };
}

function textOf({ mode, value, bounds }: Setting): string {
  if (mode === "unset") return t.unset;
  if (value !== undefined) return valueText(value);
  return bounds === null ? t.unset : bounds.join(" … ");
}
