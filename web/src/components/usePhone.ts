// Whether this is a narrow screen, which gets layouts of its own.
import { useMediaQuery } from "@mantine/hooks";

const PHONE = "(max-width: 767px)";

export function usePhone(): boolean {
  return useMediaQuery(PHONE, matchMedia(PHONE).matches, { getInitialValueInEffect: false });
}
