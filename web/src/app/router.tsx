// Addresses and the screens they lead to. What a screen shows is in its address, so that back,
// forward, reload and a sent link all bring it back.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";

import { AliasesScreen } from "@/features/aliases/AliasesScreen.tsx";
import { readAliasSearch } from "@/features/aliases/search.ts";
import { Shell } from "@/shell/Shell.tsx";

import { CrashScreen, NotFoundScreen } from "./LostScreens.tsx";

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFoundScreen,
  errorComponent: CrashScreen,
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    // TanStack's way of sending on is a thrown redirect, which is no Error.
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw redirect({ to: "/aliases" });
  },
});

const aliases = createRoute({
  getParentRoute: () => root,
  path: "/aliases",
  validateSearch: readAliasSearch,
  component: AliasesScreen,
});

const alias = createRoute({
  getParentRoute: () => root,
  path: "/aliases/$id",
  component: lazyRouteComponent(() => import("@/features/aliases/AliasScreen.tsx"), "AliasScreen"),
});

const playground = createRoute({
  getParentRoute: () => root,
  path: "/playground",
  validateSearch: (search: Record<string, unknown>): { alias?: string } =>
    typeof search.alias === "string" ? { alias: search.alias } : {},
  component: lazyRouteComponent(() => import("@/features/try/TryScreen.tsx"), "TryScreen"),
});

export const router = createRouter({
  routeTree: root.addChildren([home, aliases, alias, playground]),
  defaultPreload: "intent",
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
