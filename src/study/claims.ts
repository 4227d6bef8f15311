/** A statement of the re-run report. */
export interface Claim {
  readonly id: string;
  readonly title: string;
  /** The report's own words in short, with its own numbers. */
  readonly paper: string;
}

export const CLAIMS = [
  {
    id: 'C1',
    title: 'ReLU has the higher test accuracy',
    paper:
      'ReLU reaches a higher test accuracy than Tanh: .9762 against .9729. (Its second part says 97.8 % against 97.7 %, which is the last value of neither curve.)',
  },
  {
    id: 'C2',
    title: 'ReLU generalises better',
    paper: 'ReLU generalises better to new, unseen data.',
  },
  {
    id: 'C3',
    title: 'ReLU converges faster',
    paper: 'ReLU converges faster, as its curves of training accuracy and training loss are said to show.',
  },
  {
    id: 'C4',
    title: 'Which is more stable',
    paper:
      'Said both ways: Tanh is the more stable and fluctuates less from epoch to epoch; and, in the comparison and the conclusion, ReLU is the more stable.',
  },
  {
    id: 'C5',
    title: 'Which overfits',
    paper:
      'Said both ways: ReLU overfits after epoch 4 or 5 while Tanh stays stable; and Tanh overfits towards the end. By its own table the validation loss rises from its minimum by .0250 (ReLU) and .0246 (Tanh).',
  },
  {
    id: 'C6',
    title: 'Tanh declines towards the end',
    paper: 'The accuracy of Tanh declines, and its errors grow, towards the end of training.',
  },
  {
    id: 'C7',
    title: 'ReLU resists noise better',
    paper: 'ReLU resists noise much better than Tanh. No measurement is given.',
  },
  {
    id: 'C8',
    title: 'Tanh is sensitive to its input',
    paper: 'Tanh is highly sensitive to input values and to gradients. No measurement is given.',
  },
  {
    id: 'C9',
    title: 'The digit 1 is recognised best, 8 and 6 worst',
    paper:
      'The digit 1 is recognised best (1,122 of 1,135 with ReLU, 1,125 with Tanh); the lowest are 8 and 6 (937 and 939 with ReLU; 6 with 936 with Tanh). These are counts, not rates.',
  },
  {
    id: 'C10',
    title: 'The most confused pairs',
    paper:
      'ReLU confuses 9 and 7 most (28 times), then 5 and 3 (13) and 8 and 7 (12); Tanh 4 and 9 (35), then 3 and 5 and 7 and 2. Which digit is the true one is not always clear.',
  },
  {
    id: 'C11',
    title: 'Both models are good enough',
    paper:
      "Both models are good enough, with a validation accuracy 'between 96 and 98 %'. (The lowest values of its own table are .9561 and .9598.)",
  },
  {
    id: 'C12',
    title: 'ReLU has the higher training accuracy',
    paper:
      'ReLU has the higher training accuracy. Its table says .9923 for ReLU and .9936 for Tanh; the text calls the test accuracies .9762 and .9729 training accuracies.',
  },
  {
    id: 'C13',
    title: 'ReLU has the lower error',
    paper:
      'ReLU has the lower error. Its table says: training loss .0230 for ReLU and .0201 for Tanh, validation loss .0989 and .1013.',
  },
] as const satisfies readonly Claim[];

export const CLAIM_IDS = CLAIMS.map(({ id }) => id);
export type ClaimId = (typeof CLAIMS)[number]['id'];
