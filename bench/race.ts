import type { Contestant } from './contestants.ts';
import { type Case, median } from './recipe.ts';

/** Slower contestants run fewer rounds: an epoch of this many seconds or more is not repeated often. */
const SLOW_SECONDS = 8;
const SLOW_ROUNDS = 2;

export interface Timing {
  readonly name: string;
  readonly seconds: readonly number[];
  readonly median: number;
}

/**
 * Trains one epoch each in turn, round after round, so that what disturbs the machine disturbs all; `between` runs after every round.
 * The first round warms up. Contestants that cannot do the case are left out.
 */
export async function race(
  what: Case,
  contestants: readonly Contestant[],
  rounds: number,
  between: () => void = () => {},
): Promise<Timing[]> {
  const times = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  for (const contestant of contestants) await contestant.reset();
  for (let round = 0; round <= rounds; round++) {
    for (const contestant of contestants) {
      const own = times.get(contestant.name)!;
      if (own.length >= SLOW_ROUNDS && own[0] > SLOW_SECONDS) continue;
      const seconds = await contestant.epoch(what);
      if (round > 0 && seconds !== null) own.push(seconds);
    }
    between();
  }
  return [...times]
    .filter(([, seconds]) => seconds.length > 0)
    .map(([name, seconds]) => ({ name, seconds, median: median(seconds) }));
}
