// The frame of every screen: navigation, top bar, live region, palette, keys that work everywhere.
import { useWindowEvent } from "@mantine/hooks";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useRef, useState } from "react";

import { Announcer } from "@/components/Announcer.tsx";
import { usePhone } from "@/components/usePhone.ts";
import { isChord, isCommand } from "@/lib/keys.ts";
import { t } from "@/messages.en.ts";

import { BottomBar, SideNav, TopBar } from "./Nav.tsx";
import styles from "./Shell.module.css";

const Palette = lazy(() => import("./Palette.tsx"));
const ShortcutSheet = lazy(() => import("./ShortcutSheet.tsx"));

type Layer = "palette" | "shortcuts";

export function Shell() {
  const phone = usePhone();
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
      {phone ? <TopBar onSearch={search} /> : <SideNav onSearch={search} />}
      <main id="main" className={styles.main} tabIndex={-1}>
        <Outlet />
      </main>
      {phone ? <BottomBar /> : null}
      <Announcer />
      <Suspense fallback={null}>
        {rounds.palette > 0 ? (
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
    if (going && event.key === "a") void navigate({ to: "/aliases" });
    if (going && event.key === "p") void navigate({ to: "/playground" });
    setGoing(event.key === "g");
  });
}
