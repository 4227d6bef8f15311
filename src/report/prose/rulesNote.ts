import { rulesOf, DEFAULT_RULES, JUDGEMENT_VERSION, type Study } from '../../study/configuration.ts';
import { RULES_NOTE, SEEN_SEEDS } from '../../study/rulesNote.ts';
import { canonicalJson } from '../../util/canonicalJson.ts';

/** Which rules judge the claims, what had been seen when they were made, and whether this study's seeds are among it. */
export function rulesNote(study: Study): string {
  const { first, last } = SEEN_SEEDS;
  const own = canonicalJson(rulesOf(study)) === canonicalJson(DEFAULT_RULES);
  const seen = study.seeds.filter((seed) => seed >= first && seed <= last);
  const rules = `The rules are version ${JUDGEMENT_VERSION}, revised after seeds ${first} to ${last} of this comparison had been seen, and written down in ${RULES_NOTE.path} (SHA-256 ${RULES_NOTE.sha256}); that fewer than six seeds decide no sign stands in docs/decisions/0025-six-pairs.md.`;
  if (!own || seen.length === 0) return rules;
  const which =
    seen.length === study.seeds.length ? 'The seeds of this study are' : `Some of this study's seeds are`;
  return `${rules} ${which} among those: its verdicts are not independent of the runs by which the rules were made.`;
}
