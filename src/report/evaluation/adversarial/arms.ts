import type { SubjectName } from '../../../analysis/subject.ts';
import { armLabel, coloursOf } from '../../../study/arm.ts';
import { summarise } from '../../../study/decision.ts';
import type { Estimate } from '../../../study/evaluation/evidence.ts';
import { countOf } from '../../../study/wording.ts';

/** The networks of one arm. */
export interface ArmOf<S extends SubjectName> {
  readonly arm: string;
  readonly label: string;
  readonly activation: string;
  /** The activation whose colour the arm has. */
  readonly colour: string;
  readonly subjects: readonly S[];
}

/** Arms in the order in which they occur. */
export function armsOfSubjects<S extends SubjectName>(subjects: readonly S[]): ArmOf<S>[] {
  const names = [...new Set(subjects.map(({ arm }) => arm))];
  const groups = names.map((arm) => subjects.filter((subject) => subject.arm === arm));
  const colours = coloursOf(groups.map(([{ arm, activation }]) => ({ name: arm, activation })));
  return groups.map((own, k) => {
    const [{ arm, activation }] = own;
    return { arm, label: armLabel(arm, activation), activation, colour: colours[k], subjects: own };
  });
}

/** The arms with ReLU and with Tanh, where there is exactly one of each. */
export function paperPair<S extends SubjectName>(
  arms: readonly ArmOf<S>[],
): { relu: ArmOf<S>; tanh: ArmOf<S> } | null {
  const only = (activation: string) => {
    const found = arms.filter((arm) => arm.activation === activation);
    return found.length === 1 ? found[0] : null;
  };
  const [relu, tanh] = [only('relu'), only('tanh')];
  return relu === null || tanh === null ? null : { relu, tanh };
}

/** first − second over the seeds that both have, with Student's 95 % interval from two on; null where they share no seed. */
export function differenceOf<S extends SubjectName>(
  first: ArmOf<S>,
  second: ArmOf<S>,
  of: (subject: S) => number,
): Estimate | null {
  const partners = new Map(second.subjects.map((subject) => [subject.seed, subject]));
  const differences = first.subjects.flatMap((subject) => {
    const partner = partners.get(subject.seed);
    return partner === undefined ? [] : [of(subject) - of(partner)];
  });
  if (differences.length === 0) return null;
  const { n, differ, mean, spread } = summarise(differences);
  return { n, differ, mean, low: spread?.low ?? null, high: spread?.high ?? null };
}

/** 'one network', 'mean over five seeds', 'one network of each arm', 'mean over 30 seeds of each arm'. */
export function seedsText<S extends SubjectName>(arms: readonly ArmOf<S>[]): string {
  const counts = arms.map(({ subjects }) => subjects.length);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const each = arms.length > 1 ? ' of each arm' : '';
  if (most === 1) return `one network${each}`;
  return `mean over ${fewest === most ? countOf(most, 'seed') : `${fewest} to ${countOf(most, 'seed')}`}${each}`;
}
