import { standardDeviation } from '../../stats/describe.ts';
import { meanOf } from '../../study/arm.ts';
import { paperTestAccuracy } from '../../study/paper.ts';
import { ACCURACY } from '../../study/verdict.ts';
import { countOf, fixed, percent, points } from '../../study/wording.ts';
import { html, Html } from '../html.ts';
import type { Facts } from '../prose/facts.ts';
import { contrast } from '../prose/facts.ts';
import { PAGE_THEME } from '../theme.ts';

/** Above so many arms the tables do better. */
const MOST_TILES = 12;

/** The numbers that are read first: accuracy of each arm and, of two arms, their difference. */
export function keyNumbers(facts: Facts): Html {
  const { arms, results, unit, keptOut } = facts;
  if (arms.length > MOST_TILES) return new Html('');
  const measure = keptOut === 'test images' ? 'test accuracy' : 'accuracy';
  const tiles = arms.map((arm) => {
    const { trials } = arm;
    const paper = paperTestAccuracy(arm, results);
    const values = trials.map((trial) => trial.testAccuracy);
    const spread = values.length > 1 ? `± ${fixed(100 * standardDeviation(values), 2)}` : '';
    return html`<div style="--tile:${PAGE_THEME.arm(arm.colour)}">
      <dt>${arm.label}, ${measure}</dt>
      <dd><b>${percent(meanOf(arm, (trial) => trial.testAccuracy))}</b> ${spread}</dd>
      <dd class="note">
        ${countOf(trials.length, unit)}${spread === '' ? '' : ', mean ± SD'}${paper === null ? '' : `; paper ${percent(paper)}`}
      </dd>
    </div>`;
  });
  return html`<dl class="key">${tiles}${difference(facts)}</dl>`;
}

function difference({ arms, results, pairs }: Facts): Html | null {
  if (arms.length !== 2) return null;
  const one = contrast(results, arms[0], arms[1], (trial) => trial.testAccuracy, 1);
  if (one === null) return null;
  const { mean, spread } = one.summary;
  const note =
    spread === null
      ? `${countOf(one.summary.n, pairs)}, no interval`
      : `95\u00a0% interval ${ACCURACY.plain(spread.low)} to ${points(spread.high)}`;
  return html`<div>
    <dt>${arms.map(({ label }) => label).join(' minus ')}, paired</dt>
    <dd><b>${points(mean)}</b></dd>
    <dd class="note">${note}</dd>
  </div>`;
}
