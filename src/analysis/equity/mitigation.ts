import { mean } from '../../stats/describe.ts';
import { studentInterval } from '../../stats/student.ts';
import type { ArmEquity, Equity, NetworkErrors } from './measure.ts';
import type { FamilyName } from './slices.ts';

/** A mean over pairs of one seed, with Student's 95 % interval over the seeds; null with one pair. */
export interface PairedChange {
  readonly mean: number;
  readonly interval: readonly [low: number, high: number] | null;
}

/** One recipe against the first of the same activation, network by network of the same seed. All are changes of rates, new less old. */
export interface RecipeEffect {
  readonly arm: string;
  readonly baseline: string;
  readonly activation: string;
  readonly pairs: number;
  /** What it costs: above 0 is a loss of accuracy. */
  readonly error: PairedChange;
  /** Of students, of employees, and of students less employees; null where populations are not known. */
  readonly population: {
    readonly students: PairedChange;
    readonly employees: PairedChange;
    readonly gap: PairedChange;
    /** The gap itself, as a mean over these networks: without and with the recipe. */
    readonly gapBefore: number;
    readonly gapAfter: number;
    /** Mean error of students over that of employees; null where employees have none. */
    readonly ratioBefore: number | null;
    readonly ratioAfter: number | null;
  } | null;
  /** The range of a family, worst slice less best, of each network; null where a family has fewer than two slices. */
  readonly ranges: readonly { readonly family: FamilyName; readonly change: PairedChange | null }[];
}

/**
 * What other recipes do to the gaps and to the accuracy: each arm against the first one with its activation, over the seeds
 * that both have. Empty where no two arms share activation and seed. The images are the same in all, so the intervals are
 * about other seeds only.
 */
export function mitigationOf({ arms, families }: Pick<Equity, 'arms' | 'families'>): RecipeEffect[] {
  return arms.flatMap((arm) => {
    const baseline = arms.find(({ activation }) => activation === arm.activation)!;
    const pairs = baseline === arm ? [] : pairsOf(baseline, arm);
    if (pairs.length === 0) return [];
    const change = (measure: (network: NetworkErrors) => number): PairedChange =>
      changeOf(pairs.map(([before, after]) => measure(after) - measure(before)));
    const known = pairs.every(([before, after]) => before.population !== null && after.population !== null);
    const gap = ({ population }: NetworkErrors): number => population![0] - population![1];
    return [
      {
        arm: arm.arm,
        baseline: baseline.arm,
        activation: arm.activation,
        pairs: pairs.length,
        error: change(({ error }) => error),
        population: known
          ? {
              students: change(({ population }) => population![0]),
              employees: change(({ population }) => population![1]),
              gap: change(gap),
              gapBefore: mean(pairs.map(([before]) => gap(before))),
              gapAfter: mean(pairs.map(([, after]) => gap(after))),
              ratioBefore: ratioOf(pairs.map(([before]) => before)),
              ratioAfter: ratioOf(pairs.map(([, after]) => after)),
            }
          : null,
        ranges: families.map(({ name }, f) => ({
          family: name,
          change: pairs.every(([before, after]) => before.ranges[f] !== null && after.ranges[f] !== null)
            ? change(({ ranges }) => ranges[f]!)
            : null,
        })),
      },
    ];
  });
}

function ratioOf(networks: readonly NetworkErrors[]): number | null {
  const [students, employees] = [0, 1].map((side) =>
    mean(networks.map(({ population }) => population![side])),
  );
  return employees === 0 ? null : students / employees;
}

function pairsOf(before: ArmEquity, after: ArmEquity): [NetworkErrors, NetworkErrors][] {
  const bySeed = new Map(after.networks.map((network) => [network.seed, network]));
  return before.networks.flatMap((network) => {
    const partner = bySeed.get(network.seed);
    return partner === undefined ? [] : [[network, partner] as [NetworkErrors, NetworkErrors]];
  });
}

function changeOf(differences: readonly number[]): PairedChange {
  if (differences.length < 2) return { mean: mean(differences), interval: null };
  const { mean: centre, low, high } = studentInterval(differences);
  return { mean: centre, interval: [low, high] };
}
