import { type Static, Type } from 'typebox';
import { DactylError } from '../util/errors.ts';

/**
 * Raised when a claim is judged by another measure or rule than before, or by another default; recorded beside a study's hash, not in it. 1: seeds
 * 1–30 were seen under it. 2: the note of `rulesNote.ts`. 3: no sign from
 * fewer than six seeds. 4: nor from fewer than six that differ.
 */
export const JUDGEMENT_VERSION = 4;

/** The rules by which claims are decided, fixed before the runs. */
export const Rules = Type.Object(
  {
    rope: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'region of practical equivalence of accuracies, as a share: ±',
    }),
    lossRope: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 10,
        description: 'region of practical equivalence of losses, in nats: ±; 0.004 where nothing is said',
      }),
    ),
    convergenceAccuracy: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'C3: training accuracy to be reached',
    }),
    lateAccuracy: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: 'C3: a later training accuracy, judged beside the first; 0.99 where nothing is said',
      }),
    ),
    validationAccuracy: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'C3: validation accuracy whose time is told beside it',
    }),
    stabilityFrom: Type.Integer({ minimum: 1, description: 'C4: changes after this epoch count' }),
    overfittingFrom: Type.Integer({
      minimum: 1,
      description: 'C5: change of validation accuracy and loss from this epoch to the last',
    }),
    declineFrom: Type.Integer({ minimum: 1, description: 'C6: change from this epoch to the last' }),
    confusedPairs: Type.Integer({
      minimum: 1,
      maximum: 45,
      description: 'C10: how many of the most confused pairs count as most',
    }),
    goodFrom: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'C11: validation accuracies, rounded to whole percents, from here …',
    }),
    goodTo: Type.Number({ minimum: 0, maximum: 1, description: '… to here' }),
  },
  { additionalProperties: false },
);
/** With everything said; records of before a rule was there leave it out. */
export type Rules = Required<Static<typeof Rules>>;

export const DEFAULT_RULES: Rules = {
  rope: 0.001,
  // What .001 of accuracy is worth by the paper's last epoch: .0989 nats over .0238 of errors, 4.2 nats an error.
  lossRope: 0.004,
  convergenceAccuracy: 0.98,
  lateAccuracy: 0.99,
  validationAccuracy: 0.97,
  stabilityFrom: 4,
  overfittingFrom: 5,
  declineFrom: 6,
  confusedPairs: 5,
  goodFrom: 0.96,
  goodTo: 0.98,
};

/** The rules of a study with those that its record is too old to say. */
export function rulesOf({ rules }: { readonly rules: Static<typeof Rules> }): Rules {
  return { ...DEFAULT_RULES, ...rules };
}

/** Throws E_ARGUMENT for a range of good accuracies that has none. */
export function checkRules(rules: Pick<Rules, 'goodFrom' | 'goodTo'>): void {
  if (rules.goodFrom > rules.goodTo) {
    throw new DactylError(
      'E_ARGUMENT',
      `rules: expected goodFrom of at most goodTo, received ${rules.goodFrom} and ${rules.goodTo}.`,
    );
  }
}

/** The rules that a study states itself, and any that is not the default. */
export function ownRulesOf({
  rules,
  ownRules = {},
}: {
  readonly rules: Static<typeof Rules>;
  readonly ownRules?: Partial<Rules>;
}): Partial<Rules> {
  const stated = Object.entries(rules).filter(([rule]) => Object.hasOwn(ownRules, rule));
  return { ...rulesBeside(rules, DEFAULT_RULES), ...Object.fromEntries(stated) };
}

/** Those of the rules that differ from the defaults. */
export function rulesBeside(rules: Readonly<Record<string, number>>, defaults: object): Partial<Rules> {
  const usual = Object.entries(defaults);
  return Object.fromEntries(
    Object.entries(rules).filter(
      ([rule, value]) => !usual.some(([key, own]) => key === rule && own === value),
    ),
  );
}
