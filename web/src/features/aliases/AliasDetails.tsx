// One alias in full: what it is, which values apply and why, how its name is resolved, its file.
import { ActionIcon, Button, Skeleton, Tabs, Tooltip } from "@mantine/core";
import { IconArrowsDiagonal, IconPlayerPlay, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { aliasQuery } from "@/api/queries.ts";
import type { AliasDetail, AliasRow } from "@/api/types.ts";
import { AliasMenu } from "@/components/alias/AliasMenu.tsx";
import { t as words } from "@/components/alias/messages.en.ts";
import type { AliasCommands } from "@/components/alias/useAliasCommands.tsx";
import { useVisit } from "@/components/recent.ts";
import { CopyButton } from "@/components/CopyButton.tsx";
import { Failed } from "@/components/Failed.tsx";
import { SourceMark, StateBadge } from "@/components/Marks.tsx";
import { Notice, ProblemCard } from "@/components/Problems.tsx";
import { t } from "@/messages.en.ts";

import styles from "./AliasDetails.module.css";
import { Facts } from "./Facts.tsx";
import { ResolutionPanel } from "./ResolutionPanel.tsx";
import { SourcePanel } from "./SourcePanel.tsx";
import { UsagePanel } from "./UsagePanel.tsx";
import { UsePanel } from "./UsePanel.tsx";
import { ValuesPanel } from "./ValuesPanel.tsx";
import { VersionsPanel } from "./VersionsPanel.tsx";

interface Props {
  readonly row: AliasRow;
  readonly commands: AliasCommands;
  readonly onClose: () => void;
}

/** Head and panels, for the rail and the sheet. */
export function AliasDetails({ row, commands, onClose }: Props) {
  useVisit(row.id);
  return (
    <div className={styles.details}>
      <header className={styles.head}>
        <div className={styles.title}>
          {/* A sheet that opens puts the focus here, not on a button. */}
          <h2 tabIndex={-1} data-autofocus>
            {row.name}
          </h2>
          <CopyButton text={row.name} what={t.detail.asked} />
        </div>
        <Tooltip label={t.detail.openPage}>
          <ActionIcon
            renderRoot={(props) => <Link to="/aliases/$id" params={{ id: row.id }} {...props} />}
            aria-label={t.detail.openPage}
          >
            <IconArrowsDiagonal size={16} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <ActionIcon aria-label={t.close} onClick={onClose}>
          <IconX size={18} stroke={1.7} />
        </ActionIcon>
        <div className={styles.marks}>
          <SourceMark source={row.source} />
          <StateBadge state={row.state} />
          <span className={styles.buttons}>
            <AliasButtons row={row} commands={commands} />
          </span>
        </div>
      </header>
      <div className={styles.scroll}>
        <Troubles row={row} />
        <Facts row={row} />
        <DetailTabs id={row.id} name={row.name} />
      </div>
    </div>
  );
}

/** Try, edit or make one's own, and everything else in a menu. */
export function AliasButtons({ row, commands }: Omit<Props, "onClose">) {
  const run = (act: (row: AliasRow) => void) => () => {
    act(row);
  };
  return (
    <>
      <Button
        leftSection={<IconPlayerPlay size={15} aria-hidden />}
        disabled={row.state === "error"}
        onClick={run(commands.tryIt)}
      >
        {t.detail.tryIt}
      </Button>
      <Button variant="default" onClick={run(commands.edit)}>
        {row.source === "user" ? words.edit : words.createCustom}
      </Button>
      <AliasMenu row={row} commands={commands} />
    </>
  );
}

/** Why the alias cannot serve, and what else should be known. */
export function Troubles({ row }: { readonly row: AliasRow }) {
  return (
    <>
      {row.error === null ? null : <Trouble row={row} error={row.error} />}
      {row.findings
        .filter((finding) => finding.severity !== "info")
        .map((finding) => (
          <Notice key={finding.code} text={finding.message} />
        ))}
    </>
  );
}

interface TroubleProps {
  readonly row: AliasRow;
  readonly error: NonNullable<AliasRow["error"]>;
}

/** Where the model file is not here, with the way to another. */
function Trouble({ row, error }: TroubleProps) {
  if (error.code !== "model_file_missing") return <ProblemCard title={t.states.error} {...error} />;
  return (
    <ProblemCard title={t.states.error} {...error}>
      <Button
        variant="default"
        renderRoot={(props) => (
          <Link
            to="/aliases/$id/edit"
            params={{ id: row.id }}
            search={{ param: "model" }}
            {...props}
          />
        )}
      >
        {t.detail.pickFile}
      </Button>
    </ProblemCard>
  );
}

/** The panels of what only the detail answer holds. */
export function DetailTabs({ id, name }: { readonly id: string; readonly name: string }) {
  const query = useQuery(aliasQuery(id));
  const panel = (draw: (detail: AliasDetail) => ReactNode) => {
    if (query.data !== undefined) return draw(query.data);
    if (!query.isError) return <Loading />;
    return (
      <div className={styles.failed}>
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      </div>
    );
  };
  return (
    <Tabs defaultValue="values" keepMounted={false} className={styles.tabs ?? ""}>
      <Tabs.List aria-label={t.detail.tabsLabel}>
        <Tabs.Tab value="values">{t.detail.tabs.values}</Tabs.Tab>
        <Tabs.Tab value="path">{t.detail.tabs.path}</Tabs.Tab>
        <Tabs.Tab value="usage">{t.detail.tabs.usage}</Tabs.Tab>
        <Tabs.Tab value="versions">{t.detail.tabs.versions}</Tabs.Tab>
        <Tabs.Tab value="use">{t.detail.tabs.use}</Tabs.Tab>
        <Tabs.Tab value="source">{t.detail.tabs.source}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="values">
        {panel((detail) => (
          <ValuesPanel alias={detail} />
        ))}
      </Tabs.Panel>
      <Tabs.Panel value="path">
        {panel((detail) => (
          <ResolutionPanel trace={detail.resolution} />
        ))}
      </Tabs.Panel>
      <Tabs.Panel value="usage">
        <UsagePanel id={id} />
      </Tabs.Panel>
      <Tabs.Panel value="versions">
        {panel((detail) => (
          <VersionsPanel alias={detail} />
        ))}
      </Tabs.Panel>
      <Tabs.Panel value="use">
        {panel((detail) => (
          <UsePanel alias={detail} />
        ))}
      </Tabs.Panel>
      <Tabs.Panel value="source">
        {panel((detail) => (
          <SourcePanel name={name} source={detail.source} text={detail.source_text} />
        ))}
      </Tabs.Panel>
    </Tabs>
  );
}

function Loading() {
  return (
    <div role="group" aria-busy aria-label={t.detail.loading} className={styles.loading}>
      {[0, 1, 2, 3, 4].map((line) => (
        <Skeleton key={line} height={28} radius={6} />
      ))}
    </div>
  );
}
