// "/" leads to the field that searches the screen, from wherever nobody is typing.
import { useWindowEvent } from "@mantine/hooks";
import type { RefObject } from "react";

import { isCommand } from "@/lib/keys.ts";

export function useSlash(field: RefObject<HTMLInputElement | null>): void {
  useWindowEvent("keydown", (event) => {
    if (event.key !== "/" || !isCommand(event)) return;
    event.preventDefault();
    field.current?.focus();
    field.current?.select();
  });
}
