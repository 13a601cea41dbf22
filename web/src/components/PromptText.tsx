// A prompt as the engine reads it, of whatever length, with its special tokens marked.
import type { ReactNode } from "react";

import { CodeText } from "./CodeText.tsx";
import styles from "./PromptText.module.css";

interface Props {
  readonly label: string;
  readonly prompt: string;
  readonly special: readonly Span[];
}

export function PromptText({ label, prompt, special }: Props) {
  return <CodeText className={styles.prompt} label={label} text={marked(prompt, special)} />;
}

interface Span {
  readonly begin: number;
  readonly end: number;
}

/** Special tokens stand out. Places are counted in characters, not in halves of them. */
function marked(prompt: string, spans: readonly Span[]): ReactNode {
  const characters = Array.from(prompt);
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { begin, end } of spans) {
    parts.push(characters.slice(at, begin).join(""));
    parts.push(<mark key={begin}>{characters.slice(begin, end).join("")}</mark>);
    at = end;
  }
  parts.push(characters.slice(at).join(""));
  return parts;
}
