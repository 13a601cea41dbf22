// What went wrong, what is out of date, and what is not there: said with what helps.
import { IconAlertTriangle, IconCloudOff, IconInbox } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { Command } from "./Command.tsx";
import styles from "./Problems.module.css";

interface ProblemProps {
  readonly title?: string;
  readonly message: string;
  readonly remedy: string | null;
  /** The line for the shell in the remedy. */
  readonly to_type?: string | null;
  readonly children?: ReactNode;
}

export function ProblemCard(props: ProblemProps) {
  const { title, message, remedy, to_type: command = null, children } = props;
  const help = withoutEnd(remedy, command);
  return (
    <div className={styles.card} role="alert">
      <IconAlertTriangle size={18} aria-hidden />
      <div className={styles.text}>
        {title === undefined ? null : <p className={styles.title}>{title}</p>}
        <p>{message}</p>
        {help === null ? null : <p className={styles.remedy}>{help}</p>}
        {command === null && children === undefined ? null : (
          <div className={styles.actions} data-row={command !== null}>
            {command === null ? null : <Command text={command} />}
            {children}
          </div>
        )}
      </div>
    </div>
  );
}

/** A command at the remedy's end stands below it instead, where it can be copied. */
function withoutEnd(remedy: string | null, command: string | null): string | null {
  if (remedy === null || command === null || !remedy.endsWith(command)) return remedy;
  return remedy.slice(0, -command.length).trimEnd();
}

export function StaleBanner(props: { readonly text: string; readonly children: ReactNode }) {
  return (
    <div className={styles.banner} role="alert">
      <IconCloudOff size={16} aria-hidden />
      <span>{props.text}</span>
      {props.children}
    </div>
  );
}

export function Notice({ text }: { readonly text: string }) {
  return (
    <div className={styles.banner}>
      <IconAlertTriangle size={16} aria-hidden />
      <span>{text}</span>
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}

export function EmptyCard({ title, text, children }: EmptyProps) {
  return (
    <div className={styles.empty}>
      <IconInbox size={28} stroke={1.5} aria-hidden />
      <p className={styles.emptyTitle}>{title}</p>
      <p className={styles.emptyText}>{text}</p>
      <div className={styles.emptyActions}>{children}</div>
    </div>
  );
}
