// The control for one value of any kind; what it cannot read stays as typed and is said to be wrong.
import { Segments } from "@/components/Segments.tsx";
import { Select, TextInput } from "@mantine/core";
import { useState } from "react";

import type { JsonValue, Parameter } from "@/api/types.ts";
import { GrowingText } from "@/components/GrowingText.tsx";
import { usePhone } from "@/components/usePhone.ts";

import styles from "./Fields.module.css";
import { FullTextButton } from "./FullTextButton.tsx";
import { t } from "./messages.en.ts";
import { NumberField } from "./NumberField.tsx";
import { StopInput } from "./StopInput.tsx";

export interface ControlProps {
  readonly param: Parameter;
  readonly value: JsonValue;
  /** What applies while nothing is set, as text. */
  readonly placeholder: string;
  readonly invalid: boolean;
  readonly disabled: boolean;
  /** undefined unsets. */
  readonly onChange: (value: JsonValue, gesture?: string) => void;
  readonly onStep: (steps: number) => void;
  readonly onWrong: (message: string | null) => void;
}

/** Kinds whose control is small enough to stand in the row. */
export function isSmall({ kind }: Parameter): boolean {
  return kind === "integer" || kind === "number" || kind === "boolean" || kind === "choice";
}

export function Control(props: ControlProps) {
  switch (props.param.kind) {
    case "integer":
    case "number":
      return <NumberControl {...props} />;
    case "boolean":
      return <BooleanControl {...props} />;
    case "choice":
      return <ChoiceControl {...props} />;
    case "texts":
      return <TextsControl {...props} />;
    case "text":
      return <TextControl {...props} />;
    default:
      return <JsonControl {...props} />;
  }
}

function NumberControl(props: ControlProps) {
  const { param, value } = props;
  return (
    <NumberField
      label={t.valueOf(param.label)}
      value={typeof value === "number" || typeof value === "string" ? value : undefined}
      placeholder={props.placeholder}
      integer={param.kind === "integer"}
      words={param.words}
      invalid={props.invalid}
      disabled={props.disabled}
      onChange={props.onChange}
      onStep={props.onStep}
      onWrong={props.onWrong}
    />
  );
}

function BooleanControl({ param, value, disabled, onChange }: ControlProps) {
  return (
    <Segments
      wide
      label={t.valueOf(param.label)}
      disabled={disabled}
      data={[
        { value: "", label: t.unset },
        { value: "true", label: t.on },
        { value: "false", label: t.off },
      ]}
      value={typeof value === "boolean" ? String(value) : ""}
      onChange={(chosen) => {
        onChange(chosen === "" ? undefined : chosen === "true");
      }}
    />
  );
}

function ChoiceControl({ param, value, placeholder, disabled, invalid, onChange }: ControlProps) {
  return (
    <Select
      size="xs"
      aria-label={t.valueOf(param.label)}
      placeholder={placeholder}
      data={param.choices}
      clearable
      disabled={disabled}
      error={invalid}
      value={typeof value === "string" ? value : null}
      onChange={(chosen) => {
        onChange(chosen ?? undefined);
      }}
    />
  );
}

function TextsControl({ param, value, placeholder, disabled, invalid, onChange }: ControlProps) {
  const texts = typeof value === "string" ? [value] : Array.isArray(value) ? value : [];
  return (
    <StopInput
      label={param.label}
      texts={texts.filter((one) => typeof one === "string")}
      invalid={invalid}
      disabled={disabled}
      placeholder={value === undefined ? placeholder : t.none}
      onChange={(next) => {
        onChange([...next]);
      }}
    />
  );
}

function TextControl({ param, value, placeholder, disabled, invalid, onChange }: ControlProps) {
  const phone = usePhone();
  const isLong = param.key === "system_prompt";
  const text = typeof value === "string" ? value : "";
  const onText = (next: string) => {
    onChange(next, `type ${param.key}`);
  };
  return (
    <GrowingText
      size="xs"
      className={styles.text ?? ""}
      least={param.key === "system_prompt" ? 3 : 1}
      most={12}
      aria-label={t.valueOf(param.label)}
      placeholder={placeholder}
      disabled={disabled}
      error={invalid}
      value={text}
      onChange={(event) => {
        onText(event.currentTarget.value);
      }}
      {...(phone && isLong
        ? fullText(
            <FullTextButton
              label={param.label}
              text={text}
              disabled={disabled}
              onChange={onText}
            />,
          )
        : {})}
    />
  );
}

/** A place for the button in the corner of a field, as large as a finger. */
function fullText(button: React.ReactNode) {
  return { rightSection: button, rightSectionWidth: 46, rightSectionProps: CORNER };
}

const CORNER = { style: { alignItems: "start" } } as const;

/** Lists of numbers and objects, as JSON; a list may also be typed without its brackets. */
function JsonControl(props: ControlProps) {
  const { param, value, onChange, onWrong } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const isList = param.kind === "numbers";
  const phone = usePhone();
  const shown =
    value === undefined ? "" : isList ? listText(value) : JSON.stringify(value, null, 2);
  const onText = (text: string) => {
    setTyped(text);
    if (text.trim() === "") {
      onWrong(null);
      onChange(undefined, `type ${param.key}`);
      return;
    }
    const read = isList ? readList(text) : readObject(text);
    onWrong(read === undefined ? (isList ? t.notANumber : t.notJson) : null);
    if (read !== undefined) onChange(read, `type ${param.key}`);
  };
  const shared = {
    size: "xs",
    className: styles.code ?? "",
    "aria-label": t.valueOf(param.label),
    spellCheck: false,
    disabled: props.disabled,
    error: props.invalid,
    placeholder: isList ? t.numbersHint : props.placeholder,
    value: typed ?? shown,
    onBlur: () => {
      const read = isList ? readList(typed ?? "") : readObject(typed ?? "");
      if (read !== undefined || (typed ?? "").trim() === "") setTyped(null);
    },
  } as const;
  if (isList)
    return (
      <TextInput
        {...shared}
        onChange={(event) => {
          onText(event.currentTarget.value);
        }}
      />
    );
  return (
    <GrowingText
      {...shared}
      least={2}
      most={12}
      onChange={(event) => {
        onText(event.currentTarget.value);
      }}
      {...(phone
        ? fullText(
            <FullTextButton
              label={param.label}
              text={typed ?? shown}
              isCode
              disabled={props.disabled}
              onChange={onText}
            />,
          )
        : {})}
    />
  );
}

function listText(value: JsonValue): string {
  return Array.isArray(value) ? value.join(", ") : JSON.stringify(value);
}

function readList(text: string): JsonValue {
  const parts = text.replace(/^\s*\[|\]\s*$/g, "").split(",");
  const numbers = parts.map((part) => (part.trim() === "" ? NaN : Number(part)));
  return numbers.every(Number.isFinite) ? numbers : undefined;
}

function readObject(text: string): JsonValue {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null && !Array.isArray(read) ? read : undefined;
  } catch {
    return undefined;
  }
}
