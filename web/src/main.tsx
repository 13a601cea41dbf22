// Where the page begins.
import "@/tokens/mantine.css";
import "@/tokens/fonts.css";
import "@/tokens/tokens.css";
import "@/tokens/base.css";

import { RouterProvider } from "@tanstack/react-router";
import { startTransition, StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Providers } from "@/app/Providers.tsx";
import { router } from "@/app/router.tsx";

// public/theme.js says why it was none.
Error.stackTraceLimit = 10;

const element = document.getElementById("root");
if (element !== null) {
  const root = createRoot(element);
  // In small pieces, between which the browser can do what else it has to.
  startTransition(() => {
    root.render(
      <StrictMode>
        <Providers>
          <RouterProvider router={router} />
        </Providers>
      </StrictMode>,
    );
  });
}
