// All parameters in collapsible groups, narrowed by a search and by what matters now.
import { useLocalStorage } from "@mantine/hooks";
import { IconChevronRight } from "@tabler/icons-react";
import {
  type Ref,
  useCallback,
  useDeferredValue,
  useEffect,
  useImperativeHandle,
  useMemo,
  useState,
} from "react";

import type { Finding, FixShown, JsonValue, Parameter, Rung } from "@/api/types.ts";

import { usePhone } from "@/components/usePhone.ts";
import { offerParameters } from "@/components/paramPlace.ts";

import { t } from "./messages.en.ts";
import styles from "./ParamGroups.module.css";
import { ParamRow } from "./ParamRow.tsx";
import { ParamTools, type Shown } from "./ParamTools.tsx";
import { isSampler, SamplingNow, useSampling } from "./sampling.ts";
import { type Setting, UNSET } from "./setting.ts";
import type { Settings } from "./edits.ts";

interface Props {
  readonly params: readonly Parameter[];
  readonly settings: Settings;
  /** Key -> what applies where the alias says nothing. */
  readonly below: ReadonlyMap<string, Rung>;
  readonly findings: readonly Finding[];
  readonly changed: ReadonlySet<string>;
  readonly disabled?: boolean;
  readonly onChange: (key: string, setting: Setting, gesture?: string) => void;
  readonly onFix: (fix: FixShown) => void;
  readonly onWrong?: (key: string, message: string | null) => void;
  /** Another alias beside this one. */
  readonly reference?: Reference | null;
  readonly handle?: Ref<ParamGroupsHandle>;
}

export interface Reference {
  readonly name: string;
  /** Registry key -> what applies there; null where the engine decides. */
  readonly values: ReadonlyMap<string, JsonValue>;
}

export interface ParamGroupsHandle {
  /** Shows a row, whatever was folded or narrowed away, and puts the focus there. */
  readonly goTo: (key: string) => void;
  /** Unfolds a group, whatever was narrowed away, and puts the focus on its head. */
  readonly open: (group: string) => void;
}

const NO_FINDINGS: readonly Finding[] = [];

export function ParamGroups(props: Props) {
  const { params, settings, changed } = props;
  const [typed, setTyped] = useState("");
  const [shown, setShown] = useState<Shown>("all");
  const phone = usePhone();
  const byKey = useMemo(() => findingsByKey(props.findings), [props.findings]);
  const [folded, setFolded] = useLocalStorage<readonly string[]>({
    key: "bodhi-folded-params",
    defaultValue: phone ? FOLDED_ON_PHONES : FOLDED_AT_FIRST,
    getInitialValueInEffect: false,
  });
  const seen = params.filter(
    (param) =>
      fits(param, typed) &&
      (shown === "all" ||
        (shown === "set" && settings.has(param.key)) ||
        (shown === "changed" && changed.has(param.key)) ||
        (shown === "problems" && byKey.has(param.key))),
  );
  // A sketch may follow a frame later than the value that it is of.
  const sampling = useDeferredValue(useSampling(settings, props.below));
  const isNarrowed = typed.trim() !== "" || shown !== "all";
  const goTo = useCallback(
    (key: string) => {
      setTyped("");
      setShown("all");
      setFolded((before) => {
        const group = params.find((one) => one.key === key)?.group;
        return before.filter((one) => one !== group);
      });
      requestAnimationFrame(() => {
        flash(key);
      });
    },
    [params, setFolded],
  );
  const open = useCallback(
    (group: string) => {
      setTyped("");
      setShown("all");
      setFolded((before) => before.filter((one) => one !== group));
      requestAnimationFrame(() => {
        showGroup(group);
      });
    },
    [setFolded],
  );
  useImperativeHandle(props.handle, () => ({ goTo, open }), [goTo, open]);
  useEffect(() => offerParameters(goTo), [goTo]);
  return (
    <div className={styles.groups}>
      <ParamTools typed={typed} shown={shown} onType={setTyped} onShow={setShown} />
      {seen.length === 0 ? <p className={styles.none}>{t.noneFits}</p> : null}
      <SamplingNow value={sampling}>
        {[...Map.groupBy(seen, (param) => param.group)].map(([group, some]) => (
          <Group
            key={group}
            name={group}
            set={some.filter((param) => settings.has(param.key)).length}
            count={some.length}
            problems={new Set(some.flatMap((param) => byKey.get(param.key) ?? [])).size}
            folded={!isNarrowed && folded.includes(group)}
            onFold={() => {
              setFolded((before) =>
                before.includes(group) ? before.filter((one) => one !== group) : [...before, group],
              );
            }}
          >
            {some.map((param) => (
              <ParamRow
                key={param.key}
                param={param}
                setting={settings.get(param.key) ?? UNSET}
                below={props.below.get(param.key) ?? null}
                findings={byKey.get(param.key) ?? NO_FINDINGS}
                isChanged={changed.has(param.key)}
                disabled={props.disabled ?? false}
                onChange={props.onChange}
                onFix={props.onFix}
                onRelated={goTo}
                {...(props.reference == null ? {} : referenceOf(props.reference, param.key))}
                isSampler={isSampler(param.key)}
                {...(props.onWrong === undefined ? {} : { onWrong: props.onWrong })}
              />
            ))}
          </Group>
        ))}
      </SamplingNow>
    </div>
  );
}

