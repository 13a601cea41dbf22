// What this browser keeps: theme, density, whether single letters are commands.
import { Segments } from "@/components/Segments.tsx";
import { Switch, useMantineColorScheme } from "@mantine/core";
import type { ReactNode } from "react";

import { DENSITIES, useDensity, useLetters } from "@/components/preferences.ts";

import { t } from "./messages.en.ts";
import styles from "./SettingsScreen.module.css";

const THEMES = ["auto", "light", "dark"] as const;

export function PageTab() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [density, setDensity] = useDensity();
  const [letters, setLetters] = useLetters();
  return (
    <>
      <p className={styles.lead}>{t.pageLead}</p>
      <div className={styles.rows}>
        <Row name={t.theme}>
          <Segments
            label={t.theme}
            data={THEMES.map((value) => ({ value, label: t.themes[value] }))}
            value={colorScheme}
            onChange={setColorScheme}
          />
        </Row>
        <Row name={t.density} hint={t.densityHint}>
          <Segments
            label={t.density}
            data={DENSITIES.map((value) => ({ value, label: t.densities[value] }))}
            value={density}
            onChange={setDensity}
          />
        </Row>
        <Row name={t.letters} hint={t.lettersHint}>
          <Switch
            aria-label={t.letters}
            checked={letters}
            onChange={(event) => {
              setLetters(event.currentTarget.checked);
            }}
          />
        </Row>
      </div>
    </>
  );
}

interface RowProps {
  readonly name: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

function Row({ name, hint, children }: RowProps) {
  return (
    <div className={styles.row}>
      <div>
        <p className={styles.name}>{name}</p>
        {hint === undefined ? null : <p className={styles.hint}>{hint}</p>}
      </div>
      {children}
    </div>
  );
}
