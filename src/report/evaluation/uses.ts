/** What any classifier of MNIST's digits is fit for, and what it is not, whatever its numbers. */
export const INTENDED: readonly string[] = [
  'Teaching and research: comparing networks, statistics and explanations on a small, well-known task.',
  'Trying out how a model is tested, documented and supervised before it is used for anything.',
];

export const PROHIBITED: readonly string[] = [
  'Reading digits where an error harms somebody: cheques, forms, doses, votes, examination marks. The training images are clean, centred digits of the 1990s from one country.',
  'Deciding about people, or telling who wrote something or what group a writer belongs to.',
  'Any use without a person who can see, correct and answer for what comes out.',
];
