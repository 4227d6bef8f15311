import type { Rows } from '../../engine/engine.ts';
import { gradientsOfInputs } from '../../engine/inputGradients.ts';
import type { Sequential } from '../../nn/sequential.ts';
import type { Tensor } from '../../util/tensor.ts';
import { mostProbable } from '../mostProbable.ts';
import { crossLinear } from './boundary.ts';
import { rescalingOf } from './splitNetwork.ts';

/** Other classes that are tried for each image. */
const RIVALS = 3;
const ROUNDS = 3;
const STEPS = 8;
const HALVINGS = 8;
const FULL = 255;

interface Pair {
  readonly image: number;
  readonly rival: number;
}

/**
 * For each byte image x₀ and each of the three other classes nearest by the linear estimate margin / ‖∂margin/∂x‖: first to where the answer
 * is another, by steps from point to point over the margin's linear estimate (logit of the answer minus that of the other class; DeepFool, within
 * the range of pixels); then, again and again, to the point nearest to x₀ at which the margin, linear about the present point, is just below zero
 * (`crossLinear`; Croce & Hein 2020 do likewise); at the end of each round what crossed is pulled back along the line to x₀ as far as it stays crossed.
 */
export class BoundarySearch {
  readonly answers: Uint8Array;
  readonly pairs: readonly Pair[];
  /** Distance of the nearest point of each pair at which the answer is another; Infinity where none was met. */
  readonly crossed: Float64Array;
  readonly #model: Sequential;
  readonly #size: number;
  readonly #origins: Float32Array;
  readonly #best: Float32Array;

  constructor(model: Sequential, images: Tensor<Uint8Array>) {
    this.#model = model;
    const [count] = images.shape;
    this.#size = images.data.length / count;
    this.answers = mostProbable(model.predict(images));
    this.#origins = Float32Array.from(images.data, (byte) => byte / FULL);
    this.pairs = this.#nearestRivals(count);
    this.crossed = new Float64Array(this.pairs.length).fill(Infinity);
    this.#best = new Float32Array(this.pairs.length * this.#size);
  }

  point(pair: number): Float32Array {
    return this.#best.subarray(pair * this.#size, (pair + 1) * this.#size);
  }

  run(): void {
    const size = this.#size;
    const points = new Float32Array(this.pairs.length * size);
    this.pairs.forEach((pair, k) => {
      points.set(this.#origin(pair), k * size);
    });
    for (let round = 0; round < ROUNDS; round++) {
      for (let step = 0; step < STEPS; step++) this.#step(points, step < 3 ? 1 : 0.5);
      const margins = this.#margins(points, this.pairs);
      margins.forEach((margin, k) => {
        if (margin < 0) this.#keep(k, points.subarray(k * size, (k + 1) * size));
      });
      this.#pullBack();
      this.crossed.forEach((distance, k) => {
        if (distance < Infinity) points.set(this.point(k), k * size);
      });
    }
  }

  /** `share`: of the way to the aim, where the answer has been turned before. */
  #step(points: Float32Array, share: number): void {
    const size = this.#size;
    const { margins, gradients } = this.#linearise(points, this.pairs);
    const next = new Float32Array(size);
    this.pairs.forEach((pair, k) => {
      const x = points.subarray(k * size, (k + 1) * size);
      const g = gradients.subarray(k * size, (k + 1) * size);
      const origin = this.#origin(pair);
      if (margins[k] < 0) this.#keep(k, x);
      if (this.crossed[k] === Infinity) {
        crossLinear(x, g, 1.05 * margins[k] + 1e-3, next);
        x.set(next);
        return;
      }
      let ahead = margins[k];
      for (let p = 0; p < size; p++) ahead += g[p] * (origin[p] - x[p]);
      crossLinear(origin, g, ahead + 1e-3 * Math.abs(ahead) + 1e-4, next);
      // Half steps later on: two linear pieces that send the point to and fro meet between.
      for (let p = 0; p < size; p++) x[p] += share * (next[p] - x[p]);
    });
  }

