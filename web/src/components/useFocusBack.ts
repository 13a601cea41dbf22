// Who had the focus when a layer opened gets it back when the layer is gone.
import { useEffect } from "react";

/** For layers that are drawn only while they are open. */
export function useFocusBack(): void {
  useEffect(() => {
    const opener = document.activeElement;
    return () => {
      requestAnimationFrame(() => {
        // Somebody else may have taken it meanwhile: another screen, another layer.
        const isFree = document.activeElement === null || document.activeElement === document.body;
        if (isFree && opener instanceof HTMLElement) opener.focus({ preventScroll: true });
      });
    };
  }, []);
}
