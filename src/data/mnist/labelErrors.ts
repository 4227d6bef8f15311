/** A label of the MNIST test set that human raters reject; `corrected` is null where they found no right one. */
export interface LabelError {
  readonly index: number;
  readonly given: number;
  readonly corrected: number | null;
}

/**
 * The 15 test labels that raters reject (Northcutt, Athalye & Mueller 2021, arXiv 2103.14749; cleanlab/label-errors), of
 * which 947 and 6651 unanimously. For 2654, 3520 and 9679 neither the given nor the guessed label is right.
 */
export const TEST_LABEL_ERRORS: readonly LabelError[] = [
  { index: 947, given: 8, corrected: 9 },
  { index: 1621, given: 0, corrected: 6 },
  { index: 1901, given: 9, corrected: 4 },
  { index: 2130, given: 4, corrected: 9 },
  { index: 2462, given: 2, corrected: 0 },
  { index: 2597, given: 5, corrected: 3 },
  { index: 2654, given: 6, corrected: null },
  { index: 3520, given: 6, corrected: null },
  { index: 3558, given: 5, corrected: 0 },
  { index: 5937, given: 5, corrected: 3 },
  { index: 6651, given: 0, corrected: 6 },
  { index: 6783, given: 1, corrected: 6 },
  { index: 8527, given: 4, corrected: 9 },
  { index: 9679, given: 6, corrected: null },
  { index: 9729, given: 5, corrected: 6 },
];
