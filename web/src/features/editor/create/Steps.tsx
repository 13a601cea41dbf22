// The same in four steps, for a phone: dots say where one is, and what was said stays.
import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import { Beginning } from "./Beginning.tsx";
import styles from "./Create.module.css";
import type { Said } from "./CreateScreen.tsx";
import { Finish, Saying } from "./Finish.tsx";
import { t } from "./messages.en.ts";
import { NameFields } from "./NameFields.tsx";
import type { Create } from "./useCreate.ts";
import { Values } from "./Values.tsx";

interface Props {
  readonly create: Create;
  readonly said: Said | null;
  readonly busy: boolean;
  readonly passes: (first: number, last: number) => Promise<boolean>;
  readonly onCreate: () => void;
}

const PARTS = [Beginning, NameFields, Values];
const LAST = t.steps.length - 1;

export function Steps({ create, said, busy, passes, onCreate }: Props) {
  const [step, setStep] = useState(0);
  const title = useRef<HTMLHeadingElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    // Where the next step begins, a keyboard goes on.
    if (shown.current !== step) title.current?.focus();
    shown.current = step;
  }, [step]);
  const Part = PARTS[step];
  const name = t.steps[step] ?? "";
  const next = async () => {
    if (await passes(step, step)) setStep(step + 1);
  };
  return (
    <div className={styles.steps}>
      <div className={styles.where}>
        <ol className={styles.dots} aria-hidden>
          {t.steps.map((one, at) => (
            <li key={one} data-at={at === step} data-done={at < step} />
          ))}
        </ol>
        <h2 ref={title} tabIndex={-1}>
          {t.stepOf(step + 1, t.steps.length, name)}
        </h2>
      </div>
      {Part === undefined ? (
        <Finish create={create} said={said} busy={busy} onCreate={onCreate} />
      ) : (
        <>
          <Part create={create} />
          <Saying said={said} step={step} />
        </>
      )}
      <div className={styles.foot}>
        <Button
          variant="default"
          disabled={step === 0}
          onClick={() => {
            setStep(step - 1);
          }}
        >
          {t.back}
        </Button>
        {step === LAST ? (
          <Button loading={busy} onClick={onCreate}>
            {t.create}
          </Button>
        ) : (
          <Button onClick={() => void next()}>{t.next}</Button>
        )}
      </div>
    </div>
  );
}
