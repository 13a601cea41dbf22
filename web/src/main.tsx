// Where the page begins.
import "@/tokens/mantine.css";
import "@/tokens/fonts.css";
import "@/tokens/tokens.css";
import "@/tokens/base.css";

import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Providers } from "@/app/Providers.tsx";
import { router } from "@/app/router.tsx";

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Providers>
        <RouterProvider router={router} />
      </Providers>
    </StrictMode>,
  );
}
