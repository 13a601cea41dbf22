// Where one can go, in the order of the navigation; `letter` follows "g".
import {
  type Icon,
  IconChartBar,
  IconColumns2,
  IconDatabase,
  IconFlask2,
  IconLayoutDashboard,
  IconListDetails,
  IconSettings,
  IconStack2,
  IconTemplate,
} from "@tabler/icons-react";

import { t } from "@/messages.en.ts";

interface Place {
  readonly to:
    | "/"
    | "/aliases"
    | "/models"
    | "/playground"
    | "/compare"
    | "/usage"
    | "/presets"
    | "/templates"
    | "/settings";
  readonly label: string;
  readonly letter: string | null;
  readonly Icon: Icon;
  /** A phone's bar has room for these alone; the others are under "More". */
  readonly isMain: boolean;
}

export const PLACES: readonly Place[] = [
  { to: "/", label: t.nav.dashboard, letter: "d", Icon: IconLayoutDashboard, isMain: true },
  { to: "/aliases", label: t.nav.aliases, letter: "a", Icon: IconListDetails, isMain: true },
  { to: "/models", label: t.nav.models, letter: "m", Icon: IconDatabase, isMain: false },
  { to: "/playground", label: t.nav.playground, letter: "p", Icon: IconFlask2, isMain: true },
  { to: "/compare", label: t.nav.compare, letter: "c", Icon: IconColumns2, isMain: false },
  { to: "/usage", label: t.nav.usage, letter: "u", Icon: IconChartBar, isMain: true },
  { to: "/presets", label: t.nav.presets, letter: null, Icon: IconStack2, isMain: false },
  { to: "/templates", label: t.nav.templates, letter: null, Icon: IconTemplate, isMain: false },
  { to: "/settings", label: t.nav.settings, letter: null, Icon: IconSettings, isMain: false },
];

/** The letters that lead somewhere. */
export const LETTERS: readonly string[] = PLACES.flatMap(({ letter }) => letter ?? []);
