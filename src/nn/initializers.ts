import type { Random } from '../util/random.ts';

type Initializer = (fanIn: number, fanOut: number, random: Random) => () => number;

/** Keras' correction for the variance that truncation at two standard deviations takes away. */
const TRUNCATED_SD = 0.879_625_661_034_239_78;

/** Uniform on ±√(3 · scale / fan). */
function uniform(variance: (fanIn: number, fanOut: number) => number): Initializer {
  return (fanIn, fanOut, random) => {
    const limit = Math.sqrt(3 * variance(fanIn, fanOut));
    return () => limit * (2 * random.uniform() - 1);
  };
}

/** Normal with variance scale / fan, drawn again beyond two standard deviations (of the untruncated normal). */
function truncatedNormal(variance: (fanIn: number, fanOut: number) => number): Initializer {
  return (fanIn, fanOut, random) => {
    const sd = Math.sqrt(variance(fanIn, fanOut)) / TRUNCATED_SD;
    return () => {
      let draw = random.normal();
      while (Math.abs(draw) > 2) draw = random.normal();
      return sd * draw;
    };
  };
}

const glorot = (fanIn: number, fanOut: number): number => 2 / (fanIn + fanOut);
const he = (fanIn: number): number => 2 / fanIn;
const lecun = (fanIn: number): number => 1 / fanIn;

/** How a dense layer's kernel or bias starts (Glorot & Bengio 2010; He et al. 2015; LeCun et al. 1998), as Keras defines them. */
export const INITIALIZERS = {
  glorotUniform: uniform(glorot),
  glorotNormal: truncatedNormal(glorot),
  heUniform: uniform(he),
  heNormal: truncatedNormal(he),
  lecunUniform: uniform(lecun),
  lecunNormal: truncatedNormal(lecun),
  zeros: () => () => 0,
  ones: () => () => 1,
} as const satisfies Record<string, Initializer>;

export type InitializerName = keyof typeof INITIALIZERS;

/** Draws a kernel [fanIn][fanOut], row by row, each number computed in float64 and rounded once. */
export function initialize(
  name: InitializerName,
  fanIn: number,
  fanOut: number,
  count: number,
  random: Random,
): Float32Array {
  const draw = INITIALIZERS[name](fanIn, fanOut, random);
  return Float32Array.from({ length: count }, () => draw());
}
