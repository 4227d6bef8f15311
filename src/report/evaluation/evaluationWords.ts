import type { Evaluation } from '../../study/evaluation/record.ts';
import { type Worded, wordsAbout } from '../dataWords.ts';

/** The words of the data that an evaluation is about; none for MNIST, whose words are taken where there are none. */
export function wordsOfEvaluation({ data }: { readonly data?: Pick<Evaluation['data'], 'set'> }): Worded {
  return data?.set ? { words: wordsAbout(data.set) } : {};
}
