// A long text on the whole of a small screen, as it is typed.
import { Button, Modal, Textarea } from "@mantine/core";

import { useFocusBack } from "@/components/useFocusBack.ts";
import { t as words } from "@/messages.en.ts";

import styles from "./FullText.module.css";
import { t } from "./messages.en.ts";

interface Props {
  readonly label: string;
  readonly text: string;
  readonly isCode: boolean;
  readonly onChange: (text: string) => void;
  readonly onClose: () => void;
}

export default function FullText({ label, text, isCode, onChange, onClose }: Props) {
  useFocusBack();
  return (
    <Modal
      opened
      fullScreen
      closeButtonProps={{ "aria-label": words.close }}
      title={label}
      onClose={onClose}
      classNames={CLASSES}
    >
      <Textarea
        data-autofocus
        aria-label={label}
        classNames={{
          root: styles.field ?? "",
          wrapper: styles.field ?? "",
          input: styles.text ?? "",
        }}
        data-code={isCode}
        spellCheck={!isCode}
        value={text}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      />
      <Button onClick={onClose}>{t.done}</Button>
    </Modal>
  );
}

const CLASSES = { content: styles.content ?? "", body: styles.body ?? "" };
