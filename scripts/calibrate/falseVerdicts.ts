import { Random } from '../../src/util/random.ts';
import type { Fixture } from './fixture.ts';
import { wrongVerdicts } from './nulls.ts';
import { SCENARIOS, type Scenario, type ScenarioName } from './scenarios.ts';
import { judged } from './studies.ts';

/** How often a statement was judged falsely. */
export interface FalseVerdicts {
  readonly statement: string;
  /** Studies in which it was judged at all. */
  readonly judged: number;
  /** By the statement's own rule. */
  readonly supported: number;
  readonly contradicted: number;
  readonly equivalent: number;
  /** Supported or contradicted as the report shows it, after Holm. */
  readonly shown: number;
}

export interface NullStudies {
  readonly scenario: ScenarioName;
  readonly n: number;
  readonly studies: number;
  readonly statements: readonly FalseVerdicts[];
  /** Studies with at least one false verdict among all, as the report shows them. */
  readonly any: number;
}

/** Judges null studies of `n` seeds. They are numbered from `first`, so that they can be made in parts. */
export function nullStudies(
  fixture: Fixture,
  scenario: ScenarioName,
  n: number,
  studies: number,
  first = 0,
): NullStudies {
  const { claims, draw }: Scenario = SCENARIOS[scenario];
  const counts = new Map<string, { -readonly [K in keyof FalseVerdicts]: FalseVerdicts[K] }>();
  let any = 0;
  for (let study = first; study < first + studies; study++) {
    const pairs = draw(fixture, n, new Random(study, `null/${scenario}/${n}`));
    const { writers } = fixture;
    const said = judged(pairs, { claims, ...(claims.includes('C2') && { writers }) });
    let isWrong = false;
    for (const [statement, { alone, shown }] of said) {
      const wrong = wrongVerdicts(statement, scenario);
      if (wrong.length === 0) continue;
      const count = counts.get(statement) ?? {
        statement,
        judged: 0,
        supported: 0,
        contradicted: 0,
        equivalent: 0,
        shown: 0,
      };
      counts.set(statement, count);
      if (alone === 'not measured') continue;
      count.judged++;
      if (alone === 'equivalent') count.equivalent++;
      if ((alone === 'supported' || alone === 'contradicted') && wrong.includes(alone)) count[alone]++;
      if (wrong.includes(shown)) {
        count.shown++;
        isWrong = true;
      }
    }
    if (isWrong) any++;
  }
  return { scenario, n, studies, statements: [...counts.values()], any };
}

/** Parts of one simulation as the whole. */
export function together(parts: readonly NullStudies[]): NullStudies {
  const [{ scenario, n, statements }] = parts;
  const sum = (of: (part: NullStudies) => number) => parts.reduce((total, part) => total + of(part), 0);
  return {
    scenario,
    n,
    studies: sum(({ studies }) => studies),
    any: sum(({ any }) => any),
    statements: statements.map(({ statement }, s) => ({
      statement,
      judged: sum((part) => part.statements[s].judged),
      supported: sum((part) => part.statements[s].supported),
      contradicted: sum((part) => part.statements[s].contradicted),
      equivalent: sum((part) => part.statements[s].equivalent),
      shown: sum((part) => part.statements[s].shown),
    })),
  };
}
