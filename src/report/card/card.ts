import type { Evaluation } from '../../study/evaluation/record.ts';
import type { Contact } from '../../data/contact.ts';
import { contactSheet } from '../contactSheet.ts';
import { wordsIn } from '../dataWords.ts';
import { wordsOfEvaluation } from '../evaluation/evaluationWords.ts';
import { evaluationPages } from '../evaluation/page.ts';
import { reportsOf } from '../evaluation/reports.ts';
import { Html } from '../html.ts';
import { dataSheet } from './dataSheet.ts';
import type { CardFacts, CardSection, ClassCounts } from './items.ts';
import { modelCard } from './modelCard.ts';
import { setSheet } from './setSheet.ts';

/** A model card in the structure of Mitchell et al. 2019 and a data sheet in that of Gebru et al. 2021. */
export interface Card {
  readonly format: 'dactyl-card/1';
  readonly title: string;
  /** What the card is about, and the command that writes it again. */
  readonly target: Evaluation['target'];
  readonly command: string;
  readonly networks: Evaluation['networks'];
  readonly files: Evaluation['data']['files'];
  /** Keys of the measurements behind it. */
  readonly measurements: readonly { readonly part: string; readonly key: string }[];
  readonly model: readonly CardSection[];
  readonly dataSheet: readonly CardSection[];
  /** Of the data set, where it is another than MNIST. */
  readonly data?: string;
}

/** Only what was measured or stands in the files; what is not known is said to be so. `contact`: some of the training images, to be shown. */
export function cardOf(
  evaluation: Evaluation,
  counts: ClassCounts,
  command: string,
  contact?: Contact,
): Card {
  const nothing = (): Html => new Html('');
  const facts: CardFacts = {
    evaluation,
    counts,
    contact: contact ? contactSheet(contact, wordsIn(wordsOfEvaluation(evaluation))) : null,
    pages: evaluationPages(evaluation, nothing, nothing),
    highlights: reportsOf(evaluation).flatMap(({ highlights }) => highlights),
    command,
  };
  const { target, networks, data, parts } = evaluation;
  return {
    format: 'dactyl-card/1',
    title: `Model card: ${target.name}`,
    target,
    command,
    networks,
    files: data.files,
    measurements: parts.map(({ part, key }) => ({ part, key })),
    model: modelCard(facts),
    ...(data.set && { data: data.set.name }),
    dataSheet: data.set ? setSheet(facts, data.set) : dataSheet(facts),
  };
}
