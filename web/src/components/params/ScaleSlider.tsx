// The track of a parameter: own value, inherited tick, recommended band, and what lies beyond.
import { type KeyboardEvent, type PointerEvent, useRef } from "react";

import { positionOf, type Scale, stepped, valueAt } from "@/lib/scale.ts";

import styles from "./ScaleSlider.module.css";

interface Props {
  readonly scale: Scale;
  readonly label: string;
  /** null: nothing is set here and nobody knows what applies, so no thumb is drawn. */
  readonly value: number | null;
  /** The value is not the alias's own. */
  readonly isInherited: boolean;
  readonly inherited: number | null;
  readonly band: readonly [number, number] | null;
  readonly stops: readonly number[];
  /** From here on the model's own bound is passed. */
  readonly boundary: number | null;
  readonly valueText: string;
  readonly disabled?: boolean;
  /** `gesture` is the same for all changes of one drag. */
  readonly onChange: (value: number, gesture: string) => void;
  readonly onUnset: () => void;
}

let gestures = 0;

export function ScaleSlider(props: Props) {
  const { scale, value, disabled = false } = props;
  const track = useRef<HTMLDivElement>(null);
  const gesture = useRef("");
  const place = (at: number) => `${positionOf(scale, at) * 100}%`;
  const follow = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    if (box === undefined) return;
    const position = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    const next = valueAt(scale, position);
    if (next !== value || props.isInherited) props.onChange(next, gesture.current);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || disabled) return;
    if (event.key === "Backspace" || event.key === "Delete") {
      event.preventDefault();
      props.onUnset();
      return;
    }
    const next = keyed(scale, value ?? scale.low, event.key, event.shiftKey);
    if (next === null) return;
    event.preventDefault();
    props.onChange(next, `keys ${props.label}`);
  };
  return (
    <div
      className={styles.slider}
      data-inherited={props.isInherited}
      data-disabled={disabled}
      onPointerDown={(event) => {
        if (event.button !== 0 || disabled) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        gestures += 1;
        gesture.current = `drag ${gestures}`;
        follow(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event);
      }}
    >
      <div ref={track} className={styles.track}>
        {props.boundary === null ? null : (
          <span className={styles.beyond} style={{ left: place(props.boundary) }} />
        )}
        {props.band === null ? null : (
          <span
            className={styles.band}
            style={{ left: place(props.band[0]), right: `calc(100% - ${place(props.band[1])})` }}
          />
        )}
        {value === null ? null : <span className={styles.fill} style={fillOf(scale, value)} />}
        {props.stops.map((stop) => (
          <span key={stop} className={styles.stop} style={{ left: place(stop) }} />
        ))}
        {props.inherited === null || props.isInherited ? null : (
          <span className={styles.tick} style={{ left: place(props.inherited) }} />
        )}
        <div
          role="slider"
          className={styles.thumb}
          data-drawn={value !== null}
          style={{ left: place(value ?? scale.low) }}
          tabIndex={disabled ? -1 : 0}
          aria-label={props.label}
          aria-valuemin={scale.low}
          aria-valuemax={scale.high}
          aria-valuenow={value ?? scale.low}
          aria-valuetext={props.valueText}
          aria-disabled={disabled}
          onKeyDown={onKeyDown}
        />
      </div>
    </div>
  );
}

/** A range around nothing fills from nothing. */
function fillOf(scale: Scale, value: number): { left: string; right: string } {
  const from = scale.low < 0 && scale.high > 0 ? 0 : scale.low;
  const [left, right] = [from, value].sort((a, b) => a - b);
  return {
    left: `${positionOf(scale, left ?? from) * 100}%`,
    right: `${(1 - positionOf(scale, right ?? value)) * 100}%`,
  };
}

const FAST = 10;

function keyed(scale: Scale, value: number, key: string, shift: boolean): number | null {
  const by = shift ? FAST : 1;
  switch (key) {
    case "ArrowRight":
    case "ArrowUp":
      return stepped(scale, value, by);
    case "ArrowLeft":
    case "ArrowDown":
      return stepped(scale, value, -by);
    case "PageUp":
      return stepped(scale, value, FAST);
    case "PageDown":
      return stepped(scale, value, -FAST);
    case "Home":
      return scale.low;
    case "End":
      return scale.high;
    default:
      return null;
  }
}