  /** For each image the classes of the least margin / ‖its gradient‖. */
  #nearestRivals(count: number): Pair[] {
    const { outputs } = this.#model;
    const all = Array.from({ length: count }, (_, image) =>
      Array.from({ length: outputs }, (_, rival) => ({ image, rival })).filter(
        ({ rival }) => rival !== this.answers[image],
      ),
    );
    const points = new Float32Array(count * (outputs - 1) * this.#size);
    all.flat().forEach((pair, k) => {
      points.set(this.#origin(pair), k * this.#size);
    });
    const { margins, gradients } = this.#linearise(points, all.flat());
    const distances = margins.map((margin, k) => {
      let squares = 0;
      for (let p = k * this.#size; p < (k + 1) * this.#size; p++) squares += gradients[p] * gradients[p];
      return squares > 0 ? margin / Math.sqrt(squares) : Infinity;
    });
    return all.flatMap((pairs, image) => {
      const first = image * (outputs - 1);
      const order = pairs
        .map((_, k) => k)
        .sort((a, b) => distances[first + a] - distances[first + b] || a - b);
      return order.slice(0, RIVALS).map((k) => pairs[k]);
    });
  }

  #origin({ image }: Pair): Float32Array {
    return this.#origins.subarray(image * this.#size, (image + 1) * this.#size);
  }

  #keep(k: number, x: Float32Array): void {
    const origin = this.#origin(this.pairs[k]);
    let squares = 0;
    for (let p = 0; p < x.length; p++) squares += (x[p] - origin[p]) * (x[p] - origin[p]);
    const distance = Math.sqrt(squares);
    if (distance >= this.crossed[k]) return;
    this.crossed[k] = distance;
    this.#best.set(x, k * this.#size);
  }

  /** Shortens each crossing along its line by halving, as far as it stays one. */
  #pullBack(): void {
    const size = this.#size;
    const held = [...this.pairs.keys()].filter((k) => this.crossed[k] < Infinity);
    if (held.length === 0) return;
    const pairs = held.map((k) => this.pairs[k]);
    const low = new Float64Array(held.length);
    const high = new Float64Array(held.length).fill(1);
    const ends = held.map((k) => this.point(k).slice());
    const trial = new Float32Array(held.length * size);
    const place = (shareOf: (h: number) => number): void => {
      pairs.forEach((pair, h) => {
        const origin = this.#origin(pair);
        const share = shareOf(h);
        for (let p = 0; p < size; p++) trial[h * size + p] = origin[p] + share * (ends[h][p] - origin[p]);
      });
    };
    for (let halving = 0; halving < HALVINGS; halving++) {
      place((h) => (low[h] + high[h]) / 2);
      this.#margins(trial, pairs).forEach((margin, h) => {
        const middle = (low[h] + high[h]) / 2;
        if (margin < 0) high[h] = middle;
        else low[h] = middle;
      });
    }
    place((h) => high[h]);
    held.forEach((k, h) => {
      this.#keep(k, trial.subarray(h * size, (h + 1) * size));
    });
  }

  /** Logit of the answer minus that of the rival. */
  #margins(points: Float32Array, pairs: readonly Pair[]): Float64Array {
    const { network, outputs } = this.#model;
    const logits = this.#withPoints(points, (rows) => network.logitsOf(rows));
    return Float64Array.from(
      pairs,
      ({ image, rival }, k) => logits[k * outputs + this.answers[image]] - logits[k * outputs + rival],
    );
  }

  #linearise(
    points: Float32Array,
    pairs: readonly Pair[],
  ): { margins: Float64Array; gradients: Float32Array } {
    const { network, layers } = this.#model;
    const margins = new Float64Array(pairs.length);
    const unit = FULL * rescalingOf(layers).scale;
    const gradients = this.#withPoints(points, (rows) =>
      gradientsOfInputs(network, rows, (row, logits, weights) => {
        const { image, rival } = pairs[row];
        weights[this.answers[image]] = unit;
        weights[rival] = -unit;
        margins[row] = logits[this.answers[image]] - logits[rival];
      }),
    );
    return { margins, gradients };
  }

  #withPoints<T>(points: Float32Array, use: (rows: Rows) => T): T {
    const data = new Float32Array(points.length);
    for (let i = 0; i < data.length; i++) data[i] = points[i] * FULL;
    const rows = this.#model.network.createRows({ data, shape: [data.length / this.#size, this.#size] });
    try {
      return use(rows);
    } finally {
      rows.dispose();
    }
  }
}
