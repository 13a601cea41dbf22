// The frame of every screen: navigation, top bar, live region, palette, keys that work everywhere.
import { Button } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useRef, useState } from "react";

import { mayManage, sessionQuery } from "@/api/session.ts";
import { Announcer } from "@/components/Announcer.tsx";
import { InPieces } from "@/components/InPieces.tsx";
import { ProblemCard, StaleBanner } from "@/components/Problems.tsx";
import { Toasts } from "@/components/Toasts.tsx";
import { usePhone } from "@/components/usePhone.ts";
import { isChord, isCommand } from "@/lib/keys.ts";
import { t } from "@/messages.en.ts";

import { BottomBar, SideNav, TopBar } from "./Nav.tsx";
import { PLACES } from "./places.ts";
import styles from "./Shell.module.css";
import { SignIn } from "./SignIn.tsx";
import { useFollowing, useLiveness } from "./useLive.ts";

const Palette = lazy(() => import("./Palette.tsx"));
const ShortcutSheet = lazy(() => import("./ShortcutSheet.tsx"));

type Layer = "palette" | "shortcuts";

/** The frame and the screen, once there is an address. */
export function Shell() {
  return (
    <InPieces when>
      <Entrance />
    </InPieces>
  );
}

/** The screen for who may see it; before that, signing in. The frame waits for nobody's answer. */
function Entrance() {
  const session = useQuery(sessionQuery);
  if (session.data === undefined)
    return session.isError ? (
      <Unreachable onRetry={() => void session.refetch()} />
    ) : (
      <House known={false} />
    );
  return mayManage(session.data) ? <House known /> : <SignIn session={session.data} />;
}

/** `known`: the server has said that whoever looks may see aliases; only then is it asked for any. */
function House({ known }: { readonly known: boolean }) {
  const phone = usePhone();
  useFollowing(known);
  const { layer, rounds, open, close } = useLayers();
  const search = () => {
    open("palette");
  };
  useShellKeys(open);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        {t.nav.skip}
      </a>
      {phone ? <TopBar onSearch={search} /> : <SideNav known={known} onSearch={search} />}
      <main id="main" className={styles.main} tabIndex={-1} aria-busy={!known}>
        <LiveBanner />
        {known ? null : <p className={styles.waiting}>{t.live.waiting}</p>}
        <InPieces when={known}>
          <Outlet />
        </InPieces>
      </main>
      {phone ? <BottomBar /> : null}
      <Announcer />
      <Toasts />
      <Suspense fallback={null}>
        {known && rounds.palette > 0 ? (
          <Palette
            opened={layer === "palette"}
            round={rounds.palette}
            onClose={close}
            onShortcuts={() => {
              open("shortcuts");
            }}
          />
        ) : null}
        {rounds.shortcuts > 0 ? (
          <ShortcutSheet opened={layer === "shortcuts"} onClose={close} />
        ) : null}
      </Suspense>
    </div>
  );
}

/** Says that what is shown may be old, for as long as the server is not heard. */
function LiveBanner() {
  const queries = useQueryClient();
  if (useLiveness() !== "lost") return null;
  return (
    <div className={styles.lost}>
      <StaleBanner text={t.live.lost}>
        <Button variant="default" onClick={() => void queries.invalidateQueries()}>
          {t.live.retry}
        </Button>
      </StaleBanner>
    </div>
  );
}

function Unreachable({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <main className={styles.unreachable}>
      <ProblemCard title={t.problem.title} message={t.offline.message} remedy={t.offline.remedy}>
        <Button variant="default" onClick={onRetry}>
          {t.retry}
        </Button>
      </ProblemCard>
    </main>
  );
}

/** Which layer lies above the screen, and who gets the focus back when it closes. */
function useLayers() {
  const [layer, setLayer] = useState<Layer | null>(null);
  const [rounds, setRounds] = useState({ palette: 0, shortcuts: 0 });
  const opener = useRef<Element | null>(null);
  const open = (which: Layer) => {
    // A layer that opens another hands its own opener on.
    if (layer === null) opener.current = document.activeElement;
    setRounds((before) => ({ ...before, [which]: before[which] + 1 }));
    setLayer(which);
  };
  const close = () => {
    setLayer(null);
    requestAnimationFrame(() => {
      if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
    });
  };
  return { layer, rounds, open, close };
}

/** ⌘K anywhere; "?" and "g then a letter" where nobody is typing. */
function useShellKeys(open: (which: Layer) => void): void {
  const navigate = useNavigate();
  const [going, setGoing] = useState(false);
  useWindowEvent("keydown", (event) => {
    if (isChord(event, "k")) {
      event.preventDefault();
      open("palette");
      return;
    }
    if (!isCommand(event)) return;
    if (event.key === "?") open("shortcuts");
    const place = going ? PLACES.find(({ letter }) => letter === event.key) : undefined;
    if (place !== undefined) void navigate({ to: place.to });
    setGoing(event.key === "g");
  });
}
