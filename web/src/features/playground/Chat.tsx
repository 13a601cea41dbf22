// The conversation: what was asked, what was answered, and the field for what comes next.
import { Button } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import {
  type KeyboardEvent,
  memo,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";

import type { AliasRow } from "@/api/types.ts";
import { GrowingText } from "@/components/GrowingText.tsx";
import { Keys } from "@/components/Keys.tsx";
import { Notice } from "@/components/Problems.tsx";
import { toast } from "@/components/toast.ts";
import { usePhone } from "@/components/usePhone.ts";
import { chordName } from "@/lib/keys.ts";

import styles from "./Chat.module.css";
import type { Recipe } from "./Conversation.ts";
import { t } from "./messages.en.ts";
import { SystemPrompt } from "./SystemPrompt.tsx";
import { before, isAnswering, type Thread } from "./thread.ts";
import { AnswerTurn, QuestionTurn } from "./Turns.tsx";
import type { Config } from "./useConfig.ts";
import { type Talk, usePartOf } from "./useConversation.ts";

interface Props {
  readonly talk: Talk;
  readonly alias: string | null;
  readonly row: AliasRow | undefined;
  readonly config: Config | null;
  /** What would be sent is known. */
  readonly isReady: boolean;
  /** Why nothing can be asked at all. */
  readonly cannot: string | null;
}

export function Chat({ talk, alias, row, config, isReady, cannot }: Props) {
  const { conversation, shelf } = talk;
  const thread = usePartOf(conversation, wholeOf);
  const answering = isAnswering(thread);
  const wrong = cannot ?? wrongIn(config);
  const recipe: Recipe | null =
    alias === null || !isReady || wrong !== null
      ? null
      : { alias, edits: config?.edits ?? [], changes: config?.changed.size ?? 0 };
  const canSend = recipe !== null && !answering;
  const send = useCallback(
    (text: string) => {
      if (text.trim() === "" || answering || wrong !== null) return false;
      conversation.say(text);
      return true;
    },
    [conversation, answering, wrong],
  );
  const box = useRef<HTMLDivElement>(null);
  // The sample that had the focus goes; the answer comes in its place.
  const begin = (sample: string) => {
    if (send(sample)) box.current?.focus({ preventScroll: true });
  };
  // Also what was asked while the values that it goes with were still being read.
  useEffect(() => {
    if (recipe !== null) void conversation.answerSaid(recipe);
  });
  const edit = (id: string, text: string) => {
    if (!canSend) return;
    const { turns } = conversation.snapshot();
    const gone = turns.length - before(turns, id).length - 1;
    conversation.editQuestion(id, text);
    if (gone > 0)
      toast(t.gone(gone), {
        label: t.undoGone,
        run: () => {
          conversation.setTurns(turns);
        },
      });
  };
  const last = thread.turns.at(-1);
  return (
    <section className={styles.chat} aria-label={t.conversation}>
      <Scrolling box={box} follows={thread.turns}>
        <SystemPrompt key={thread.id} text={thread.system} onChange={conversation.setSystem} />
        {shelf.problem === null ? null : <Notice text={t[shelf.problem]} />}
        {thread.turns.map((turn) =>
          turn.role === "user" ? (
            <QuestionTurn key={turn.id} turn={turn} canSend={canSend} onEdit={edit} />
          ) : (
            <AnswerTurn
              key={turn.id}
              turn={turn}
              editor={row?.source === "user" ? row.id : null}
              isLast={turn.id === last?.id}
              canSend={canSend}
              onRetry={() => {
                if (recipe !== null) void conversation.retry(recipe);
              }}
              onGoOn={() => {
                if (recipe !== null) void conversation.goOn(recipe);
              }}
              onEdit={conversation.editAnswer}
            />
          ),
        )}
        {thread.turns.length === 0 && alias !== null ? <Samples onChoose={begin} /> : null}
      </Scrolling>
      <Composer wrong={wrong} isAnswering={answering} onSend={send} onStop={conversation.stop} />
    </section>
  );
}

function wholeOf(thread: Thread): Thread {
  return thread;
}

/** The first field whose text is no value: nothing is sent while it says something else than it shows. */
function wrongIn(config: Config | null): string | null {
  const [first] = config?.wrong ?? [];
  if (config === null || first === undefined) return null;
  const [key, why] = first;
  return t.wrong(config.params.find((param) => param.key === key)?.label ?? key, why);
}

interface ScrollingProps {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly follows: unknown;
  readonly children: ReactNode;
}

/** Stays at the end while it grows, unless somebody has scrolled up to read. */
function Scrolling({ box, follows, children }: ScrollingProps) {
  const sticks = useRef(true);
  useLayoutEffect(() => {
    if (sticks.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [box, follows]);
  return (
    <div
      ref={box}
      className={styles.turns}
      // What scrolls is within reach of the keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="group"
      aria-label={t.thread}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        sticks.current = scrollHeight - scrollTop - clientHeight < 60;
      }}
    >
      {children}
    </div>
  );
}

function Samples({ onChoose }: { readonly onChoose: (sample: string) => void }) {
  return (
    <div className={styles.samples}>
      <p>{t.samples}</p>
      {t.samplePrompts.map((sample) => (
        <button
          key={sample}
          type="button"
          onClick={() => {
            onChoose(sample);
          }}
        >
          {sample}
        </button>
      ))}
    </div>
  );
}

interface ComposerProps {
  readonly wrong: string | null;
  readonly isAnswering: boolean;
  /** Whether it was said: what was not stays in the field. */
  readonly onSend: (text: string) => boolean;
  readonly onStop: () => void;
}

const Composer = memo(function Composer(props: ComposerProps) {
  const phone = usePhone();
  const [prompt, setPrompt] = useState("");
  const send = () => {
    if (props.onSend(prompt)) setPrompt("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // On a phone Enter is the only way to a new line.
    const sends = event.metaKey || event.ctrlKey || (!phone && !event.shiftKey);
    if (event.key !== "Enter" || !sends || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <div className={styles.composer}>
      {props.wrong === null ? null : <Notice text={props.wrong} />}
      <div className={styles.ask}>
        <GrowingText
          className={styles.prompt ?? ""}
          size={phone ? "md" : "sm"}
          aria-label={t.prompt}
          placeholder={t.promptHint}
          least={phone ? 1 : 2}
          most={10}
          enterKeyHint={phone ? "enter" : "send"}
          value={prompt}
          onChange={(event) => {
            setPrompt(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
        />
        {props.isAnswering ? (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={15} />}
            onClick={props.onStop}
          >
            {t.stop}
          </Button>
        ) : (
          <Button
            leftSection={<IconPlayerPlay size={15} />}
            disabled={props.wrong !== null || prompt.trim() === ""}
            onClick={send}
          >
            {t.run}
          </Button>
        )}
      </div>
      {phone ? null : (
        <p className={styles.hint}>
          <Keys names={["Enter"]} />
          {t.orSend}
          <Keys names={[chordName(), "Enter"]} />
          {t.sends}
        </p>
      )}
    </div>
  );
});
