// `/aliases/new`: from a model, an alias, a preset, settings of a chat or a file. One page on a desk,
// four steps on a phone; nothing is written before the last button.
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";

import { asProblem } from "@/api/problem.ts";
import { t as aliasWords } from "@/components/alias/messages.en.ts";
import { CopyButton } from "@/components/CopyButton.tsx";
import { EmptyCard } from "@/components/Problems.tsx";
import { Screen } from "@/components/Screen.tsx";
import { toast } from "@/components/toast.ts";
import { usePhone } from "@/components/usePhone.ts";
import { t as words } from "@/messages.en.ts";

import { t } from "./messages.en.ts";
import { OnePage } from "./OnePage.tsx";
import { Steps } from "./Steps.tsx";
import { useCreate } from "./useCreate.ts";

const route = getRouteApi("/aliases/new");
const PULL = "bodhi pull owner/repo:Q4_K_M";
const LAST = t.steps.length - 1;

/** What keeps a step from being left, where it is to be said. */
export interface Said {
  readonly step: number;
  readonly message: string;
}

export function CreateScreen() {
  const { from } = route.useSearch();
  return (
    <Screen
      title={t.title}
      above={
        <>
          <Link to="/aliases">{words.list.title}</Link>
          <span aria-hidden>{words.slash}</span>
        </>
      }
    >
      <Form key={from ?? ""} from={from} />
    </Screen>
  );
}

function Form({ from }: { readonly from: string | undefined }) {
  const create = useCreate(from);
  const phone = usePhone();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const [said, setSaid] = useState<Said | null>(null);
  const [busy, setBusy] = useState(false);
  useFocusOn(said);
  /** Whether the steps up to this one may be left; the first that may not says why. */
  const passes = async (first: number, last: number): Promise<boolean> => {
    for (let step = first; step <= last; step += 1) {
      const message = await create
        .problemOf(step)
        .catch((error: unknown) => asProblem(error).message);
      if (message !== null) {
        setSaid({ step, message });
        return false;
      }
    }
    setSaid(null);
    return true;
  };
  const finish = async () => {
    setBusy(true);
    try {
      if (!(await passes(0, LAST))) return;
      const made = await create.create();
      await queries.invalidateQueries({ queryKey: ["aliases"] });
      toast(aliasWords.created(made.name));
      await navigate({ to: "/aliases/$id/edit", params: { id: made.id } });
    } catch (error) {
      setSaid({ step: LAST, message: asProblem(error).message });
    } finally {
      setBusy(false);
    }
  };
  if (create.models?.length === 0)
    return (
      <EmptyCard title={t.noModels} text={t.noModelsText}>
        <code>{PULL}</code>
        <CopyButton text={PULL} what={PULL} />
      </EmptyCard>
    );
  const props = { create, said, busy, onCreate: () => void finish() };
  return phone ? <Steps {...props} passes={passes} /> : <OnePage {...props} />;
}

/** The message itself gets the focus: it is read out, and the way on is right beside it. */
function useFocusOn(said: Said | null): void {
  const last = useRef<Said | null>(null);
  useEffect(() => {
    if (said !== null && said !== last.current) document.getElementById("create-said")?.focus();
    last.current = said;
  }, [said]);
}
