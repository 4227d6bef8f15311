import type { DrawnChange } from '../../../analysis/drawings/measure.ts';
import { LEVEL } from '../../../analysis/equity/gaps.ts';
import { countOf, fixed, grouped, listOf, NO_BREAK_SPACE, percent, points } from '../../../study/wording.ts';
import { fewText, signOf } from '../estimate.ts';
import { groupName, shownGroups } from './groupsFigure.ts';
import { type Drawings, drawnText, estimateOf, readText, type ShownArm, shownArms } from './words.ts';

const CONFUSIONS = 3;

/** How much of the drawings an arm reads, and what is lost beside the test images. */
export function lossSentence(drawings: Drawings, arm: ShownArm): string {
  const { label, loss, testError } = arm;
  const levels = `${label} reads ${readText(arm)} of the ${grouped(drawings.images)} drawings and ${percent(1 - testError)} of the test images`;
  const { low, high, mean } = loss;
  switch (signOf(estimateOf(loss))) {
    case 'above':
      return `${levels}: ${pointsText(mean)} (${range(low, high)}) are lost.`;
    case 'below':
      return `${levels}: ${pointsText(-mean)} more (${range(-high, -low)}).`;
    default:
      return `${levels}: no difference is shown (lost: ${withReason(loss)}).`;
  }
}

/** Points without a sign. */
function pointsText(difference: number): string {
  return `${fixed(100 * difference, 2)}${NO_BREAK_SPACE}points`;
}

function range(low: number, high: number): string {
  return `95${NO_BREAK_SPACE}% interval ${fixed(100 * low, 2)} to ${fixed(100 * high, 2)}`;
}

/** Digits whose gap holds after the correction, and what is taken for what. */
export function digitSentences(drawings: Drawings, arm: ShownArm): string[] {
  const above = heldAbove(drawings, arm, 'digits');
  const often = arm.confusions
    .slice(0, CONFUSIONS)
    .map(
      ({ digit, read, count }) =>
        `${digit} for ${read} (${fixed(count, 0)} of ${grouped(arm.digits[digit].images)})`,
    );
  return [
    above.length === 0
      ? `${arm.label}: no digit is shown to be misread more often than the rest.`
      : `${arm.label} misreads more often than the rest: ${listOf(above)}.`,
    ...(often.length === 0 ? [] : [`${arm.label} takes most often ${listOf(often)}.`]),
  ];
}

/** Where it holds after the correction: 'the digit 1 (22.70 %, +14.20 points)'. */
function heldAbove(drawings: Drawings, arm: ShownArm, kind: 'digits' | 'sources'): string[] {
  return shownGroups(drawings, kind).flatMap((g) => {
    const { difference, holm } = arm.gaps[kind][g];
    if (holm === null || holm >= LEVEL || difference === null || difference <= 0) return [];
    const name = groupName(drawings, kind, g);
    const rate = percent(arm[kind][g].rate ?? 0);
    return `${kind === 'digits' ? `the digit ${name}` : name} (${rate}, ${points(difference)})`;
  });
}

/** Which arm reads more, and which loses less. */
export function differenceSentences(drawings: Drawings): string[] {
  const labels = new Map(shownArms(drawings).map(({ arm, label }) => [arm, label]));
  return drawings.differences.flatMap(({ first, second, error, loss }) => {
    const [a, b] = [labels.get(first)!, labels.get(second)!];
    // Errors of the second less those of the first are right answers of the first less those of the second.
    const read = {
      above: `${a} reads more of the drawings than ${b}`,
      below: `${a} reads fewer of the drawings than ${b}`,
    };
    const lost = {
      above: `From test images to drawings ${a} loses less than ${b}`,
      below: `From test images to drawings ${a} loses more than ${b}`,
    };
    const unread = `Which of ${a} and ${b} reads more of the drawings is not settled`;
    const unlost = `Which of ${a} and ${b} loses less from test images to drawings is not settled`;
    return [
      `${{ ...read, few: unread, open: unread }[signOf(estimateOf(error))]}: ${a} minus ${b} is ${withReason(error)}.`,
      `${{ ...lost, few: unlost, open: unlost }[signOf(estimateOf(loss))]}: what ${b} loses less what ${a} loses is ${withReason(loss)}.`,
    ];
  });
}

function withReason(change: DrawnChange): string {
  return `${drawnText(change)}${fewText(estimateOf(change))}`;
}

/** How differently people are read. */
export function writerSentences(arms: readonly ShownArm[]): string[] {
  return arms.flatMap(({ label, byWriter }) => {
    if (byWriter === null) return [];
    const [low, median, high] = byWriter.quantiles.map((rate) => percent(rate, 1));
    return `${label}: of the ${countOf(byWriter.writers, 'person', 'people')} with 20 drawings or more one in ten is misread in ${low} or less of the drawings, half in ${median} or more, one in ten in ${high} or more.`;
  });
}

export function sourceSentences(drawings: Drawings, arms: readonly ShownArm[]): string[] {
  return arms.map((arm) => {
    const above = heldAbove(drawings, arm, 'sources');
    const shown = arm.sources.flatMap(({ rate, interval }, s) =>
      rate === null || interval === null ? [] : [{ name: drawings.sources[s], rate }],
    );
    const sorted = shown.toSorted((x, y) => x.rate - y.rate);
    const range =
      sorted.length < 2
        ? ''
        : ` Among the places with writers enough for an interval the share misread goes from ${percent(sorted[0].rate)} (${sorted[0].name}) to ${percent(sorted.at(-1)!.rate)} (${sorted.at(-1)!.name}).`;
    return above.length === 0
      ? `${arm.label}: no place is shown to be misread more often than the rest.${range}`
      : `${arm.label} misreads more often than the rest: the drawings of ${listOf(above)}.${range}`;
  });
}

export function agreedSentence({ agreedOtherwise, images, arms }: Drawings): string {
  const networks = arms.reduce((sum, arm) => sum + arm.networks.length, 0);
  const who = networks === 1 ? 'the network reads' : `all ${countOf(networks, 'network')} read`;
  return `${grouped(agreedOtherwise)} drawings (${percent(agreedOtherwise / images)}) ${who} as ${networks === 1 ? 'another digit' : 'one and the same other digit'}: wrong labels, fragments and other ways of writing are among them; they are counted as misread.`;
}
