import type { EvaluatedSet } from '../../study/evaluation/record.ts';
import { grouped } from '../../study/wording.ts';
import { type CardFacts, type CardSection, contactItem, listed, said } from './items.ts';

/**
 * The seven sections of Gebru et al. 2021 for another data set than MNIST: what its images, its labels and its own sheet say. Nobody has written down more, so
 * the rest is said to be for whoever collected them.
 */
export function setSheet(facts: CardFacts, set: EvaluatedSet): CardSection[] {
  const { data } = facts.evaluation;
  const { name, shape, classes, counts, sheet = {} } = set;
  const [rows, columns, channels = 1] = shape;
  const unknown = 'Not stated with the data; to be said by whoever collected them.';
  const total = (each: readonly number[]): string => grouped(each.reduce((sum, n) => sum + n, 0));
  return [
    {
      title: 'Motivation',
      items: [
        ...(data.own
          ? [
              said(
                'Test images of the user’s own',
                `${grouped(data.testImages)} images; everything below is about ${name}.`,
              ),
            ]
          : []),
        said('What for', unknown),
        said('By whom', sheet.source ?? unknown),
      ],
    },
    {
      title: 'Composition',
      items: [
        said(
          'What it holds',
          `${channels === 1 ? 'Grey images' : `Images in ${channels} channels`} of ${rows} × ${columns} pixels with their class, ${grouped(classes.length)} classes: ${total(counts.train)} for training, ${total(counts.test)} for testing${set.testOf === undefined || data.own ? '' : `, of ${set.testOf}`}.`,
        ),
        ...contactItem(facts),
        {
          kind: 'table',
          table: {
            name: 'card-classes',
            caption: data.own
              ? 'Images per class; the test images are the user’s own'
              : 'Images per class, counted',
            columns: [
              { label: 'Class' },
              { label: 'training', format: grouped },
              { label: 'test', format: grouped },
            ],
            rows: counts.train.map((n, label) => [classes[label], n, counts.test[label]]),
          },
        },
        said(
          'Errors',
          'How many labels are wrong is not known; the evaluation ranks those that are doubtful.',
        ),
        said('About people', unknown),
      ],
    },
    { title: 'Collection process', items: [said('How', unknown), said('Consent', unknown)] },
    {
      title: 'Preprocessing and labelling',
      items:
        sheet.notes === undefined || sheet.notes.length === 0
          ? [said('Here', 'None: the bytes of the files.')]
          : [listed('Here', sheet.notes)],
    },
    {
      title: 'Uses',
      items: [said('Not for', `Telling how well images from anywhere else than ${name} are read.`)],
    },
    {
      title: 'Distribution',
      items: [
        said('Licence', sheet.licence ?? unknown),
        ...(sheet.citation === undefined ? [] : [said('Citation', sheet.citation)]),
        listed(
          'SHA-256',
          data.files.map(({ file, sha256 }) => `${file}: ${sha256}`),
        ),
      ],
    },
    { title: 'Maintenance', items: [said('Changes', unknown)] },
  ];
}
