import { standardDeviation } from '../../stats/describe.ts';
import { meanOf } from '../../study/arm.ts';
import { paperTestAccuracy } from '../../study/paper.ts';
import { ACCURACY } from '../../study/verdict.ts';
import { activationName, countOf, fixed, percent, points } from '../../study/wording.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { Facts } from '../prose/facts.ts';
import { contrast } from '../prose/facts.ts';
import { PAGE_THEME } from '../theme.ts';

/** The numbers that are read first: accuracy of each arm and, of two arms, their difference. */
export function keyNumbers({ arms, results, seeds }: Facts): Html {
  const tiles = arms.map(({ activation, trials }) => {
    const paper = paperTestAccuracy(activation, results.configuration);
    const values = trials.map((trial) => trial.testAccuracy);
    const spread = values.length > 1 ? `± ${fixed(100 * standardDeviation(values), 2)}` : '';
    return html`<div style="--tile:${PAGE_THEME.arm(activation)}">
      <dt>${activationName(activation)}, test accuracy</dt>
      <dd><b>${percent(meanOf({ activation, trials }, (trial) => trial.testAccuracy))}</b> ${spread}</dd>
      <dd class="note">
        ${countOf(trials.length, 'seed')}${spread === '' ? '' : ', mean ± SD'}${paper === null ? '' : `; paper ${percent(paper)}`}
      </dd>
    </div>`;
  });
  return html`<dl class="key">${tiles}${difference({ arms, seeds })}</dl>`;
}

function difference({ arms, seeds }: Pick<Facts, 'arms' | 'seeds'>): Html | null {
  if (arms.length !== 2) return null;
  const one = contrast(arms[0], arms[1], (trial) => trial.testAccuracy, 1, ACCURACY.rope);
  if (one === null) return null;
  const { mean, spread } = one.summary;
  const note =
    spread === null
      ? `${countOf(seeds, 'seed')}, no interval`
      : `95\u00a0% interval ${ACCURACY.plain(spread.low)} to ${points(spread.high)}`;
  return html`<div>
    <dt>${arms.map(({ activation }) => activationName(activation)).join(' minus ')}, paired</dt>
    <dd><b>${points(mean)}</b></dd>
    <dd class="note">${note}</dd>
  </div>`;
}
