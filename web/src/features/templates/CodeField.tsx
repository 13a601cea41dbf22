// The text of a template: as tall as it is within reason, its wrong line marked.
import type { Ref } from "react";

import { NumberedText, type NumberedTextHandle } from "@/components/NumberedText.tsx";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly wrongLine: number | null;
  readonly isReadOnly?: boolean;
  readonly onChange?: (value: string) => void;
  readonly handle?: Ref<NumberedTextHandle>;
}

export function CodeField({ label, value, wrongLine, isReadOnly = false, ...more }: Props) {
  return (
    <NumberedText
      label={label}
      text={value}
      wrong={new Set([wrongLine])}
      invalid={wrongLine !== null}
      heightPx={heightOf(value.split("\n").length, isReadOnly)}
      readOnly={isReadOnly}
      onChange={(text) => {
        more.onChange?.(text);
      }}
      {...(more.handle === undefined ? {} : { handle: more.handle })}
    />
  );
}

const LINE_PX = 18;

/** What is typed in has room to grow. */
function heightOf(lines: number, isReadOnly: boolean): number {
  const least = isReadOnly ? 5 : 14;
  return (Math.min(Math.max(lines, least), 24) + 1) * LINE_PX;
}
