import type { TuningEvidence } from '../../../study/evaluation/tuningEvidence.ts';
import type { Evaluation } from '../../../study/evaluation/record.ts';
import { activationName, countOf, listOf, percent } from '../../../study/wording.ts';
import { html } from '../../html.ts';
import type { PartReport } from '../part.ts';
import { POINTS } from './points.ts';

const TABLE = 'evaluation-tuning';
const UNKNOWN = [
  'Whether settings outside the ranges that were searched suit these networks better.',
  'Other data need a search of their own: what is best on MNIST says little about it.',
];

/** E2: what finished searches came to. */
export function tuningPoint({ evidence: { tuning } }: Evaluation): PartReport {
  const arms = tuning.flatMap((search) => search.arms.map((arm) => ({ search, arm })));
  if (arms.length === 0) {
    return {
      figures: () => [],
      tables: [],
      highlights: [],
      pages: () => [
        {
          point: 'E2',
          ...POINTS.E2,
          status: 'not measured',
          measured:
            'No finished search lies beside this evaluation. dactyl tune studies/tuning.json searches widths, depth, batch size, epochs, learning rate and more, with the same budget for every activation.',
          body: null,
          follows: [],
          unknown: UNKNOWN,
        },
      ],
    };
  }
  return {
    figures: () => [],
    tables: [
      {
        name: TABLE,
        caption: 'Best settings found, by accuracy on training images kept out',
        columns: [
          { label: 'Arm' },
          { label: 'search' },
          { label: 'settings tried' },
          { label: 'epochs trained' },
          { label: 'best', format: percent },
          { label: 'after epochs' },
          { label: 'as it stands', format: percent },
          { label: 'after epochs' },
        ],
        rows: arms.map(({ search, arm: { arm, configurations, epochs, best, plain } }) => [
          activationName(arm),
          search.search,
          configurations,
          epochs,
          best?.accuracy ?? null,
          best?.epochs ?? null,
          plain?.accuracy ?? null,
          plain?.epochs ?? null,
        ]),
      },
    ],
    highlights: [],
    pages: (_, table) => [
      {
        point: 'E2',
        ...POINTS.E2,
        status: 'measured',
        measured: `Random search with successive halving, the same budget for every arm; judged by training images kept out, never by test images (${listOf(tuning.map(({ search, hash }) => `${search}, hash ${hash.slice(0, 12)}…`))}). The networks of this evaluation have the settings of their own study, not these.`,
        body: html`${table(TABLE)}`,
        follows: arms.map(({ arm }) => armSentence(arm)),
        unknown: [
          'The best of many tries flatters itself on the images that it was chosen by; fresh seeds on the test set would say what it is worth (best.json of the search is a study for that).',
          ...UNKNOWN,
        ],
      },
    ],
  };
}

function armSentence({ arm, configurations, best, plain }: TuningEvidence['arms'][number]): string {
  const name = activationName(arm);
  if (best === null) return `${name}: no setting out of ${configurations} could be trained.`;
  const against = plain === null ? '' : `, against ${percent(plain.accuracy)} of the recipe as it stands`;
  const words = best.words.length === 0 ? 'the recipe as it stands' : listOf(best.words);
  return `${name}: the best of ${countOf(configurations, 'setting')} reaches ${percent(best.accuracy)}${against} on images kept out, with ${words}.`;
}
