import type { Equity } from '../../../analysis/equity/measure.ts';
import { grouped } from '../../../study/wording.ts';
import { html } from '../../html.ts';
import { effectSentence } from '../equity/follows.ts';
import { mitigationFigure } from '../equity/mitigation.ts';
import { mitigationTable } from '../equity/tables.ts';
import { shownArms } from '../equity/words.ts';
import type { PartReport } from '../part.ts';
import { POINTS } from './points.ts';

const NAME = 'linked-mitigation';

/** E4, second half: what other recipes do to the gaps, from the study of its own that lies beside. */
export function mitigationPoint(equity: Equity): PartReport {
  const arms = shownArms(equity);
  const { effects } = equity;
  if (effects.length === 0) return { figures: () => [], tables: [], highlights: [], pages: () => [] };
  return {
    figures: (context) => [{ ...mitigationFigure(effects, arms, equity, context), name: NAME }],
    tables: [{ ...mitigationTable(effects, arms, equity), name: NAME }],
    highlights: [],
    pages: (figure, table) => [
      {
        point: 'E4',
        title: 'What can be done about a gap',
        paper: POINTS.E4.paper,
        status: 'measured',
        measured: `The study mitigation beside this evaluation: the same network trained with other recipes, judged on the ${grouped(equity.images)} test images and paired by seed. It is about its own networks, not those of the other pages.`,
        body: html`${figure(NAME)}${table(NAME)}`,
        follows: effects.map((effect) => effectSentence(effect, arms, equity)),
        unknown: [
          'Whether what helps one group of writers here would help any other group of people.',
          'The recipe of distortion was first tried out on these test images, so its gain is a little flattered.',
        ],
      },
    ],
  };
}
