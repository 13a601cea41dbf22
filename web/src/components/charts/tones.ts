// Which colour a series has; by what it means, and the same in every picture.

export type Tone = "first" | "second" | "third" | "bad";

export interface LegendItem {
  readonly name: string;
  readonly tone: Tone;
}
