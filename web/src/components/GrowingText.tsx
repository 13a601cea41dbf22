// A field for text of several lines, as high as its text. The browser sees to that; scripts that do
// it measure every such field, and with it the whole page, at every drawing.
import { Textarea, type TextareaProps } from "@mantine/core";
import type { Ref } from "react";

import styles from "./GrowingText.module.css";

interface Props extends Omit<
  TextareaProps,
  "autosize" | "minRows" | "maxRows" | "rows" | "resize" | "classNames" | "styles"
> {
  readonly ref?: Ref<HTMLTextAreaElement>;
  /** Lines that there is room for with no text in it. */
  readonly least?: number;
  /** Lines beyond which it scrolls; without it, it grows for ever. */
  readonly most?: number;
}

export function GrowingText({ least = 1, most, ...others }: Props) {
  const lines = { "--least": least, "--most": most ?? "infinity" };
  return (
    <Textarea
      {...others}
      rows={least}
      classNames={{ input: styles.input ?? "" }}
      styles={{ input: lines }}
    />
  );
}
