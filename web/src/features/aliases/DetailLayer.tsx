// The details of one alias beside the list: a rail where there is room, else a sheet over it.
import { Drawer } from "@mantine/core";
import { useMediaQuery, useWindowEvent } from "@mantine/hooks";

import type { AliasRow } from "@/api/types.ts";
import type { AliasCommands } from "@/components/alias/useAliasCommands.tsx";
import { usePhone } from "@/components/usePhone.ts";
import { t } from "@/messages.en.ts";

import { AliasDetails } from "./AliasDetails.tsx";
import styles from "./DetailLayer.module.css";

const WIDE = "(min-width: 1100px)";
const LAYERS = "[role=dialog], [role=menu], [role=listbox], input, textarea";

interface Props {
  readonly row: AliasRow | null;
  readonly actions: AliasCommands;
  readonly onClose: () => void;
  /** Gives the focus back to the list, where the rail cannot know who opened it. */
  readonly onLeave: () => void;
}

export function DetailLayer({ row, actions, onClose, onLeave }: Props) {
  const phone = usePhone();
  const wide = useMediaQuery(WIDE, matchMedia(WIDE).matches, { getInitialValueInEffect: false });
  const leave = () => {
    onClose();
    onLeave();
  };
  useWindowEvent("keydown", (event) => {
    // Esc closes the top layer; whatever lies above the rail has its own.
    const elsewhere = event.target instanceof Element && event.target.closest(LAYERS) !== null;
    if (wide && row !== null && event.key === "Escape" && !elsewhere) leave();
  });
  if (wide) {
    return row === null ? null : (
      <aside className={styles.rail} aria-label={t.detail.label(row.name)}>
        <AliasDetails key={row.id} row={row} commands={actions} onClose={leave} />
      </aside>
    );
  }
  return (
    <Drawer
      opened={row !== null}
      onClose={onClose}
      position={phone ? "bottom" : "right"}
      size={phone ? "88dvh" : 460}
      withCloseButton={false}
      attributes={{ content: { "aria-label": row === null ? "" : t.detail.label(row.name) } }}
      classNames={{ content: styles.sheet ?? "", body: styles.body ?? "" }}
    >
      {row === null ? null : (
        <AliasDetails key={row.id} row={row} commands={actions} onClose={onClose} />
      )}
    </Drawer>
  );
}
