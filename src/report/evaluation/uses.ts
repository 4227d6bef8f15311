import type { DataWords } from '../dataWords.ts';

/** What any classifier of such images is fit for, whatever its numbers. */
export const INTENDED: readonly string[] = [
  'Teaching and research: comparing networks, statistics and explanations on a small, well-known task.',
  'Trying out how a model is tested, documented and supervised before it is used for anything.',
];

/** What it is not fit for. */
export function prohibitedUses({ isMnist, isInk, name }: DataWords): readonly string[] {
  return [
    isMnist
      ? 'Reading digits where an error harms somebody: cheques, forms, doses, votes, examination marks. The training images are clean, centred digits of the 1990s from one country.'
      : `Any use where an error harms somebody. The networks were trained on the images of ${name}; what these stand for, whoever collected them has to say.`,
    isInk
      ? 'Deciding about people, or telling who wrote something or what group a writer belongs to.'
      : 'Deciding about people.',
    'Any use without a person who can see, correct and answer for what comes out.',
  ];
}
