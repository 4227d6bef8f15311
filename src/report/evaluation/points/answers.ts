import { singleDesignEffect } from '../../../analysis/equity/designEffects.ts';
import type { Answers } from '../../../analysis/evaluation/answers.ts';
import { resultsOfPart, type EvaluatedArm, type Evaluation } from '../../../study/evaluation/record.ts';
import { capitalised, countOf, grouped, percent } from '../../../study/wording.ts';
import { type Share, shareOf } from '../estimate.ts';
import { inputDoubts, oneClassDoubt } from '../inputDoubts.ts';
import { type Worded, wordsIn } from '../../dataWords.ts';
import { wordsOfEvaluation } from '../evaluationWords.ts';

/** The accuracy of an arm's networks. */
export interface ArmAnswers extends Worded {
  readonly arm: EvaluatedArm;
  readonly accuracy: Share;
  readonly accuracies: readonly number[];
  /** Share that a constant answer, the commonest class, would reach. */
  readonly constant: number;
  /** Mean share of the most frequent answer: 1 for a network that always says the same. */
  readonly commonest: { readonly digit: number; readonly share: number };
  readonly confusions: readonly (readonly (readonly number[])[])[];
  readonly images: number;
  /** Why the accuracy says nothing of these networks: about images, labels or input, as `inputDoubts` has it. */
  readonly doubt: string | null;
}

/** One for each arm with answers; empty where they were not measured. */
export function armAnswers(evaluation: Evaluation): ArmAnswers[] {
  const answers: Answers | undefined = resultsOfPart(evaluation, 'answers').at(0);
  if (answers === undefined) return [];
  const doubts = inputDoubts(evaluation).filter(({ spoils }) => spoils === 'answers');
  return evaluation.arms.flatMap((arm) => {
    const own = answers.subjects.filter((subject) => subject.arm === arm.name);
    if (own.length === 0) return [];
    const accuracies = own.map(({ accuracy }) => accuracy);
    const classes = own[0].confusion.map((row) => row.reduce((sum, n) => sum + n, 0));
    const answered = classes.map(
      (_, p) =>
        own.reduce((sum, { confusion }) => sum + confusion.reduce((all, row) => all + row[p], 0), 0) /
        (own.length * answers.images),
    );
    const share = Math.max(...answered);
    return {
      arm,
      accuracy: shareOf(
        accuracies,
        answers.images,
        own[0].mnist === null ? 1 : singleDesignEffect([own[0].mnist.students, own[0].mnist.employees]),
      ),
      accuracies,
      constant: Math.max(...classes) / answers.images,
      commonest: { digit: answered.indexOf(share), share },
      confusions: own.map(({ confusion }) => confusion),
      images: answers.images,
      ...wordsOfEvaluation(evaluation),
      doubt:
        doubts.find((doubt) => doubt.arms.includes(arm.name))?.seen ??
        oneClassDoubt(classes, answers.images, wordsIn(wordsOfEvaluation(evaluation))),
    };
  });
}

/** How good the answers are, in words: what the accuracy is worth beside a constant answer; 'unclear' where it says nothing. */
export function qualityOf({ accuracy, constant, commonest, doubt, ...worded }: ArmAnswers): {
  readonly level: 'unclear' | 'useless' | 'poor' | 'usable';
  readonly text: string;
  /** 'about one image in 5', where the text begins with it. */
  readonly misread: string | null;
} {
  const { classes, things, one } = wordsIn(worded);
  if (doubt !== null)
    return {
      level: 'unclear',
      text: `${doubt} How well ${things} are read cannot be told from this.`,
      misread: null,
    };
  if (commonest.share === 1) {
    return {
      level: 'useless',
      text: `Every image is answered with ${classes[commonest.digit]}: nothing was learnt that could be used.`,
      misread: null,
    };
  }
  // With a little room: a network that guesses by the classes' frequencies is no better either.
  if (accuracy.low <= constant + 0.02) {
    return {
      level: 'useless',
      text: `That is not clearly more than the ${percent(constant, 1)} that one and the same answer to every image would get right: ${one === 'digit' ? 'no digits are read' : 'nothing was learnt that could be used'}.`,
      misread: null,
    };
  }
  const error = 1 - accuracy.mean;
  const misread = error === 0 ? null : `about one image in ${oneIn(error)}`;
  if (error > 0.1) {
    return {
      level: 'poor',
      misread,
      text: `${capitalised(misread!)} is misread: too many for any use without a person who reads everything again.`,
    };
  }
  return {
    level: 'usable',
    misread,
    text:
      misread === null
        ? 'None of these images is misread; that does not promise the same for others.'
        : `${capitalised(misread)} is misread.${one === 'digit' ? numbersText(error) : ''}`,
  };
}

function numbersText(error: number): string {
  return ` Of numbers with ${countOf(8, 'digit')}, such as dates, about ${wrongOf(error, 8)} in 100 would come out wrong, if errors fell independently.`;
}

function oneIn(error: number): string {
  return grouped(Math.max(2, Math.round(1 / error)));
}

/** Of 100 numbers of so many digits, those with at least one error. */
function wrongOf(error: number, digits: number): string {
  let right = 1;
  for (let k = 0; k < digits; k++) right *= 1 - error;
  return grouped(Math.round(100 * (1 - right)));
}
