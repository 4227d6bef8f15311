import { html } from '../../html.ts';
import type { EvaluationPage, Point } from '../part.ts';
import { POINTS } from '../points/points.ts';
import { SERVING_EVIDENCE } from './servingEvidence.ts';

interface Served {
  readonly title: string;
  /** What there is, whoever serves the model. */
  readonly there: string;
  readonly unknown: readonly string[];
}

/** What of a point is there where the model is served, with what the server's own tests have seen. Not about this evaluation's networks. */
export function servedPage(point: Point, { title, there, unknown }: Served): EvaluationPage {
  const { version, date, findings } = SERVING_EVIDENCE;
  const own = findings.filter(({ points }) => points.includes(point));
  return {
    point,
    title,
    paper: POINTS[point].paper,
    status: 'built',
    measured: `${there} The sentences below are what the server’s own tests have seen, of version ${version}, on ${date}; they are about the server, not about the networks of this evaluation.`,
    body: html`<ul class="risks prose">
      ${own.map(
        ({ says, articles }) =>
          html`<li>
            ${says}${articles.length === 0 ? null : html` <small>(${articles.join(', ')})</small>`}
          </li>`,
      )}
    </ul>`,
    follows: [],
    unknown,
  };
}
