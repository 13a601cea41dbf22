// Where one can go: a column beside the screen; on a phone a bar above and a bar below it.
import { ActionIcon, Drawer } from "@mantine/core";
import { IconDots, IconSearch, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { useState } from "react";

import { enginesQuery } from "@/api/queries.ts";
import { Keys } from "@/components/Keys.tsx";
import { Logo } from "@/components/Logo.tsx";
import { chordName } from "@/lib/keys.ts";
import { t } from "@/messages.en.ts";

import { PLACES } from "./places.ts";
import { Shelf } from "./Shelf.tsx";
import styles from "./Shell.module.css";
import { SignOutButton } from "./SignOut.tsx";
import { ThemeButton } from "./ThemeButton.tsx";

interface SideProps {
  /** Who looks may see what the server tells. */
  readonly known: boolean;
  readonly onSearch: () => void;
}

/** The column: the way to everything first, then the places, then what the machine is doing. */
export function SideNav({ known, onSearch }: SideProps) {
  return (
    <nav className={styles.nav} aria-label={t.nav.label}>
      <Brand />
      <button type="button" className={styles.opener} onClick={onSearch}>
        <IconSearch size={15} aria-hidden />
        <span className={styles.label}>{t.nav.search}</span>
        <Keys names={[chordName(), "K"]} />
      </button>
      <Places places={PLACES} />
      {known ? <Shelf /> : null}
      <div className={styles.foot}>
        {known ? <RunState /> : <span />}
        <span className={styles.ends}>
          <ThemeButton size={32} />
          <SignOutButton size={32} />
        </span>
      </div>
    </nav>
  );
}

export function TopBar({ onSearch }: { readonly onSearch: () => void }) {
  return (
    <header className={styles.bar}>
      <Brand />
      <ActionIcon size={44} aria-label={t.nav.search} onClick={onSearch}>
        <IconSearch size={20} stroke={1.7} />
      </ActionIcon>
      <ThemeButton size={44} />
      <SignOutButton size={44} />
    </header>
  );
}

// Pixels: a sheet is as high as what it holds.
const SHEET_HEAD = 96;
const SHEET_LINE = 48;

export function BottomBar() {
  // Never opened, it is not there: half of what the bar would cost the first look.
  const [sheet, setSheet] = useState<"unseen" | "open" | "shut">("unseen");
  const others = PLACES.filter(({ isMain }) => !isMain);
  const isThere = useRouterState({
    select: ({ location }) => others.some(({ to }) => location.pathname.startsWith(to)),
  });
  const close = () => {
    setSheet("shut");
  };
  return (
    <nav className={styles.bottom} aria-label={t.nav.label}>
      <Places places={PLACES.filter(({ isMain }) => isMain)} />
      <button
        type="button"
        className={styles.link}
        aria-haspopup="dialog"
        aria-expanded={sheet === "open"}
        data-status={isThere ? "active" : undefined}
        onClick={() => {
          setSheet("open");
        }}
      >
        <IconDots size={18} stroke={1.7} aria-hidden />
        <span className={styles.label}>{t.nav.more}</span>
      </button>
      {sheet === "unseen" ? null : (
        <Drawer
          opened={sheet === "open"}
          onClose={close}
          position="bottom"
          size={SHEET_HEAD + (others.length + 1) * SHEET_LINE}
          classNames={{ content: styles.sheet ?? "" }}
          title={t.nav.more}
          closeButtonProps={{ "aria-label": t.close }}
        >
          <div className={styles.more}>
            <Places places={others} onGo={close} />
            <Link to="/trash" className={styles.link} onClick={close}>
              <IconTrash size={18} stroke={1.7} aria-hidden />
              <span className={styles.label}>{t.nav.trash}</span>
            </Link>
          </div>
        </Drawer>
      )}
    </nav>
  );
}

function Brand() {
  return (
    <Link to="/" className={styles.brand}>
      <Logo />
      <span className={styles.label}>{t.product}</span>
    </Link>
  );
}

interface PlacesProps {
  readonly places: typeof PLACES;
  readonly onGo?: () => void;
}

function Places({ places, onGo }: PlacesProps) {
  return places.map(({ to, label, Icon }) => (
    <Link
      key={to}
      to={to}
      className={styles.link}
      title={label}
      activeOptions={{ exact: to === "/", includeSearch: false }}
      onClick={onGo}
    >
      <Icon size={18} stroke={1.7} aria-hidden />
      <span className={styles.label}>{label}</span>
    </Link>
  ));
}

/** What holds memory now, so that nobody wonders why the fan turns. */
function RunState() {
  const { data, isError } = useQuery(enginesQuery);
  const starting = data?.filter((engine) => engine.state === "starting").length ?? 0;
  const ready = data?.filter((engine) => engine.state === "ready").length ?? 0;
  const [state, words] = isError
    ? ["unreachable", t.engines.unreachable]
    : starting > 0
      ? ["starting", t.engines.starting(starting)]
      : ready > 0
        ? ["some", t.engines.some(ready)]
        : ["none", t.engines.none];
  return (
    <p className={styles.run} title={words}>
      <span className={styles.dot} data-run={state} />
      <span className={styles.label}>{words}</span>
    </p>
  );
}
