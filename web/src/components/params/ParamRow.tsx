// One parameter: what it is, what applies and from where, its slider and field, and what is odd.
import { ActionIcon, Button } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { memo, useRef, useState } from "react";

import type { Finding, JsonValue, Layer, Parameter, Rung } from "@/api/types.ts";
import { beyond } from "@/lib/numberText.ts";
import { scaleOf, stepped } from "@/lib/scale.ts";
import { valueText } from "@/lib/values.ts";
import { t as words } from "@/messages.en.ts";

import { Control, isSmall } from "./Control.tsx";
import { SketchNow } from "./DistributionSketch.tsx";
import { FindingLine, ServerFinding } from "./FindingLine.tsx";
import { t } from "./messages.en.ts";
import { ModeMenu } from "./ModeMenu.tsx";
import { NumberField } from "./NumberField.tsx";
import { ParamHelp } from "./ParamHelp.tsx";
import styles from "./ParamRow.module.css";
import { ScaleSlider } from "./ScaleSlider.tsx";
import { type Mode, type Setting, UNSET, withMode, withValue } from "./setting.ts";

type Fix = NonNullable<Finding["fix"]>;

export interface ParamRowProps {
  readonly param: Parameter;
  readonly setting: Setting;
  /** What applies where the alias says nothing; null where that is not known yet. */
  readonly below: Rung | null;
  readonly findings: readonly Finding[];
  /** Differs from what was saved last. */
  readonly isChanged: boolean;
  readonly disabled?: boolean;
  /** One `gesture` is one step of undo. */
  readonly onChange: (key: string, setting: Setting, gesture?: string) => void;
  readonly onFix: (fix: Fix) => void;
  readonly onRelated?: (key: string) => void;
  /** What another alias has here; both or none. */
  readonly referenceName?: string;
  readonly reference?: JsonValue;
  /** What the samplers make of an example is sketched below it. */
  readonly isSampler?: boolean;
  /** What is typed is no value, and why; null when it is one again. */
  readonly onWrong?: (key: string, message: string | null) => void;
}

export const ParamRow = memo(function ParamRow(props: ParamRowProps) {
  const { param, setting, below, onChange } = props;
  const [wrong, sayWrong] = useState<string | null>(null);
  const setWrong = (message: string | null) => {
    sayWrong(message);
    if (message !== wrong) props.onWrong?.(param.key, message);
  };
  const disabled = (props.disabled ?? false) || param.unsupported !== null;
  const change = (value: JsonValue, gesture?: string) => {
    onChange(param.key, changed(setting, value), gesture);
  };
  const { row, stay } = useStaying();
  const shared = { ...props, disabled, change, stay };
  return (
    <div
      ref={row}
      className={styles.row}
      id={`param-${param.key}`}
      role="group"
      aria-label={param.label}
      data-param={param.key}
      data-set={setting.mode !== "unset"}
      data-changed={props.isChanged}
      data-compared={props.referenceName !== undefined}
    >
      <div className={styles.head}>
        <RowLabel
          param={param}
          isChanged={props.isChanged}
          {...(props.onRelated === undefined ? {} : { onRelated: props.onRelated })}
        />
        <p className={styles.source}>{sourceText(setting, below)}</p>
      </div>
      <Middle {...shared} onWrong={setWrong} />
      {isSmall(param) ? (
        <div className={styles.field} data-kind={param.kind}>
          <ValueControl {...shared} invalid={wrong !== null} onWrong={setWrong} />
        </div>
      ) : null}
      <div className={styles.end}>
        <ModeMenu
          label={param.label}
          mode={setting.mode}
          modes={modesOf(param)}
          disabled={disabled}
          onChange={(mode) => {
            setWrong(null);
            onChange(param.key, withMode(setting, mode, startOf(param, below)));
          }}
        />
        <Reset
          {...shared}
          onReset={() => {
            setWrong(null);
          }}
        />
      </div>
      {props.referenceName === undefined ? null : <ReferenceCell {...props} />}
      <div className={styles.below}>
        {setting.mode === "clamp" ? <ClampFields {...shared} onWrong={setWrong} /> : null}
        <div className={styles.beside}>
          <Recommendations {...shared} />
          {props.isSampler === true ? <SketchNow /> : null}
        </div>
        {wrong === null ? null : <FindingLine severity="error" message={wrong} />}
        <Beyond {...shared} />
        {props.findings.map((finding) => (
          <ServerFinding
            key={finding.code}
            finding={finding}
            onFix={(fix) => {
              stay();
              props.onFix(fix);
            }}
          />
        ))}
        {param.unsupported === null ? null : (
          <FindingLine severity="info" message={t.unsupported(param.unsupported)} />
        )}
      </div>
    </div>
  );
});

