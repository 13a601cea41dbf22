// Where one can go, in the order of the navigation; `letter` follows "g".
import {
  type Icon,
  IconDatabase,
  IconFlask2,
  IconLayoutDashboard,
  IconListDetails,
} from "@tabler/icons-react";

import { t } from "@/messages.en.ts";

interface Place {
  readonly to: "/" | "/aliases" | "/models" | "/playground";
  readonly label: string;
  readonly letter: string;
  readonly Icon: Icon;
}

export const PLACES: readonly Place[] = [
  { to: "/", label: t.nav.dashboard, letter: "d", Icon: IconLayoutDashboard },
  { to: "/aliases", label: t.nav.aliases, letter: "a", Icon: IconListDetails },
  { to: "/models", label: t.nav.models, letter: "m", Icon: IconDatabase },
  { to: "/playground", label: t.nav.playground, letter: "p", Icon: IconFlask2 },
];
