import type { Random } from '../../util/random.ts';

/** How weights start, as Keras defines it: from fan in and fan out, a function that draws one number after the other, in float64. */
export type Initializer = (fanIn: number, fanOut: number, random: Random) => () => number;

type Variance = (fanIn: number, fanOut: number) => number;

/** Keras' correction for the variance that truncation at two standard deviations takes away. */
const TRUNCATED_SD = 0.879_625_661_034_239_78;

/** Uniform on ±√(3 · variance). */
export function uniform(variance: Variance): Initializer {
  return (fanIn, fanOut, random) => {
    const limit = Math.sqrt(3 * variance(fanIn, fanOut));
    return () => limit * (2 * random.uniform() - 1);
  };
}

/** Normal with that variance, drawn again beyond two standard deviations (of the untruncated normal). */
export function truncatedNormal(variance: Variance): Initializer {
  return (fanIn, fanOut, random) => {
    const sd = Math.sqrt(variance(fanIn, fanOut)) / TRUNCATED_SD;
    return () => {
      let draw: number;
      do draw = random.normal();
      while (Math.abs(draw) > 2);
      return sd * draw;
    };
  };
}
