// A layer over the list with one parameter of one alias: beside the chip that was pressed, or from
// below on a phone.
import { Drawer, Popover, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { showDraft } from "@/api/drafts.ts";
import { asProblem } from "@/api/problem.ts";
import { aliasQuery, paramsQuery } from "@/api/queries.ts";
import type { AliasRow } from "@/api/types.ts";
import type { AliasCommands } from "@/components/alias/useAliasCommands.tsx";
import { settingsIn, settingsOf } from "@/components/params/edits.ts";
import { ProblemCard } from "@/components/Problems.tsx";
import { usePhone } from "@/components/usePhone.ts";

import { t } from "./messages.en.ts";
import { ModelValue } from "./ModelValue.tsx";
import styles from "./TuneLayer.module.css";
import { TunePane } from "./TunePane.tsx";

/** Where a layer was asked for, and for what. */
export interface Tuned {
  readonly id: string;
  readonly key: string;
  readonly opener: HTMLElement;
  readonly place: DOMRect;
}

interface Props {
  readonly tuned: Tuned;
  readonly row: AliasRow;
  readonly commands: AliasCommands;
  readonly onClose: () => void;
}

export default function TuneLayer({ tuned, row, commands, onClose }: Props) {
  const phone = usePhone();
  const body = <Body key={row.id} row={row} first={tuned.key} commands={commands} />;
  if (phone)
    return (
      <Drawer
        opened
        onClose={onClose}
        position="bottom"
        size="auto"
        withCloseButton={false}
        returnFocus={false}
        attributes={{ content: { "aria-label": t.title(row.name) } }}
        classNames={{ content: styles.sheet ?? "", body: styles.lower ?? "" }}
      >
        {body}
      </Drawer>
    );
  const { left, top, width, height } = tuned.place;
  return (
    <Popover
      opened
      onDismiss={onClose}
      position="bottom-start"
      width={420}
      shadow="md"
      radius={8}
      trapFocus
      middlewares={{ flip: true, shift: { padding: 8 } }}
    >
      <Popover.Target>
        <span aria-hidden className={styles.anchor} style={{ left, top, width, height }} />
      </Popover.Target>
      <Popover.Dropdown
        aria-label={t.title(row.name)}
        className={styles.body ?? ""}
        onKeyDown={(event) => {
          if (event.key === "Escape" && !event.defaultPrevented) onClose();
        }}
      >
        {body}
      </Popover.Dropdown>
    </Popover>
  );
}

interface BodyProps {
  readonly row: AliasRow;
  readonly first: string;
  readonly commands: AliasCommands;
}

/** What is needed before anything can be changed: the draft if there is one, bounds, what is below. */
function Body({ row, first, commands }: BodyProps): ReactNode {
  const detail = useQuery(aliasQuery(row.id));
  const params = useQuery(paramsQuery(row.error === null ? row.name : null));
  const start = useQuery({
    queryKey: ["tuning", row.id],
    queryFn: async () => {
      const draft = row.draft === null ? null : await showDraft(row.draft);
      const recipe = draft?.recipe ?? null;
      return { draft, settings: recipe === null ? settingsOf(row.set) : settingsIn(recipe) };
    },
    enabled: row.source === "user",
    staleTime: Infinity,
    gcTime: 0,
    structuralSharing: false,
  });
  const failed = detail.error ?? params.error ?? start.error;
  if (failed !== null) {
    const problem = asProblem(failed);
    return <ProblemCard message={problem.message} remedy={problem.remedy} />;
  }
  if (detail.data === undefined || params.data === undefined) return <Loading />;
  if (row.source === "model")
    return <ModelValue row={row} alias={detail.data} first={first} commands={commands} />;
  if (start.data === undefined) return <Loading />;
  return (
    <TunePane
      row={row}
      first={first}
      alias={detail.data}
      params={params.data}
      start={start.data}
      commands={commands}
    />
  );
}

function Loading() {
  return (
    <div role="group" aria-busy aria-label={t.loading} className={styles.loading}>
      <Skeleton height={28} radius={6} />
      <Skeleton height={64} radius={6} />
    </div>
  );
}
