// Which thread is shown, the others, and what can be done with it.
import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconDots, IconMessages, IconPlus } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";

import { toast } from "@/components/toast.ts";
import { NameDialog } from "@/components/alias/NameDialog.tsx";
import { saveFile } from "@/lib/saveFile.ts";

import { t } from "./messages.en.ts";
import { keepThread, removeThread } from "./shelf.ts";
import { asJson, asMarkdown, isEmpty, titleOf } from "./thread.ts";
import styles from "./ThreadBar.module.css";
import { type Talk, usePartOf } from "./useConversation.ts";

const ThreadsDialog = lazy(() => import("./ThreadsDialog.tsx"));

interface Props {
  readonly talk: Talk;
  readonly onOpen: (id: string) => void;
  readonly onBegin: () => void;
}

type Layer = "threads" | "name" | null;

export function ThreadBar({ talk, onOpen, onBegin }: Props) {
  const [layer, setLayer] = useState<Layer>(null);
  const { conversation } = talk;
  const title = usePartOf(conversation, titleOf) || t.untitled;
  const cannot = usePartOf(conversation, isEmpty);
  const close = () => {
    setLayer(null);
  };
  const remove = () => {
    conversation.discard();
    const gone = conversation.snapshot();
    removeThread(gone.id);
    onBegin();
    toast(t.removed(titleOf(gone)), {
      label: t.undoGone,
      run: () => {
        keepThread(gone);
        onOpen(gone.id);
      },
    });
  };
  return (
    <div className={styles.bar}>
      <Button
        variant="subtle"
        className={styles.threads ?? ""}
        leftSection={<IconMessages size={16} stroke={1.7} />}
        aria-haspopup="dialog"
        title={title}
        onClick={() => {
          setLayer("threads");
        }}
      >
        {title}
      </Button>
      <ActionIcon aria-label={t.newThread} title={t.newThread} onClick={onBegin}>
        <IconPlus size={17} stroke={1.7} />
      </ActionIcon>
      <Menu position="bottom-end" shadow="md" width={200}>
        <Menu.Target>
          <ActionIcon aria-label={t.more} title={t.more} disabled={cannot}>
            <IconDots size={17} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            onClick={() => {
              setLayer("name");
            }}
          >
            {t.rename}
          </Menu.Item>
          <Menu.Item
            onClick={() => {
              saveFile(
                `${t.fileName}.md`,
                asMarkdown(conversation.snapshot(), t.heads),
                "text/markdown",
              );
            }}
          >
            {t.exportMarkdown}
          </Menu.Item>
          <Menu.Item
            onClick={() => {
              saveFile(`${t.fileName}.json`, asJson(conversation.snapshot()), "application/json");
            }}
          >
            {t.exportJson}
          </Menu.Item>
          <Menu.Item data-danger onClick={remove}>
            {t.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense fallback={null}>
        {layer === "threads" ? (
          <ThreadsDialog
            shelf={talk.shelf}
            current={conversation.snapshot().id}
            onOpen={onOpen}
            onClose={close}
          />
        ) : null}
        {layer === "name" ? (
          <NameDialog
            title={t.renameTitle}
            hint={t.renameHint}
            suggestion={titleOf(conversation.snapshot())}
            verb={t.rename}
            onName={(name) => {
              conversation.rename(name);
              return Promise.resolve();
            }}
            onClose={close}
          />
        ) : null}
      </Suspense>
    </div>
  );
}
