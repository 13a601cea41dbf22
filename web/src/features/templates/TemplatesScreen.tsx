// `/templates`: every chat template there is, what it makes of a conversation, and one's own to write.
import { Button, Skeleton } from "@mantine/core";
import { IconChevronLeft, IconCopy, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";

import { asProblem } from "@/api/problem.ts";
import { aliasesQuery } from "@/api/queries.ts";
import { templatesQuery } from "@/api/templates.ts";
import { Clip, endOfName } from "@/components/Clip.tsx";
import { Notice, ProblemCard } from "@/components/Problems.tsx";
import { Screen } from "@/components/Screen.tsx";
import { t as words } from "@/messages.en.ts";

import { CodeField } from "./CodeField.tsx";
import { GROUPS, type Listed, listedTemplates } from "./groups.ts";
import { t } from "./messages.en.ts";
import { OwnEditor } from "./OwnEditor.tsx";
import { usePreview } from "./Preview.tsx";
import { ownQuery, textQuery } from "./store.ts";
import styles from "./TemplatesScreen.module.css";

const route = getRouteApi("/templates");

export function TemplatesScreen() {
  const { sel, from } = route.useSearch();
  const { data, error, refetch } = useQuery(templatesQuery);
  const rows = useQuery(aliasesQuery).data?.aliases ?? [];
  const problem = error === null ? null : asProblem(error);
  const listed = data === undefined ? [] : listedTemplates(data, rows);
  const selected = listed.find(({ name }) => name === sel);
  return (
    <Screen
      title={t.title}
      note={t.lead}
      aside={
        <Button
          leftSection={<IconPlus size={15} aria-hidden />}
          renderRoot={(props) => <Link to="/templates" search={{ from: "" }} {...props} />}
        >
          {t.newOne}
        </Button>
      }
    >
      {problem === null ? null : (
        <ProblemCard message={problem.message} remedy={problem.remedy}>
          <Button variant="default" onClick={() => void refetch()}>
            {words.retry}
          </Button>
        </ProblemCard>
      )}
      {data === undefined && problem === null ? <Loading /> : null}
      {data === undefined ? null : (
        <div className={styles.columns} data-open={from !== undefined || selected !== undefined}>
          <List listed={listed} sel={sel} />
          <div className={styles.side}>
            <Link to="/templates" className={styles.back}>
              <IconChevronLeft size={15} aria-hidden />
              {t.list}
            </Link>
            {from !== undefined ? (
              <NewOne key={from} from={from} />
            ) : selected === undefined ? (
              <p className={styles.none}>{t.choose}</p>
            ) : selected.group === "file" ? (
              <Own key={selected.name} listed={selected} />
            ) : (
              <Shown key={selected.name} listed={selected} />
            )}
          </div>
        </div>
      )}
    </Screen>
  );
}

function List({
  listed,
  sel,
}: {
  readonly listed: readonly Listed[];
  readonly sel?: string | undefined;
}) {
  return (
    <nav className={styles.list} aria-label={t.list}>
      {GROUPS.map((group) => {
        const some = listed.filter((one) => one.group === group);
        if (some.length === 0 && group !== "file") return null;
        return (
          <section key={group} aria-label={t.groups[group]}>
            <h2>{t.groups[group]}</h2>
            {some.length === 0 ? <p className={styles.none}>{t.ownNone}</p> : null}
            <ul>
              {some.map(({ name, label, users, item }) => (
                <li key={name}>
                  <Link
                    to="/templates"
                    search={{ sel: name }}
                    className={styles.item}
                    activeProps={{}}
                    aria-current={name === sel ? "true" : undefined}
                    data-selected={name === sel}
                  >
                    <span className={styles.label}>
                      <Clip text={label} keep={endOfName(label)} />
                    </span>
                    <span className={styles.users} data-wrong={item?.problem != null}>
                      {item?.problem != null
                        ? t.fails
                        : users.length === 0
                          ? null
                          : t.usedBy(users.length)}
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </nav>
  );
}

/** One that is read, and not written. */
function Shown({ listed }: { readonly listed: Listed }) {
  const { name, label, item } = listed;
  const { data, error } = useQuery(textQuery(name));
  const problem = error === null ? null : asProblem(error);
  const isBuiltIn = item?.origin === "builtin";
  const { preview } = usePreview({
    text: data?.text ?? "",
    name: isBuiltIn ? null : name,
    onGoTo: null,
  });
  return (
    <>
      <header className={styles.head}>
        <h2>{label}</h2>
        <Button
          variant="default"
          leftSection={<IconCopy size={15} aria-hidden />}
          renderRoot={(props) => <Link to="/templates" search={{ from: name }} {...props} />}
        >
          {t.copyIt}
        </Button>
      </header>
      <Facts listed={listed} />
      {problem === null ? null : <ProblemCard message={problem.message} remedy={problem.remedy} />}
      {data === undefined ? null : (
        <CodeField label={t.textOf(label)} value={data.text} wrongLine={null} isReadOnly />
      )}
      {preview}
    </>
  );
}

function Own({ listed }: { readonly listed: Listed }) {
  const { data, error } = useQuery({
    ...ownQuery(listed.label),
    // What somebody is typing is not taken away by another save: that one's etag refuses it.
    refetchOnWindowFocus: false,
  });
  const problem = error === null ? null : asProblem(error);
  return (
    <>
      <header className={styles.head}>
        <h2>{listed.label}</h2>
        <Button
          variant="default"
          leftSection={<IconCopy size={15} aria-hidden />}
          renderRoot={(props) => <Link to="/templates" search={{ from: listed.name }} {...props} />}
        >
          {t.copyIt}
        </Button>
      </header>
      <Facts listed={listed} />
      {problem === null ? null : <ProblemCard message={problem.message} remedy={problem.remedy} />}
      {data === undefined ? null : (
        <OwnEditor
          key={data.etag}
          own={data}
          begins={{ name: "", text: "" }}
          users={listed.users.length}
        />
      )}
    </>
  );
}

function NewOne({ from }: { readonly from: string }) {
  const { data, error } = useQuery({ ...textQuery(from), enabled: from !== "" });
  const problem = error === null ? null : asProblem(error);
  const begins =
    from === ""
      ? { name: "", text: t.begins }
      : data === undefined
        ? null
        : { name: t.copyName(from.replace("file:", "")), text: data.text };
  return (
    <>
      <header className={styles.head}>
        <h2>{t.newTitle}</h2>
      </header>
      {problem === null ? null : <ProblemCard message={problem.message} remedy={problem.remedy} />}
      {begins === null ? null : <OwnEditor own={null} begins={begins} users={0} />}
    </>
  );
}

function Facts({ listed }: { readonly listed: Listed }) {
  const { item, users } = listed;
  return (
    <dl className={styles.facts}>
      {item !== null && item.families.length > 0 ? (
        <div>
          <dt>{t.families}</dt>
          <dd>{item.families.join(", ")}</dd>
        </div>
      ) : null}
      {item !== null && item.special_tokens.length > 0 ? (
        <div>
          <dt>{t.tokens}</dt>
          <dd className={styles.tokens}>
            {item.special_tokens.map((token) => (
              <code key={token}>{token}</code>
            ))}
          </dd>
        </div>
      ) : null}
      {item !== null && item.named.length > 0 ? (
        <div>
          <dt>{t.named}</dt>
          <dd>{item.named.join(", ")}</dd>
        </div>
      ) : null}
      <div>
        <dt>{t.usedByTitle}</dt>
        <dd>
          {users.length === 0 ? t.usedByNone : null}
          {users.map((row) => (
            <Link key={row.id} to="/aliases/$id" params={{ id: row.id }} className={styles.user}>
              {row.name}
            </Link>
          ))}
        </dd>
      </div>
      {item?.problem == null ? null : (
        <div>
          <dt>{t.fails}</dt>
          <dd>
            <Notice text={item.problem} />
          </dd>
        </div>
      )}
    </dl>
  );
}

function Loading() {
  return (
    <div role="group" aria-busy aria-label={t.loading} className={styles.columns}>
      <Skeleton height={420} radius={8} />
      <Skeleton height={420} radius={8} />
    </div>
  );
}
