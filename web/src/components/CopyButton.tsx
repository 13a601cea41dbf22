// Copies a text, and says so in place and to screen readers.
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";

import { t } from "@/messages.en.ts";

import { announce } from "./announcer.ts";

const SHOWN_MS = 1600;

export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => {
      setCopied(false);
    }, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      announce(t.copied(what));
    } catch {
      announce(t.copyFailed);
    }
  };
  return (
    <Tooltip label={copied ? t.copied(what) : t.copy(what)}>
      <ActionIcon size={24} aria-label={t.copy(what)} onClick={() => void copy()}>
        {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      </ActionIcon>
    </Tooltip>
  );
}
