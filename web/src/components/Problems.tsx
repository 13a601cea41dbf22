// What went wrong, what is out of date, and what is not there: said with what helps.
import { IconAlertTriangle, IconCloudOff, IconInbox } from "@tabler/icons-react";
import type { ReactNode } from "react";

import styles from "./Problems.module.css";

interface ProblemProps {
  readonly title?: string;
  readonly message: string;
  readonly remedy: string | null;
  readonly children?: ReactNode;
}

export function ProblemCard({ title, message, remedy, children }: ProblemProps) {
  return (
    <div className={styles.card} role="alert">
      <IconAlertTriangle size={18} aria-hidden />
      <div className={styles.text}>
        {title === undefined ? null : <p className={styles.title}>{title}</p>}
        <p>{message}</p>
        {remedy === null ? null : <p className={styles.remedy}>{remedy}</p>}
        {children === undefined ? null : <div className={styles.actions}>{children}</div>}
      </div>
    </div>
  );
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
