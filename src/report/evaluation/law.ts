import type { DataWords } from '../dataWords.ts';
import type { EvaluationPage, Point } from './part.ts';

/** A row of the map to law: what an article asks, and what there is. */
export interface LawRow {
  readonly law: 'GDPR' | 'AI Act';
  readonly article: string;
  readonly asks: string;
  /** What this programme has, or what this evaluation measured. */
  readonly here: string;
  readonly points: readonly Point[];
}

/** What a point's pages came to. */
type Status = (point: Point, title?: string) => EvaluationPage['status'];

/**
 * Regulation (EU) 2016/679 (GDPR) and Regulation (EU) 2024/1689 (AI Act), article by article, as far as a classifier of images
 * meets them. Whether an article applies depends on the use. No legal advice.
 */
export function lawRows(status: Status, { isMnist, name }: Pick<DataWords, 'isMnist' | 'name'>): LawRow[] {
  const when = (point: Point, measured: string, otherwise = 'Not measured here'): string =>
    `${status(point) === 'measured' ? measured : otherwise} (${point}).`;
  return [
    {
      law: 'GDPR',
      article: 'Art. 5(1)',
      asks: 'Lawful, purpose-bound, minimal, accurate, time-limited and secure processing of personal data.',
      here: 'The programme reads files that it is given and sends nothing anywhere. Kept results hold a few of the test images; it keeps no image of anybody else. Served (dactyl serve), an image lives in memory for its request only, unless a consent with purpose and days is given.',
      points: ['E11'],
    },
    {
      law: 'GDPR',
      article: 'Art. 5(2), 24, 30',
      asks: 'Being able to show that the rules are kept; records of processing.',
      here: 'Every result states its configuration, data and checksums, and the command that gives it again to the bit. Served, every answer and every step of a consent stands in a log that shows later changes; a record of processing to fill in comes with the documents.',
      points: ['E7', 'E11'],
    },
    {
      law: 'GDPR',
      article: 'Art. 6',
      asks: 'A legal basis, such as consent, for each purpose.',
      here: `Served, nothing is kept without a consent for a purpose; its proof stays. ${isMnist ? 'MNIST’s images carry no names.' : `Whether the images of ${name} name or show anybody, whoever collected them has to say.`}`,
      points: ['E5'],
    },
    {
      law: 'GDPR',
      article: 'Art. 9, 4(14)',
      asks: 'Special care for biometric data used to identify a person.',
      here: isMnist
        ? 'Digits are read, writers are not identified; used to tell who wrote something, handwriting may become such data. That use is excluded.'
        : 'Nobody is identified; images of people, or of what they wrote, may become such data where they tell who is who. That use is excluded.',
      points: ['E13'],
    },
    {
      law: 'GDPR',
      article: 'Art. 13–15',
      asks: 'Information for those concerned, with the logic involved in automated decisions.',
      here: when(
        'E6',
        'Explanations of single answers, with their faithfulness measured',
        'Explanations were not measured here',
      ),
      points: ['E6', 'E10'],
    },
    {
      law: 'GDPR',
      article: 'Art. 16–17, 20',
      asks: 'Rectification, erasure and portability of personal data.',
      here: 'Served: a token shows, corrects, exports and erases the images of one consent, in backups too. A trained network cannot forget single images; whether it gives away who was in its training is the audit.',
      points: ['E5'],
    },
    {
      law: 'GDPR',
      article: 'Art. 22',
      asks: 'No decision with serious effects by a machine alone; a person who can intervene.',
      here:
        when(
          'E7',
          'Thresholds below which the network abstains, with their guarantee',
          'Abstention was not measured here',
        ) +
        ' Served, answers that are not sure and were consented to wait in a queue where a person decides and nothing is preselected.',
      points: ['E7'],
    },
    {
      law: 'GDPR',
      article: 'Art. 25, 32',
      asks: 'Data protection by design and by default; security.',
      here:
        when(
          'E5',
          'How far membership in the training images can be told from the network',
          'The privacy audit was not run here',
        ) +
        ' Model files name layers of a closed list and can run no code. What a server keeps is encrypted, with a key for each consent.',
      points: ['E5'],
    },
    {
      law: 'GDPR',
      article: 'Art. 35',
      asks: 'An assessment of the consequences where the risk to people is high.',
      here: 'These pages can be part of one; they do not replace it.',
      points: ['E11', 'E13'],
    },
    {
      law: 'AI Act',
      article: 'Art. 6, Annex III',
      asks: 'High-risk systems are those of listed uses; the duties below are theirs.',
      here: `A ${isMnist ? 'digit classifier' : 'classifier of images'} alone is none of them; as a part of one (say, marking examinations, or a public benefit) it would be. That use is excluded here.`,
      points: ['E13'],
    },
    {
      law: 'AI Act',
      article: 'Art. 9',
      asks: 'A risk management system over the whole life of the system.',
      here: 'The risks above are measured, once, before use. A process that repeats it is for whoever uses the model.',
      points: ['E13'],
    },
    {
      law: 'AI Act',
      article: 'Art. 10',
      asks: 'Data governance: origin, relevance, errors, bias of training and test data.',
      here:
        when(
          'E4',
          isMnist ? 'Errors by writer population and by slices' : 'Errors by class',
          'Errors by group were not measured here',
        ) + ' Origin and checksums of the data stand in the model card’s data sheet.',
      points: ['E4', 'E1'],
    },
    {
      law: 'AI Act',
      article: 'Art. 11, 13',
      asks: 'Technical documentation; information for those who use the system.',
      here: 'The model card and data sheet (dactyl card) and these pages, all made from measurements.',
      points: ['E10', 'E13'],
    },
    {
      law: 'AI Act',
      article: 'Art. 12, 19',
      asks: 'Automatic logs of what the system does.',
      here: 'Served: an append-only log with a chain of hashes and signed checkpoints, without pixels and identity, kept 183 days unless set otherwise.',
      points: ['E7', 'E9'],
    },
    {
      law: 'AI Act',
      article: 'Art. 14, 26',
      asks: 'Oversight by people who understand the limits and can intervene.',
      here:
        when(
          'E7',
          'Abstention and sets of answers show where a person is needed',
          'Abstention was not measured here',
        ) + ' Served, the review queue is where that person works.',
      points: ['E7'],
    },
    {
      law: 'AI Act',
      article: 'Art. 15',
      asks: 'Stated accuracy, robustness against errors and noise, and against attacks.',
      here: when(
        'E1',
        'Accuracy with intervals, corruptions, noise and attacks',
        'Robustness was not measured here',
      ),
      points: ['E1'],
    },
    {
      law: 'AI Act',
      article: 'Art. 72–73',
      asks: 'Monitoring after the system is in use; reports of serious incidents.',
      here: 'Served: drift, confidence and estimated accuracy are watched and alarms sent. Reports of incidents are for whoever uses the model.',
      points: ['E9'],
    },
    {
      law: 'AI Act',
      article: 'Art. 86',
      asks: 'A right to an explanation of decisions with legal or similar effects.',
      here: when('E6', 'Explanations of single answers', 'Explanations were not measured here'),
      points: ['E6'],
    },
  ];
}
