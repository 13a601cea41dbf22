// `/presets`: values for an intent, those that come along and one's own; `?edit=` changes one.
import { Button, Skeleton } from "@mantine/core";
import { IconDeviceFloppy, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";

import { asProblem } from "@/api/problem.ts";
import { paramsQuery, presetListQuery } from "@/api/queries.ts";
import type { Parameter, Preset } from "@/api/types.ts";
import { NameDialog } from "@/components/alias/NameDialog.tsx";
import { Notice, ProblemCard } from "@/components/Problems.tsx";
import { Screen } from "@/components/Screen.tsx";
import { t as words } from "@/messages.en.ts";

import { ImportDialog } from "./ImportDialog.tsx";
import { t } from "./messages.en.ts";
import { PresetCard, type PresetCommand } from "./PresetCard.tsx";
import { PresetEditor } from "./PresetEditor.tsx";
import styles from "./PresetsScreen.module.css";
import { SaveFromAlias } from "./SaveFromAlias.tsx";
import { usePresetActions } from "./usePresetActions.ts";

const route = getRouteApi("/presets");

const NO_PARAMS: readonly Parameter[] = [];

export function PresetsScreen() {
  const { edit } = route.useSearch();
  const { data, error, refetch } = useQuery(presetListQuery);
  const params = useQuery(paramsQuery(null)).data ?? NO_PARAMS;
  const problem = error === null ? null : asProblem(error);
  const edited = data?.presets.find(({ name }) => name === edit);
  return (
    <Screen
      title={edited?.title ?? t.title}
      above={
        edit === undefined ? undefined : (
          <>
            <Link to="/presets">{t.title}</Link>
            <span aria-hidden>{words.slash}</span>
          </>
        )
      }
      note={edit === undefined ? t.lead : undefined}
      aside={edit === undefined ? <Aside presets={data?.presets ?? []} params={params} /> : null}
    >
      {problem === null ? null : (
        <ProblemCard message={problem.message} remedy={problem.remedy}>
          <Button variant="default" onClick={() => void refetch()}>
            {words.retry}
          </Button>
        </ProblemCard>
      )}
      {data === undefined && problem === null ? <Loading /> : null}
      {data === undefined ? null : edit === undefined ? (
        <All presets={data.presets} problems={data.problems} params={params} />
      ) : edited?.source !== "own" ? (
        <ProblemCard message={edited === undefined ? t.noPreset : t.builtInStays} remedy={null} />
      ) : params.length === 0 ? (
        <Loading />
      ) : (
        <PresetEditor key={edited.name} preset={edited} params={params} />
      )}
    </Screen>
  );
}

interface AsideProps {
  readonly presets: readonly Preset[];
  readonly params: readonly Parameter[];
}

function Aside({ presets, params }: AsideProps) {
  const [open, setOpen] = useState<"import" | "save" | null>(null);
  const close = () => {
    setOpen(null);
  };
  const own = new Set(presets.filter(({ source }) => source === "own").map(({ name }) => name));
  return (
    <div className={styles.aside}>
      <Button
        variant="default"
        leftSection={<IconUpload size={15} aria-hidden />}
        onClick={() => {
          setOpen("import");
        }}
      >
        {t.importIt}
      </Button>
      <Button
        leftSection={<IconDeviceFloppy size={15} aria-hidden />}
        onClick={() => {
          setOpen("save");
        }}
      >
        {t.fromAlias}
      </Button>
      {open === "import" ? <ImportDialog onClose={close} /> : null}
      {open === "save" ? <SaveFromAlias params={params} taken={own} onClose={close} /> : null}
    </div>
  );
}

interface AllProps extends AsideProps {
  readonly problems: readonly string[];
}

function All({ presets, problems, params }: AllProps) {
  const actions = usePresetActions();
  const [asked, setAsked] = useState<{ command: PresetCommand; preset: Preset } | null>(null);
  const byKey = new Map(params.map((param) => [param.key, param]));
  const command = (wanted: PresetCommand, preset: Preset) => {
    if (wanted === "export") actions.exportIt(preset);
    else if (wanted === "delete") void actions.remove(preset);
    else setAsked({ command: wanted, preset });
  };
  const groups = [
    { title: t.own, some: presets.filter(({ source }) => source === "own") },
    { title: t.builtIn, some: presets.filter(({ source }) => source !== "own") },
  ];
  return (
    <>
      {problems.length === 0 ? null : (
        <details className={styles.problems}>
          <summary>
            <Notice text={t.problems(problems.length)} />
          </summary>
          <ul>
            {problems.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </details>
      )}
      {groups.map(({ title, some }) => (
        <section key={title} className={styles.group} aria-label={title}>
          <h2>{title}</h2>
          {some.length === 0 ? <p className={styles.none}>{t.ownNone}</p> : null}
          <div className={styles.cards}>
            {some.map((preset) => (
              <PresetCard key={preset.name} preset={preset} params={byKey} onCommand={command} />
            ))}
          </div>
        </section>
      ))}
      {asked === null ? null : (
        <AskName
          {...asked}
          onClose={() => {
            setAsked(null);
          }}
        />
      )}
    </>
  );
}

interface AskProps {
  readonly command: PresetCommand;
  readonly preset: Preset;
  readonly onClose: () => void;
}

function AskName({ command, preset, onClose }: AskProps) {
  const actions = usePresetActions();
  const renames = command === "rename";
  return (
    <NameDialog
      title={renames ? t.renameTitle(preset.title) : t.copyTitle(preset.title)}
      hint={renames ? t.renameHint : t.nameHint}
      suggestion={renames ? preset.name : t.copyName(preset.name)}
      verb={renames ? t.rename : t.save}
      onName={(name) => (renames ? actions.rename(preset, name) : actions.copy(preset, name))}
      onClose={onClose}
    />
  );
}

function Loading() {
  return (
    <div role="group" aria-busy aria-label={t.loading} className={styles.cards}>
      {[0, 1, 2, 3, 4, 5].map((card) => (
        <Skeleton key={card} height={170} radius={8} />
      ))}
    </div>
  );
}
