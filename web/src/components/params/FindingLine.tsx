// One thing that is odd about a parameter, with the click that mends it.
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle, IconXboxX } from "@tabler/icons-react";

import type { Finding } from "@/api/types.ts";

import styles from "./FindingLine.module.css";

type Fix = NonNullable<Finding["fix"]>;

interface Props {
  readonly severity: Finding["severity"];
  readonly message: string;
  readonly fix?: { readonly label: string; readonly run: () => void } | null;
  readonly id?: string;
}

export function FindingLine({ severity, message, fix, id }: Props) {
  return (
    <p className={styles.line} data-severity={severity} id={id}>
      <Mark severity={severity} />
      <span>{message}</span>
      {fix === undefined || fix === null ? null : (
        <Button className={styles.fix ?? ""} variant="default" onClick={fix.run}>
          {fix.label}
        </Button>
      )}
    </p>
  );
}

interface OfServer {
  readonly finding: Finding;
  readonly onFix: (fix: Fix) => void;
}

export function ServerFinding({ finding, onFix }: OfServer) {
  const { fix } = finding;
  return (
    <FindingLine
      severity={finding.severity}
      message={finding.message}
      fix={
        fix === null
          ? null
          : {
              label: fix.label,
              run: () => {
                onFix(fix);
              },
            }
      }
    />
  );
}

function Mark({ severity }: { readonly severity: Finding["severity"] }) {
  if (severity === "error") return <IconXboxX size={15} aria-hidden />;
  if (severity === "warning") return <IconAlertTriangle size={15} aria-hidden />;
  return <IconInfoCircle size={15} aria-hidden />;
}
