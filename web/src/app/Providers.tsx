// What every screen stands on: theme, queries.
import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Problem } from "@/api/problem.ts";
import { cssVariables, theme } from "@/tokens/theme.ts";

const schemes = localStorageColorSchemeManager({ key: "bodhi-theme" });

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays a refusal; only what did not arrive is worth another try.
      retry: (failures, error) => failures < 2 && !(error instanceof Problem),
      retryDelay: 500,
      staleTime: 2_000,
      // The server is on this machine or near: "offline" says nothing about it.
      networkMode: "always",
    },
  },
});

function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
}

export function Providers({ children }: { readonly children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={schemes}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </MantineProvider>
  );
}
