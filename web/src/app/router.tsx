// Addresses and the screens they lead to. What a screen shows is in its address, so that back,
// forward, reload and a sent link all bring it back.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";

import { AliasesScreen } from "@/features/aliases/AliasesScreen.tsx";
import { readAliasSearch } from "@/lib/aliasSearch.ts";
import { readSettingsSearch } from "@/lib/settingsSearch.ts";
import { readTemplateSearch } from "@/lib/templateSearch.ts";
import { readUsageSearch } from "@/lib/usageSearch.ts";
import { Shell } from "@/shell/Shell.tsx";

import { CrashScreen, NotFoundScreen } from "./LostScreens.tsx";

/** What a route cannot read is not there: the router would else hand it on as it was typed. */
function checked<T extends object>(read: (search: Record<string, unknown>) => T) {
  return (search: Record<string, unknown>): T => {
    const nothing = Object.fromEntries(Object.keys(search).map((key) => [key, undefined]));
    return { ...nothing, ...read(search) };
  };
}

/** A route that reads these texts, and nothing else. */
function texts<K extends string>(...names: readonly K[]) {
  return checked((search): Partial<Record<K, string>> => {
    const read: Partial<Record<K, string>> = {};
    for (const name of names) {
      const said = search[name];
      if (typeof said === "string") read[name] = said;
    }
    return read;
  });
}

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFoundScreen,
  errorComponent: CrashScreen,
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(
    () => import("@/features/dashboard/DashboardScreen.tsx"),
    "DashboardScreen",
  ),
});

const aliases = createRoute({
  getParentRoute: () => root,
  path: "/aliases",
  validateSearch: checked(readAliasSearch),
  component: AliasesScreen,
});

const alias = createRoute({
  getParentRoute: () => root,
  path: "/aliases/$id",
  component: lazyRouteComponent(() => import("@/features/aliases/AliasScreen.tsx"), "AliasScreen"),
});

const create = createRoute({
  getParentRoute: () => root,
  path: "/aliases/new",
  validateSearch: texts("from"),
  component: lazyRouteComponent(
    () => import("@/features/editor/create/CreateScreen.tsx"),
    "CreateScreen",
  ),
});

const edit = createRoute({
  getParentRoute: () => root,
  path: "/aliases/$id/edit",
  validateSearch: texts("param"),
  component: lazyRouteComponent(() => import("@/features/editor/EditorScreen.tsx"), "EditorScreen"),
});

const models = createRoute({
  getParentRoute: () => root,
  path: "/models",
  validateSearch: texts("sel"),
  component: lazyRouteComponent(() => import("@/features/models/ModelsScreen.tsx"), "ModelsScreen"),
});

const trash = createRoute({
  getParentRoute: () => root,
  path: "/trash",
  component: lazyRouteComponent(() => import("@/features/trash/TrashScreen.tsx"), "TrashScreen"),
});

const usage = createRoute({
  getParentRoute: () => root,
  path: "/usage",
  validateSearch: checked(readUsageSearch),
  component: lazyRouteComponent(() => import("@/features/usage/UsageScreen.tsx"), "UsageScreen"),
});

const presets = createRoute({
  getParentRoute: () => root,
  path: "/presets",
  validateSearch: texts("edit"),
  component: lazyRouteComponent(
    () => import("@/features/presets/PresetsScreen.tsx"),
    "PresetsScreen",
  ),
});

const templates = createRoute({
  getParentRoute: () => root,
  path: "/templates",
  validateSearch: checked(readTemplateSearch),
  component: lazyRouteComponent(
    () => import("@/features/templates/TemplatesScreen.tsx"),
    "TemplatesScreen",
  ),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  validateSearch: checked(readSettingsSearch),
  component: lazyRouteComponent(
    () => import("@/features/settings/SettingsScreen.tsx"),
    "SettingsScreen",
  ),
});

const playground = createRoute({
  getParentRoute: () => root,
  path: "/playground",
  validateSearch: texts("alias", "thread"),
  component: lazyRouteComponent(
    () => import("@/features/playground/PlaygroundScreen.tsx"),
    "PlaygroundScreen",
  ),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: "/compare",
  validateSearch: texts("a", "b", "c", "d"),
  component: lazyRouteComponent(
    () => import("@/features/compare/CompareScreen.tsx"),
    "CompareScreen",
  ),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    aliases,
    create,
    alias,
    edit,
    models,
    trash,
    playground,
    usage,
    presets,
    templates,
    settings,
    compare,
  ]),
  defaultPreload: "intent",
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
