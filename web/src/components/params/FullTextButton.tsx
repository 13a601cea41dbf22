// Opens a long text on the whole screen, where the screen is small.
import { IconMaximize } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";

import { IconButton } from "@/components/IconButton.tsx";

import { t } from "./messages.en.ts";

const FullText = lazy(() => import("./FullText.tsx"));

interface Props {
  readonly label: string;
  readonly text: string;
  readonly isCode?: boolean;
  readonly disabled?: boolean;
  readonly onChange: (text: string) => void;
}

export function FullTextButton({ label, text, isCode = false, disabled, onChange }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <IconButton
        size={44}
        aria-label={t.fullScreen(label)}
        title={t.fullScreen(label)}
        aria-haspopup="dialog"
        disabled={disabled}
        onClick={() => {
          setOpen(true);
        }}
      >
        <IconMaximize size={17} stroke={1.7} />
      </IconButton>
      {isOpen ? (
        <Suspense fallback={null}>
          <FullText
            label={label}
            text={text}
            isCode={isCode}
            onChange={onChange}
            onClose={() => {
              setOpen(false);
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}