// What most people never touch is out of the way until it is looked for.
const FOLDED_AT_FIRST = ["GPU", "System"];
const FOLDED_ON_PHONES = ["Performance & resources", ...FOLDED_AT_FIRST];

interface GroupProps {
  readonly name: string;
  readonly set: number;
  readonly count: number;
  readonly problems: number;
  readonly folded: boolean;
  readonly onFold: () => void;
  readonly children: React.ReactNode;
}

function Group({ name, set, count, problems, folded, onFold, children }: GroupProps) {
  return (
    <section className={styles.group} aria-label={name} data-group={name}>
      <h3 className={styles.head}>
        <button type="button" aria-expanded={!folded} onClick={onFold}>
          <IconChevronRight size={15} aria-hidden data-folded={folded} />
          <span className={styles.name}>{name}</span>
          <span className={styles.count}>{t.setOf(set, count)}</span>
          {problems === 0 ? null : <span className={styles.problems}>{t.problems(problems)}</span>}
        </button>
      </h3>
      {folded ? null : <div className={styles.rows}>{children}</div>}
    </section>
  );
}

function referenceOf({ name, values }: Reference, key: string) {
  return { referenceName: name, reference: values.get(key) ?? null };
}

function fits(param: Parameter, typed: string): boolean {
  const wanted = typed.trim().toLowerCase().replaceAll("-", "_");
  if (wanted === "") return true;
  const names = [param.key, param.label, ...param.spellings, ...param.negations];
  return names.some((name) => name.toLowerCase().replaceAll("-", "_").includes(wanted));
}

function findingsByKey(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const byKey = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const key of finding.params) byKey.set(key, [...(byKey.get(key) ?? []), finding]);
  }
  return byKey;
}

function showGroup(group: string): void {
  const head = document.querySelector<HTMLElement>(`[data-group=${CSS.escape(group)}] button`);
  head?.scrollIntoView({ block: "start" });
  head?.focus({ preventScroll: true });
}

const FLASH_MS = 1200;

/** Brings a row into view, marks it for a moment, and puts the focus on its control. */
export function flash(key: string): void {
  const row = document.getElementById(`param-${key}`);
  if (row === null) return;
  row.scrollIntoView({ block: "center" });
  row.dataset.flash = "true";
  const control =
    row.querySelector<HTMLElement>("[role=slider][data-drawn]") ??
    row.querySelector<HTMLElement>("input, textarea") ??
    row.querySelector("button");
  control?.focus({ preventScroll: true });
  setTimeout(() => {
    delete row.dataset.flash;
  }, FLASH_MS);
}
