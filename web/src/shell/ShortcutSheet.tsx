// "?": every key that does something.
import { Modal } from "@mantine/core";

import { Keys } from "@/components/Keys.tsx";
import { chordName } from "@/lib/keys.ts";
import { t } from "@/messages.en.ts";

import { LETTERS } from "./places.ts";
import styles from "./ShortcutSheet.module.css";

const ROWS: readonly (readonly [string, readonly string[]])[] = [
  [t.keys.palette, [chordName(), "K"]],
  [t.keys.search, ["/"]],
  [t.keys.rows, ["j", "k", "↓", "↑"]],
  [t.keys.ends, ["Home", "End"]],
  [t.keys.fold, ["←", "→"]],
  [t.keys.open, ["Enter"]],
  [t.keys.tryIt, ["t"]],
  [t.keys.edit, ["e"]],
  [t.keys.clone, ["c"]],
  [t.keys.tune, ["v"]],
  [t.keys.mark, ["x"]],
  [t.keys.remove, ["Del"]],
  [t.keys.go, ["g", ...LETTERS]],
  [t.keys.run, [chordName(), "Enter"]],
  [t.keys.alias, [chordName(), "J"]],
  [t.keys.undo, [chordName(), "Z"]],
  [t.keys.redo, [chordName(), "Y"]],
  [t.keys.publish, [chordName(), "S"]],
  [t.keys.findings, ["[", "]"]],
  [t.keys.close, ["Esc"]],
  [t.keys.help, ["?"]],
];

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export default function ShortcutSheet({ opened, onClose }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t.keys.title}
      returnFocus={false}
      size={420}
      closeButtonProps={{ "aria-label": t.close }}
    >
      <dl className={styles.keys}>
        {ROWS.map(([what, names]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              <Keys names={names} />
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
