import { timesLonger } from '../../analysis/cost.ts';
import { type PartName, PARTS } from '../../analysis/evaluation/parts.ts';
import { linkedNetworks } from './related.ts';
import type { OpenOptions, Target, TargetNetwork } from './target.ts';

/** With more arms than this, parts that are about one network of each arm are about the first two arms. */
const MOST_ARMS = 4;

/** A part over the networks that it is about. */
export interface Job {
  readonly part: PartName;
  readonly networks: readonly TargetNetwork[];
  readonly seconds: number;
}

/** The measurements of a part, or why there are none. */
export async function jobsOf(part: PartName, target: Target, options: OpenOptions): Promise<Job[] | string> {
  const { networks, arms } = target;
  const { scope } = PARTS[part];
  const secondsOf = (chosen: readonly TargetNetwork[]): number =>
    chosen.reduce(
      (sum, { cost }) => sum + PARTS[part].seconds * timesLonger(cost, PARTS[part].fewer === true),
      0,
    );
  if (scope === 'all') return [{ part, networks, seconds: secondsOf(networks) }];
  if (scope === 'one') {
    const chosen = arms.length > MOST_ARMS ? arms.slice(0, 2) : arms;
    return chosen.map(({ name }) => {
      const own = [networks.find(({ arm }) => arm === name)!];
      return { part, networks: own, seconds: secondsOf(own) };
    });
  }
  const found = await linkedNetworks(scope, target, options);
  return typeof found === 'string' ? found : [{ part, networks: found, seconds: secondsOf(found) }];
}
