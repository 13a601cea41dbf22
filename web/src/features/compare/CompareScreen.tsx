// `/compare`: one question, or a set of them, to two to four recipes at once.
import { ActionIcon, Button } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";

import { aliasesQuery } from "@/api/queries.ts";
import { reached } from "@/api/reached.ts";
import { EmptyCard, ProblemCard } from "@/components/Problems.tsx";
import { Screen } from "@/components/Screen.tsx";
import { Segments } from "@/components/Segments.tsx";
import { t as words } from "@/messages.en.ts";

import styles from "./CompareScreen.module.css";
import { LanePicker } from "./LanePicker.tsx";
import { type Letter, letterAt, LETTERS } from "./lanes.ts";
import { t } from "./messages.en.ts";
import { OnePrompt } from "./OnePrompt.tsx";
import { ParamDifference } from "./ParamDifference.tsx";
import { SetPane } from "./SetPane.tsx";
import { useSides } from "./useSides.ts";

const route = getRouteApi("/compare");
const FEWEST = 2;
const MODES = ["one", "set"] as const;

export function CompareScreen() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const said = LETTERS.flatMap((letter) => {
    const one = search[letter];
    return one === undefined ? [] : [one];
  });
  const [mode, setMode] = useState<(typeof MODES)[number]>("one");
  const sides = useSides(said);
  const choose = (lanes: readonly string[]) => {
    const next: Partial<Record<Letter, string>> = {};
    for (const [at, letter] of LETTERS.entries()) {
      const lane = lanes[at];
      if (lane !== undefined) next[letter] = lane;
    }
    void navigate({ search: next, replace: true });
  };
  // An empty lane to choose in, until there are two.
  const shown = [...said, ...Array<string>(Math.max(0, FEWEST - said.length)).fill("")];
  return (
    <Screen title={t.title} note={t.lead}>
      <div className={styles.all} data-lanes={shown.length}>
        <div className={styles.lanes} role="group" aria-label={t.title}>
          {shown.map((one, at) => (
            <div key={at} className={styles.pick} data-lane={LETTERS[at]}>
              <span className={styles.letter} aria-hidden>
                {letterAt(at)}
              </span>
              <LanePicker
                letter={letterAt(at)}
                said={one}
                onChoose={(next) => {
                  choose([...said.slice(0, at), next, ...said.slice(at + 1)]);
                }}
              />
              {said.length > FEWEST ? (
                <ActionIcon
                  aria-label={t.removeLane(letterAt(at))}
                  title={t.removeLane(letterAt(at))}
                  onClick={() => {
                    choose(said.filter((_, place) => place !== at));
                  }}
                >
                  <IconX size={15} />
                </ActionIcon>
              ) : null}
            </div>
          ))}
        </div>
        {said.length >= FEWEST && said.length < LETTERS.length ? (
          <AddLane
            said={said}
            onAdd={(next) => {
              choose([...said, next]);
            }}
          />
        ) : null}
        {sides.problem === null ? null : (
          <ProblemCard message={sides.problem.message} remedy={sides.problem.remedy}>
            <Button variant="default" onClick={sides.retry}>
              {words.retry}
            </Button>
          </ProblemCard>
        )}
        {said.length < FEWEST ? (
          <Nearest said={said} onChoose={choose} />
        ) : (
          <>
            <ParamDifference said={said} sides={sides} />
            <Segments
              className={styles.mode}
              label={t.modesLabel}
              data={MODES.map((value) => ({ value, label: t.modes[value] }))}
              value={mode}
              onChange={setMode}
            />
            {/* Both stay: what was asked is not lost by looking at the other. */}
            <div hidden={mode !== "one"}>
              <OnePrompt said={said} />
            </div>
            <div hidden={mode !== "set"}>
              <SetPane said={said} />
            </div>
          </>
        )}
      </div>
    </Screen>
  );
}

function AddLane({
  said,
  onAdd,
}: {
  readonly said: readonly string[];
  readonly onAdd: (next: string) => void;
}) {
  const { data } = useQuery(aliasesQuery);
  const next = reached(data?.aliases ?? []).find((row) => !said.includes(row.name));
  return (
    <Button
      variant="default"
      className={styles.add ?? ""}
      leftSection={<IconPlus size={15} />}
      disabled={next === undefined}
      onClick={() => {
        if (next !== undefined) onAdd(next.name);
      }}
    >
      {t.addLane}
    </Button>
  );
}

/** With one chosen: those on the same model file are what one compares first. */
function Nearest({
  said,
  onChoose,
}: {
  readonly said: readonly string[];
  readonly onChoose: (lanes: readonly string[]) => void;
}) {
  const { data } = useQuery(aliasesQuery);
  const rows = reached(data?.aliases ?? []);
  const [first] = said;
  const own = rows.find((row) => row.name === first);
  const near = rows
    .filter((row) => row !== own && row.source === "user")
    .sort((a, b) => nearness(b, own) - nearness(a, own))
    .slice(0, 3);
  return (
    <EmptyCard title={t.title} text={t.chooseTwo}>
      {first === undefined
        ? null
        : near.map(({ name }) => (
            <Button
              key={name}
              variant="default"
              onClick={() => {
                onChoose([first, name]);
              }}
            >
              {t.nearest(name)}
            </Button>
          ))}
    </EmptyCard>
  );
}

interface Placed {
  readonly filename: string | null;
  readonly family: string | null;
}

function nearness(row: Placed, own: Placed | undefined): number {
  if (own === undefined) return 0;
  return 2 * Number(row.filename === own.filename) + Number(row.family === own.family);
}
