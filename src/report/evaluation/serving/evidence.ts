import type { Point } from '../part.ts';

/** What a test of the server has seen. */
export interface Finding {
  readonly id: string;
  readonly points: readonly Point[];
  /** Such as 'GDPR 17' or 'AI Act 12'. */
  readonly articles: readonly string[];
  /** One sentence, with what was counted. */
  readonly says: string;
  /** The file of the test, from the project's root. */
  readonly test: string;
}

/** What the server's own tests wrote down when they last passed as a whole. */
export interface ServingEvidence {
  readonly version: string;
  readonly date: string;
  readonly findings: readonly Finding[];
}
