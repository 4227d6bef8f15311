/** The note in which the rules of the claims were fixed, and its content as it was then. */
export const RULES_NOTE = {
  path: 'docs/decisions/0010-rules-of-the-verdicts.md',
  sha256: 'b4c16d4b5eb50337cc2422f85fa6b1c377948141d8ac1535e663a2dcbc97bb78',
} as const;

/** Seeds of ReLU against Tanh whose results were known when those rules were made. */
export const SEEN_SEEDS = { first: 1, last: 30 } as const;
