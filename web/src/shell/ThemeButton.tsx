// System, light, dark, and round again. The palette has each by its name.
import { ActionIcon, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";

import { announce } from "@/components/announcer.ts";
import { t } from "@/messages.en.ts";

const ICONS = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon } as const;
const NEXT = { auto: "light", light: "dark", dark: "auto" } as const;

export function ThemeButton({ size }: { readonly size: number }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = ICONS[colorScheme];
  const name = t.nav.themeChosen(t.nav.themes[colorScheme]);
  const turn = () => {
    const next = NEXT[colorScheme];
    setColorScheme(next);
    announce(t.nav.themeChosen(t.nav.themes[next]));
  };
  return (
    <ActionIcon size={size} aria-label={name} title={name} onClick={turn}>
      <Icon size={18} stroke={1.7} />
    </ActionIcon>
  );
}
