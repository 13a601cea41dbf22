import type { ReactNode } from "react";

/** Text in the code font that may scroll sideways, and is then within reach of the keyboard. */
export function CodeText({
  label,
  text,
  className,
}: {
  readonly label: string;
  readonly text: ReactNode;
  readonly className?: string | undefined;
}) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={className} tabIndex={0} role="region" aria-label={label}>
      <code>{text}</code>
    </pre>
  );
}