interface Shared extends ParamRowProps {
  readonly disabled: boolean;
  readonly change: (value: JsonValue, gesture?: string) => void;
  readonly stay: () => void;
}

/** A button that goes with what it mends hands the focus on, to the one that each row has. */
function useStaying() {
  const row = useRef<HTMLDivElement>(null);
  const stay = () => {
    row.current?.querySelector<HTMLElement>("[aria-haspopup=menu]")?.focus({ preventScroll: true });
  };
  return { row, stay };
}

type LabelProps = Pick<ParamRowProps, "param" | "isChanged" | "onRelated">;

const RowLabel = memo(function RowLabel({ param, isChanged, onRelated }: LabelProps) {
  return (
    <div className={styles.label}>
      {isChanged ? <span className={styles.dot} role="img" aria-label={t.changed} /> : null}
      <span className={styles.name}>{param.label}</span>
      <ParamHelp param={param} {...(onRelated === undefined ? {} : { onRelated })} />
      {param.applies === "reload" ? (
        <span className={styles.reload} title={t.applies.reload}>
          {t.reloadMark}
        </span>
      ) : null}
    </div>
  );
});

/** The same parameter of the alias that is looked at beside this one. */
function ReferenceCell({ setting, below, reference = null, referenceName = "" }: ParamRowProps) {
  const own = setting.value ?? below?.value ?? null;
  const differs = JSON.stringify(own) !== JSON.stringify(reference);
  const said = t.referenceText(referenceName, plainText(reference));
  return (
    <p className={styles.reference} data-differs={differs} title={said}>
      <span className={styles.referenceName}>{referenceName}</span>
      <code>{plainText(reference)}</code>
      {differs ? <span role="img" aria-label={t.differs} className={styles.differs} /> : null}
    </p>
  );
}

/** The slider, or a control that needs the room. */
function Middle(props: Shared & { readonly onWrong: (wrong: string | null) => void }) {
  const { param, setting, below, change, disabled } = props;
  const scale = scaleOf(param);
  if (!isSmall(param)) {
    return (
      <div className={styles.wide}>
        <ValueControl {...props} invalid={false} />
      </div>
    );
  }
  if (scale === null || (param.kind !== "integer" && param.kind !== "number"))
    return <div className={styles.middle} />;
  const own = typeof setting.value === "number" ? setting.value : null;
  const inherited = typeof below?.value === "number" ? below.value : null;
  const value = own ?? inherited;
  const { recommended, high } = param;
  return (
    <div className={styles.middle}>
      <ScaleSlider
        scale={scale}
        label={t.slider(param.label)}
        value={value}
        isInherited={own === null}
        inherited={inherited}
        band={recommended === null ? null : [recommended.low, recommended.high]}
        stops={param.stops.filter((stop) => stop >= scale.low && stop <= scale.high)}
        boundary={high !== null && !high.is_limit && high.value < scale.high ? high.value : null}
        valueText={spoken(own, inherited)}
        disabled={disabled}
        onChange={change}
        onUnset={() => {
          change(undefined);
        }}
      />
    </div>
  );
}

function spoken(own: number | null, inherited: number | null): string {
  if (own !== null) return String(own);
  return inherited === null ? t.noValue : t.inheritedText(String(inherited));
}

interface ValueProps extends Shared {
  readonly invalid: boolean;
  readonly onWrong: (wrong: string | null) => void;
}

function ValueControl(props: ValueProps) {
  const { param, setting, below, change, disabled } = props;
  const scale = scaleOf(param);
  const from = typeof setting.value === "number" ? setting.value : below?.value;
  return (
    <Control
      param={param}
      value={setting.value}
      placeholder={plainText(below?.value ?? null)}
      invalid={props.invalid || beyond(param, setting.value)?.severity === "error"}
      disabled={disabled}
      onChange={change}
      onWrong={props.onWrong}
      onStep={(steps) => {
        const start = typeof from === "number" ? from : (param.low?.value ?? 0);
        const next =
          scale === null ? start + steps * (param.step ?? 1) : stepped(scale, start, steps);
        change(next, `keys ${param.key}`);
      }}
    />
  );
}

