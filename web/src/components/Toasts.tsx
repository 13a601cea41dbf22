// The corner where toasts stand. The live region says them, so they are no alerts themselves.
import { Button, CloseButton } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useEffect, useState, useSyncExternalStore } from "react";

import { t } from "@/messages.en.ts";

import { currentToasts, dismiss, subscribeToasts, type Toast } from "./toast.ts";
import styles from "./Toasts.module.css";

export function Toasts() {
  const toasts = useSyncExternalStore(subscribeToasts, currentToasts);
  return (
    <section className={styles.corner} aria-label={t.toasts}>
      {toasts.map((one) => (
        <OneToast key={one.id} toast={one} />
      ))}
    </section>
  );
}

function OneToast({ toast }: { readonly toast: Toast }) {
  const { id, stays, tone, text, action } = toast;
  // Nobody has to be quicker than a clock: it stops while the pointer or the focus is here.
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => {
      dismiss(id);
    }, stays);
    return () => {
      clearTimeout(timer);
    };
  }, [id, stays, held]);
  const hold = (now: boolean) => () => {
    setHeld(now);
  };
  return (
    // The pointer and the focus only stop the clock; nothing is done by them.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      role="group"
      aria-label={text}
      className={styles.toast}
      data-tone={tone}
      onMouseEnter={hold(true)}
      onMouseLeave={hold(false)}
      onFocus={hold(true)}
      onBlur={hold(false)}
    >
      {tone === "done" ? (
        <IconCheck size={16} aria-hidden />
      ) : (
        <IconAlertTriangle size={16} aria-hidden />
      )}
      <span>{text}</span>
      {action === null ? null : (
        <Button
          variant="default"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <CloseButton
        size="sm"
        aria-label={t.close}
        onClick={() => {
          dismiss(id);
        }}
      />
    </div>
  );
}
