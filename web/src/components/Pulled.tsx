// For screens that a finger may pull at; where there is none, nothing of it is loaded.
import { lazy, Suspense } from "react";

const Pull = lazy(() => import("./Pull.tsx"));
const hasFinger = matchMedia("(pointer: coarse)").matches;

export function Pulled() {
  return hasFinger ? (
    <Suspense fallback={null}>
      <Pull />
    </Suspense>
  ) : null;
}
