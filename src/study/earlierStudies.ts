import { canonicalJson } from '../util/canonicalJson.ts';
import { sha256Hex } from '../util/hash.ts';
import {
  DEFAULT_RULES,
  ownRulesOf,
  rulesBeside,
  type Rules,
  type Study,
  studyHash,
} from './configuration.ts';

/** The defaults of judgement version 1, whose records state every rule and hash them all. */
const RULES_OF_VERSION_1 = {
  rope: 0.001,
  convergenceAccuracy: 0.98,
  validationAccuracy: 0.97,
  stabilityFrom: 4,
  overfittingFrom: 5,
  declineFrom: 6,
  confusedPairs: 5,
  goodFrom: 0.96,
  goodTo: 0.98,
} as const;

/**
 * A study of a record as this version understands it: rules that it does not state are today's defaults. A record of judgement version 1 does
 * not say which it states: those are taken that differ from the defaults of then. Anything but such a record is returned as it is.
 */
export function presentStudy(recorded: unknown): unknown {
  if (!isObject(recorded) || !isObject(recorded.rules)) return recorded;
  const rules = recorded.rules as Record<string, number>;
  const ownRules = isObject(recorded.ownRules)
    ? recorded.ownRules
    : pick(rulesBeside(rules, RULES_OF_VERSION_1), DEFAULT_RULES);
  return { ...recorded, rules: { ...DEFAULT_RULES, ...ownRules }, ownRules };
}

/** Under these hashes the study is known: its own, and that of records of judgement version 1 where these could state it. */
export function hashesOf(study: Study): string[] {
  const { question, arms, split, claims, stopping } = study;
  const own = ownRulesOf(study);
  const hashes = [studyHash(study)];
  if (Object.keys(own).some((rule) => !Object.hasOwn(RULES_OF_VERSION_1, rule))) return hashes;
  const fixed = {
    judgement: 1,
    question,
    arms,
    split,
    rules: { ...RULES_OF_VERSION_1, ...own },
    ...(claims && { claims }),
    ...(stopping && { stopping }),
  };
  return [...hashes, sha256Hex(new TextEncoder().encode(canonicalJson(fixed)))];
}

function pick(own: Partial<Rules>, known: object): Partial<Rules> {
  return Object.fromEntries(Object.entries(own).filter(([rule]) => Object.hasOwn(known, rule)));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
