// Mine beside theirs: the draft and the alias as it is now, or two windows on one draft.
import { Modal } from "@mantine/core";

import type { Change } from "@/api/types.ts";
import { ChangeTable } from "@/components/alias/ChangeTable.tsx";

import { t as words } from "@/messages.en.ts";

import { t } from "./messages.en.ts";
import { Difference } from "./PublishDialog.tsx";

interface Props {
  /** Fields that differ between two windows; null to compare the draft with its alias. */
  readonly changes: readonly Change[] | null;
  readonly draft: { readonly id: string; readonly etag: string } | null;
  readonly onClose: () => void;
}

export default function DifferencesDialog({ changes, draft, onClose }: Props) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.differences}
      size={620}
      closeButtonProps={{ "aria-label": words.close }}
    >
      {changes !== null ? (
        <ChangeTable changes={changes} heads={[t.theirs, t.mine]} />
      ) : draft === null ? null : (
        <Difference draft={draft} />
      )}
    </Modal>
  );
}
