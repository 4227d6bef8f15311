import { atOnce, type Steps } from '../../util/steps.ts';
import type { DriftProfile } from './profile.ts';
import { driftSteps } from './measureDrift.ts';
import { type DriftMeasure, DRIFT_RULE } from './rule.ts';
import { type DriftObservations, STATISTICS } from './observations.ts';

/** What a closed window showed. */
export interface Closed {
  /** Images of every window that was judged: 250, and as many as the long one has. */
  readonly windows: readonly { readonly images: number; readonly measures: readonly DriftMeasure[] }[];
  readonly alarm: boolean;
}

const [SHORT, LONG] = DRIFT_RULE.windows;

/** The newest observations, as many as the longest window has, in one piece of memory; no pixels. */
export class Observed {
  readonly #statistics = new Float64Array(LONG * STATISTICS.length);
  readonly #answers = new Uint16Array(LONG);
  #seen = 0;

  /** Images that came since the last window was closed. */
  get waiting(): number {
    return this.#seen % SHORT;
  }

  get seen(): number {
    return this.#seen;
  }

  /** Adds one row of observations; true where it closes a window, which is then to be judged. */
  add({ statistics, answers }: DriftObservations, row: number): boolean {
    const width = STATISTICS.length;
    const place = this.#seen % LONG;
    this.#statistics.set(statistics.subarray(row * width, (row + 1) * width), place * width);
    this.#answers[place] = answers[row];
    this.#seen++;
    return this.waiting === 0;
  }

  /** The newest `count`, oldest first; fewer where there are not so many. */
  newest(count: number): DriftObservations {
    const width = STATISTICS.length;
    const n = Math.min(count, this.#seen, LONG);
    const statistics = new Float64Array(n * width);
    const answers = new Uint16Array(n);
    for (let i = 0; i < n; i++) {
      const place = (this.#seen - n + i) % LONG;
      statistics.set(this.#statistics.subarray(place * width, (place + 1) * width), i * width);
      answers[i] = this.#answers[place];
    }
    return { statistics, answers };
  }
}

/** The windows that end now: the short one, and the long one from half its length on. Copies, whatever comes meanwhile. */
export function endingWindows(observed: Observed): DriftObservations[] {
  return DRIFT_RULE.windows.flatMap((length) => {
    const window = observed.newest(length);
    return window.answers.length < (length === SHORT ? SHORT : length / 2) ? [] : [window];
  });
}

export function judgeWindows(ending: readonly DriftObservations[], profile: DriftProfile): Closed {
  return atOnce(judgeSteps(ending, profile));
}

/** The same in steps of some milliseconds. */
export function* judgeSteps(ending: readonly DriftObservations[], profile: DriftProfile): Steps<Closed> {
  const windows: Closed['windows'][number][] = [];
  for (const window of ending) {
    windows.push({ images: window.answers.length, measures: yield* driftSteps(window, profile) });
    yield;
  }
  return { windows, alarm: windows.some(({ measures }) => measures.some(({ alarm }) => alarm)) };
}
