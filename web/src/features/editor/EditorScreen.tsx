// `/aliases/{id}/edit`: a draft of an alias; what is right is published, nothing else is changed.
import { useWindowEvent } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import {
  lazy,
  Suspense,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";

import { paramsQuery } from "@/api/queries.ts";
import type { Parameter } from "@/api/types.ts";
import { AliasFailed } from "@/components/alias/AliasFailed.tsx";
import { Failed } from "@/components/Failed.tsx";
import { ParamGroups, type ParamGroupsHandle } from "@/components/params/ParamGroups.tsx";
import { Notice, ProblemCard } from "@/components/Problems.tsx";
import { Screen } from "@/components/Screen.tsx";
import { t as words } from "@/messages.en.ts";

import { BasicsCard } from "./Basics.tsx";
import { Conflict } from "./Conflict.tsx";
import { EditorButtons } from "./EditorButtons.tsx";
import styles from "./EditorScreen.module.css";
import { EditorStatus } from "./EditorStatus.tsx";
import { Errors } from "./Errors.tsx";
import { OTHERS } from "./errors.ts";
import { type Loaded, loadedQuery } from "./loaded.ts";
import { Loading } from "./Loading.tsx";
import { t } from "./messages.en.ts";
import { Sections } from "./Sections.tsx";
import { OtherArguments } from "./OtherArguments.tsx";
import { PresetChips } from "./PresetChips.tsx";
import { ReferencePicker, useReference } from "./Reference.tsx";
import { useEditor } from "./useEditor.ts";

const Dock = lazy(() => import("./dock/Dock.tsx"));

const route = getRouteApi("/aliases/$id/edit");

export function EditorScreen() {
  const { id } = route.useParams();
  const loaded = useQuery(loadedQuery(id));
  const alias = loaded.data?.alias;
  const params = useQuery({
    // Of a model file that is not here nobody knows bounds; the engine's are shown.
    ...paramsQuery(alias === undefined || alias.model === null ? null : alias.name),
    enabled: alias !== undefined,
  });
  if (alias?.source === "model")
    return (
      <Frame id={id} title={alias.name}>
        <Notice text={t.readOnly} />
      </Frame>
    );
  if (loaded.data !== undefined && params.data !== undefined)
    return <EditorOf key={id} loaded={loaded.data} params={params.data} />;
  const failed = [loaded, params].find(({ isError }) => isError);
  return (
    <Frame id={id} title={alias?.name ?? id}>
      {failed === undefined ? (
        <Loading />
      ) : (
        <AliasFailed error={failed.error} onRetry={() => void failed.refetch()} />
      )}
    </Frame>
  );
}

interface EditorProps {
  readonly loaded: Loaded;
  readonly params: readonly Parameter[];
}

function EditorOf({ loaded, params }: EditorProps) {
  const editor = useEditor(loaded, params);
  const [saysErrors, setSaysErrors] = useState(false);
  const groups = useRef<ParamGroupsHandle>(null);
  const { param } = route.useSearch();
  const calm = useDeferredValue(editor);
  const { alias, store, sync } = editor;
  const reference = useReference(alias.id);
  const go = useCallback((key: string | null) => {
    if (key === "alias") document.getElementById("basic-alias")?.focus();
    else if (key === "model") document.getElementById("basic-model")?.focus();
    else if (key === OTHERS) document.getElementById(OTHERS)?.focus();
    else if (key !== null) groups.current?.goTo(key);
  }, []);
  useEffect(() => {
    if (param !== undefined) go(param);
  }, [param, go]);
  return (
    <Frame
      id={alias.id}
      title={alias.name}
      note={<EditorStatus editor={editor} onGo={go} />}
      aside={
        <EditorButtons
          editor={editor}
          onErrors={(key) => {
            setSaysErrors(true);
            go(key);
          }}
          sections={<Sections params={params} onOpen={(group) => groups.current?.open(group)} />}
        />
      }
    >
      <Conflict editor={editor} />
      {saysErrors && editor.errors.length > 0 ? <Errors errors={editor.errors} onGo={go} /> : null}
      {sync.problem === null ? null : (
        <Failed error={sync.problem} onRetry={() => void store.sync.flush()} />
      )}
      {alias.error === null ? null : <ProblemCard title={words.states.error} {...alias.error} />}
      {editor.isUnreadable ? <Notice text={t.unreadable} /> : null}
      {alias.model === null ? <Notice text={t.generic} /> : null}
      <div className={styles.columns}>
        <div className={styles.form}>
          <BasicsCard editor={editor} />
          <PresetChips editor={calm} />
          <OtherArguments editor={editor} />
          <ReferencePicker chosen={reference.id} own={alias.id} onChoose={reference.choose} />
          <ParamGroups
            handle={groups}
            params={params}
            settings={editor.recipe.settings}
            below={editor.below}
            findings={editor.findings}
            changed={editor.changed}
            disabled={editor.isUnreadable}
            reference={reference.values}
            onChange={store.change}
            onFix={store.fix}
            onWrong={editor.onWrong}
          />
        </div>
        <Suspense fallback={null}>
          <Dock editor={calm} />
        </Suspense>
      </div>
    </Frame>
  );
}

interface FrameProps {
  readonly id: string;
  readonly title: string;
  readonly note?: React.ReactNode;
  readonly aside?: React.ReactNode;
  readonly children: React.ReactNode;
}

function Frame({ id, title, note, aside, children }: FrameProps) {
  const navigate = useNavigate();
  useWindowEvent("keydown", (event) => {
    if (event.key === "Escape" && event.target === document.body)
      void navigate({ to: "/aliases/$id", params: { id } });
  });
  const above = useMemo(
    () => (
      <>
        <Link to="/aliases">{words.list.title}</Link>
        <span aria-hidden>{words.slash}</span>
        <Link to="/aliases/$id" params={{ id }}>
          {title}
        </Link>
        <span aria-hidden>{words.slash}</span>
      </>
    ),
    [id, title],
  );
  return (
    <Screen title={t.edit} windowTitle={t.editing(title)} above={above} note={note} aside={aside}>
      <div className={styles.all}>{children}</div>
    </Screen>
  );
}
