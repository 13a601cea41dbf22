// What the samplers make of an example distribution, as their values are at this moment.
import { useContext } from "react";

import { EXAMPLE, reshaped, type Sampling } from "@/lib/distribution.ts";

import styles from "./DistributionSketch.module.css";
import { t } from "./messages.en.ts";
import { SamplingNow } from "./sampling.ts";

const HEIGHT = 30;
const STEP = 9;
const WIDTH = 7;
const PLAIN: Sampling = { temperature: 1, top_k: 0, top_p: 1, min_p: 0 };
// A token that is cut off shows what it would have had.
const BEFORE = reshaped(EXAMPLE, PLAIN);

/** Of what the samplers are now, where the rows stand in a group of them. */
export function SketchNow() {
  const sampling = useContext(SamplingNow);
  return sampling === null ? null : <DistributionSketch sampling={sampling} />;
}

function DistributionSketch({ sampling }: { readonly sampling: Sampling }) {
  const chances = reshaped(EXAMPLE, sampling);
  const kept = chances.filter((chance) => chance > 0).length;
  return (
    <figure className={styles.sketch}>
      <svg
        viewBox={`0 0 ${EXAMPLE.length * STEP} ${HEIGHT}`}
        role="img"
        aria-label={t.sketchText(kept, EXAMPLE.length, Math.round((chances[0] ?? 0) * 100))}
      >
        {chances.map((chance, at) => {
          const height = (chance > 0 ? chance : (BEFORE[at] ?? 0)) * HEIGHT;
          return (
            <rect
              // Tokens of an example have no other name than their place.
              key={at}
              data-cut={chance === 0}
              x={at * STEP + 1}
              y={HEIGHT - height}
              width={WIDTH}
              height={height}
            />
          );
        })}
      </svg>
      <figcaption>{t.sketch}</figcaption>
    </figure>
  );
}
