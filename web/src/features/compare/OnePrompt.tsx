// One question to every lane: answers side by side as they come, what differs, and which is best.
import { Button, Checkbox } from "@mantine/core";
import { useSessionStorage } from "@mantine/hooks";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useState } from "react";

import { GrowingText } from "@/components/GrowingText.tsx";
import { Scrolled } from "@/components/Scrolled.tsx";
import { usePhone } from "@/components/usePhone.ts";

import styles from "./CompareScreen.module.css";
import { LaneColumn } from "./LaneColumn.tsx";
import { SeedField, SystemField } from "./Fields.tsx";
import { letterAt } from "./lanes.ts";
import { t } from "./messages.en.ts";
import { drawSeed, messagesOf, seedIn } from "./seeds.ts";
import { useLaneRuns } from "./useLaneRuns.ts";

type Votes = Readonly<Record<string, number>>;

/** One vote from the one to the other; the first has none to take. */
function moved(votes: Votes, from: string | undefined, to: string | undefined): Votes {
  if (to === undefined || from === to) return votes;
  const taken = from === undefined ? votes : { ...votes, [from]: (votes[from] ?? 1) - 1 };
  return { ...taken, [to]: (taken[to] ?? 0) + 1 };
}

const NO_VOTES: Votes = {};

/** Votes between these lanes, whatever their order, as long as the window is open. */
function useVotes(said: readonly string[]) {
  const [all, setAll] = useSessionStorage<Readonly<Record<string, Votes>>>({
    key: "bodhi-votes",
    defaultValue: {},
    getInitialValueInEffect: false,
  });
  const lanes = JSON.stringify([...said].sort());
  const votes = Object.hasOwn(all, lanes) ? (all[lanes] ?? NO_VOTES) : NO_VOTES;
  return {
    votes,
    move: (from: string | undefined, to: string | undefined) => {
      setAll((before) => ({ ...before, [lanes]: moved(before[lanes] ?? NO_VOTES, from, to) }));
    },
  };
}

export function OnePrompt({ said }: { readonly said: readonly string[] }) {
  const phone = usePhone();
  const [prompt, setPrompt] = useState("");
  const [system, setSystem] = useState("");
  const [seed, setSeed] = useState(drawSeed);
  const [marks, setMarks] = useState(false);
  const { votes, move } = useVotes(said);
  const [best, setBest] = useState<number | null>(null);
  const { runs, isRunning, start, stop } = useLaneRuns(said);
  const canRun = prompt.trim() !== "" && seedIn(seed) !== null && !isRunning;
  const run = () => {
    const number = seedIn(seed);
    if (!canRun || number === null) return;
    setBest(null);
    void start(messagesOf(system, prompt), number);
  };
  const vote = (lane: number) => {
    // A vote can be moved until the next question.
    move(said[best ?? -1], said[lane]);
    setBest(lane);
  };
  const longest = Math.max(1, ...runs.map((one) => one?.trial.timings?.duration_ms ?? 0));
  const lanes = (
    <div className={styles.columns} data-lanes={said.length}>
      {said.map((one, at) => (
        <LaneColumn
          key={at}
          place={at}
          said={one}
          run={runs[at] ?? null}
          against={marks && at > 0 ? (runs[0]?.trial.text ?? null) : null}
          longestMs={longest}
          isBest={best === at}
          onVote={() => {
            vote(at);
          }}
        />
      ))}
    </div>
  );
  return (
    <div className={styles.one}>
      <div className={styles.ask}>
        <div className={styles.questions}>
          <GrowingText
            label={t.prompt}
            placeholder={t.promptHint}
            least={2}
            most={10}
            value={prompt}
            onChange={(event) => {
              setPrompt(event.currentTarget.value);
            }}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              run();
            }}
          />
          <SystemField text={system} onChange={setSystem} />
        </div>
        <div className={styles.controls}>
          <SeedField text={seed} onChange={setSeed} />
          {isRunning ? (
            <Button variant="default" leftSection={<IconPlayerStop size={15} />} onClick={stop}>
              {t.stop}
            </Button>
          ) : (
            <Button leftSection={<IconPlayerPlay size={15} />} disabled={!canRun} onClick={run}>
              {t.run}
            </Button>
          )}
        </div>
      </div>
      <div className={styles.tools}>
        <Checkbox
          size="xs"
          label={t.words}
          checked={marks}
          onChange={(event) => {
            setMarks(event.currentTarget.checked);
          }}
        />
        <span className={styles.lead} role="group" aria-label={t.votesLabel}>
          {t.votesLabel}
          {said.map((one, at) => (
            <span key={at}>{t.votes(letterAt(at), votes[one] ?? 0)}</span>
          ))}
        </span>
      </div>
      {phone ? (
        <Scrolled className={styles.pages} label={t.lanes}>
          {lanes}
        </Scrolled>
      ) : (
        lanes
      )}
    </div>
  );
}
