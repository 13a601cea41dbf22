// What is large is drawn in small pieces, between which the browser hears keys and fingers.
import { type ReactNode, useDeferredValue } from "react";

/** `when`: nothing is drawn before. */
export function InPieces({
  when,
  children,
}: {
  readonly when: boolean;
  readonly children: ReactNode;
}) {
  // What React puts off it also divides; what an answer or an address causes it does not.
  return useDeferredValue(when, false) ? children : null;
}