function Reset({
  param,
  setting,
  below,
  disabled,
  change,
  stay,
  onReset,
}: Shared & { onReset: () => void }) {
  if (setting.mode === "unset") return <span className={styles.noReset} />;
  const target = t.reset(param.label, plainText(below?.value ?? null), layerText(below));
  return (
    <ActionIcon
      size={26}
      aria-label={target}
      title={target}
      disabled={disabled}
      onClick={() => {
        stay();
        onReset();
        change(undefined);
      }}
    >
      <IconArrowBackUp size={15} stroke={1.7} />
    </ActionIcon>
  );
}

function ClampFields({
  param,
  setting,
  onChange,
  onWrong,
}: Shared & { onWrong: (w: string | null) => void }) {
  const [low, high] = setting.bounds ?? [0, 0];
  const field = (label: string, value: number, place: 0 | 1) => (
    <NumberField
      label={label}
      value={value}
      placeholder=""
      integer={param.kind === "integer"}
      invalid={low > high}
      onWrong={onWrong}
      onChange={(next, gesture) => {
        if (typeof next !== "number") return;
        const bounds: [number, number] = place === 0 ? [next, high] : [low, next];
        onChange(param.key, { ...setting, bounds }, gesture);
      }}
    />
  );
  return (
    <div className={styles.clamp}>
      {field(t.lowest(param.label), low, 0)}
      <span>{t.to_}</span>
      {field(t.highest(param.label), high, 1)}
    </div>
  );
}

function Recommendations({ param, setting, disabled, change }: Shared) {
  if (param.recommendations.length === 0) return null;
  return (
    <div className={styles.chips}>
      {param.recommendations.map(({ label, value, source }) => (
        <Button
          key={label}
          size="compact-xs"
          variant="default"
          className={styles.chip ?? ""}
          aria-pressed={JSON.stringify(setting.value) === JSON.stringify(value)}
          title={t.recommendedBy(source)}
          disabled={disabled}
          onClick={() => {
            change(value);
          }}
        >
          {t.recommend(label, plainText(value))}
        </Button>
      ))}
    </div>
  );
}

function Beyond({ param, setting, change, stay }: Shared) {
  const found = beyond(param, setting.value);
  if (found === null) return null;
  return (
    <FindingLine
      severity={found.severity}
      message={t.beyond[found.end](found.nearest, found.reason)}
      fix={{
        label: t.use(found.nearest),
        run: () => {
          stay();
          change(found.nearest);
        },
      }}
    />
  );
}

function changed(setting: Setting, value: JsonValue): Setting {
  if (value !== undefined) return withValue(setting, value);
  return setting.mode === "clamp" && setting.value !== undefined
    ? { ...setting, value: undefined }
    : UNSET;
}

function modesOf(param: Parameter): readonly Mode[] {
  if (param.section === "context_params") return ["unset", "default"];
  const numeric = param.kind === "integer" || param.kind === "number";
  return numeric ? ["unset", "default", "enforce", "clamp"] : ["unset", "default", "enforce"];
}

/** Where nothing applies, a text begins as an empty one. */
const EMPTY: Readonly<Partial<Record<Parameter["kind"], JsonValue>>> = {
  text: "",
  texts: [],
  numbers: [],
  object: {},
};

function startOf(param: Parameter, below: Rung | null) {
  return {
    inherited: below?.value ?? EMPTY[param.kind],
    low: param.low?.value ?? null,
    high: param.high?.value ?? null,
  };
}

function sourceText(setting: Setting, below: Rung | null): string {
  const value = below?.value ?? null;
  // Where nobody says anything there is no value, and no layer that it comes from.
  const rest = value === null ? t.engineDecides : t.inherits(plainText(value), layerText(below));
  return setting.mode === "unset"
    ? `${t.unset}${words.separator}${rest}`
    : `${t.setHere}${words.separator}${t.without(rest)}`;
}

function layerText(below: Rung | null): string {
  const layer: Layer = below?.layer ?? "engine default";
  return words.detail.layers[layer];
}

function plainText(value: JsonValue): string {
  if (value === null) return t.engineDecides;
  return typeof value === "string" ? value : valueText(value);
}
