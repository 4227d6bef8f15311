import { html, Html } from '../../report/html.ts';
import { fixed, signed } from '../../study/wording.ts';
import type { Point, ShownEffect } from './point.ts';
import { DRIFT_RULE } from '../../analysis/drift/rule.ts';

/** Of an axis of effects, in least effects that matter, on each side. */
const REACH = 6;

/** One effect as a row: its name, a dot with its interval over the band that does not matter, its value. Effects beyond the axis stand at its end, with an arrow. */
export function effectRow({ kind, label, estimate, low, high, alarm }: ShownEffect): Html {
  const least = DRIFT_RULE.least[kind];
  const place = (effect: number): number =>
    50 + (50 * Math.max(-REACH, Math.min(REACH, effect / least))) / REACH;
  const percent = (effect: number): string => `${fixed(place(effect), 2)}%`;
  const band = `${fixed(50 - 50 / REACH, 2)}%`;
  const unit = kind === 'inputs' ? ' σ' : '';
  const beyond = Math.abs(estimate) > REACH * least ? (estimate > 0 ? ' →' : ' ←') : '';
  const text = `${label}: ${signed(estimate, 2)}${unit}, interval ${signed(low, 2)} to ${signed(high, 2)}, matters from ${fixed(least, 2)}${alarm ? ', alarm' : ''}`;
  return html`<li class="${alarm ? 'alarm' : ''}">
    <span class="what">${label}</span>
    <svg role="img" aria-label="${text}">
      <rect class="least" x="${band}" width="${fixed(100 / REACH, 2)}%" y="2" height="14"></rect>
      <line class="axis" x1="50%" x2="50%" y1="0" y2="18"></line>
      <line class="range" x1="${percent(low)}" x2="${percent(high)}" y1="9" y2="9"></line>
      <circle class="dot" cx="${percent(estimate)}" cy="9" r="4"></circle>
    </svg>
    <span class="value">${signed(estimate, 2)}${unit}${beyond}${alarm ? ' alarm' : ''}</span>
  </li>`;
}

/** How far the windows were from the reference, over time: the largest weight of an effect, 1 being an alarm; alarmed windows shaded. */
export function course(points: readonly Point[]): Html | null {
  if (points.length < 2) return null;
  const most = 3;
  const heights = points.map(({ windows }) =>
    Math.min(most, Math.max(...windows.flatMap(({ effects }) => effects.map(({ weight }) => weight)))),
  );
  const x = (k: number): string => ((1000 * k) / (points.length - 1)).toFixed(1);
  const y = (weight: number): string => (74 - (72 * weight) / most).toFixed(1);
  const line = heights.map((weight, k) => `${x(k)},${y(weight)}`).join(' ');
  const width = 1000 / (points.length - 1);
  const spans = points.flatMap(({ alarm }, k) =>
    alarm
      ? [
          `<rect class="span" x="${(k * width - width / 2).toFixed(1)}" width="${width.toFixed(1)}" y="0" height="76"/>`,
        ]
      : [],
  );
  const alarms = points.filter(({ alarm }) => alarm).length;
  return html`<figure class="times">
    <svg
      viewBox="0 0 1000 76"
      preserveAspectRatio="none"
      role="img"
      aria-label="The last ${points.length} windows, ${alarms} of them with an alarm"
    >
      ${new Html(spans.join(''))}
      <line class="limit" x1="0" x2="1000" y1="${y(1)}" y2="${y(1)}"></line>
      <polyline class="line" points="${line}"></polyline>
    </svg>
    <figcaption>
      <span
        >The largest certain effect of the last ${points.length} windows, over what matters; from the dashed
        line on it is an alarm.</span
      >
      <span>${timeText(points[0].at)} to ${timeText(points.at(-1)!.at)}</span>
    </figcaption>
  </figure>`;
}

/** '2026-11-29 08:15 UTC'. */
export function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
