// The icons that a long list draws again and again: one path each.
import type { ComponentProps } from "react";

const PATHS = {
  chevron: "M9 6l6 6l-6 6",
  dots: "M5 12h.01M12 12h.01M19 12h.01",
  lock: "M6 11h12v10h-12zM8.5 11v-4a3.5 3.5 0 0 1 7 0v4M12 16h.01",
  play: "M7 4v16l13 -8z",
  user: "M12 11a4 4 0 1 0 0 -8a4 4 0 0 0 0 8M5 21v-1a5 5 0 0 1 5 -5h4a5 5 0 0 1 5 5v1",
} as const;

interface Props extends Omit<ComponentProps<"svg">, "children"> {
  readonly name: keyof typeof PATHS;
  /** Pixels. */
  readonly size: number;
}

export function SmallIcon({ name, size, ...others }: Props) {
  return (
    <svg
      {...others}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "dots" ? 2.6 : 1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
