import type { PrivacyAudit } from '../../../analysis/privacy/lossThreshold.ts';
import type { ArmMembership, Membership } from '../../../analysis/privacy/membership.ts';
import type { PriceOfPrivacy } from '../../../analysis/privacy/price.ts';
import { armLabel } from '../../../study/arm.ts';
import { countOf, fixed, grouped, percent } from '../../../study/wording.ts';
import type { Html } from '../../html.ts';
import { html } from '../../html.ts';
import type { EvaluationPage, PartReport } from '../part.ts';
import { servedPage } from '../serving/servedPage.ts';
import { auditFollows } from './auditFollows.ts';
import { exposedFigure } from './exposedFigure.ts';
import { fewOthersText, leastOthers, ratioOf, surenessOf } from './findings.ts';
import { gapFigure } from './gapFigure.ts';
import { privacyHighlights } from './highlights.ts';
import { membershipFollows } from './membershipFollows.ts';
import type { PrivacyParts } from './parts.ts';
import { priceFigure } from './priceFigure.ts';
import { guardedPoints, priceFollows } from './priceFollows.ts';
import { rocFigure } from './rocFigure.ts';
import { differencesTable, membershipTable, priceTable, thresholdTable } from './tables.ts';

type Place = (name: string) => Html;

const PAPER =
  'Anonymity, consent, security and the GDPR have to be respected. The paper names them and measures nothing.';

/** What a network gives away about its training images, what it would cost to prevent that, and what a server keeps of anybody (E5). */
export function privacyReport({ audit, membership, price }: PrivacyParts): PartReport {
  const priced = price !== undefined && guardedPoints(price).length > 0 ? price : undefined;
  return {
    figures: (context) => [
      ...(audit === undefined ? [] : [auditRoc(audit), auditGap(audit)].map((draw) => draw(context))),
      ...(membership === undefined
        ? []
        : [
            membershipRoc(membership)(context),
            membershipGap(membership)(context),
            ...exposedArms(membership).map((arm) => exposedFigure(arm, membership.falsePositives, context)),
          ]),
      ...(priced === undefined ? [] : [priceFigure(priced, context)]),
    ],
    tables: [
      ...(audit === undefined ? [] : [thresholdTable(audit)]),
      ...(membership === undefined ? [] : [membershipTable(membership)]),
      ...(priced === undefined
        ? []
        : [priceTable(priced), ...(priced.differences.length === 0 ? [] : [differencesTable(priced)])]),
    ],
    pages: (figure, table) => [
      auditPage(audit, figure, table),
      membershipPage(membership, figure, table),
      pricePage(priced, figure, table),
      consentPage(),
    ],
    highlights: privacyHighlights({
      ...(audit && { audit }),
      ...(membership && { membership }),
      ...(priced && { price: priced }),
    }),
  };
}

/** Arms of which images are shown as recognised. */
function exposedArms(membership: Membership): ArmMembership[] {
  return membership.arms.filter(
    (arm) => arm.exposed.length > 0 && surenessOf(ratioOf(arm, membership)) === 'shown',
  );
}

/** What the lines of a figure say, where the false-positive rate can be told. */
function linesText(others: number, falsePositives: number): string {
  const guessing = 'Along the dashed line the attack guesses';
  return others < leastOthers(falsePositives)
    ? `${guessing}; there are too few images for ${percent(falsePositives, 1)} false accusations.`
    : `${guessing}; above it at the left it is sure of some images. Vertical line: ${percent(falsePositives, 1)} false accusations.`;
}

function auditRoc({ arms, levels, others, members, falsePositives }: PrivacyAudit) {
  return rocFigure.bind(null, {
    name: 'privacy-roc',
    title: 'Are training images recognised by their loss?',
    subtitle: `${grouped(members)} training against ${grouped(others)} test images; ${arms.some(({ auc }) => auc.n > 1) ? 'means over the networks of an arm' : 'one network'}. ${linesText(others, falsePositives)}`,
    lines: arms.map(({ arm, activation, curve }) => ({
      label: armLabel(arm, activation),
      activation,
      curve,
    })),
    levels,
    others,
    falsePositives,
  });
}

function auditGap({ runs }: PrivacyAudit) {
  return gapFigure.bind(null, {
    name: 'privacy-gap',
    title: 'What is given away, and the gap between training and test',
    subtitle: `A dot for each of ${countOf(runs.length, 'network')}, its line the 95\u00a0% interval over the images. At the dashed line the attack guesses.`,
    dots: runs.map(({ arm, activation, accuracy, auc }) => ({
      arm: armLabel(arm, activation),
      activation,
      gap: accuracy.members - accuracy.others,
      auc: auc.value,
      low: auc.low,
      high: auc.high,
    })),
  });
}

function membershipRoc({ arms, levels, images, seen, falsePositives }: Membership) {
  const others = images * (1 - seen);
  return rocFigure.bind(null, {
    name: 'privacy-likelihood-ratio',
    title: 'Are training images recognised by comparison with other networks?',
    subtitle: `${grouped(images)} images, of which each network saw ${percent(seen, 0)}; means over ${arms.map(({ networks }) => networks).join(' and ')} networks. ${linesText(others, falsePositives)}`,
    lines: arms.flatMap(({ arm, activation, ratio, loss }) => [
      { label: `${armLabel(arm, activation)}, likelihood ratio`, activation, curve: ratio.curve },
      { label: `${armLabel(arm, activation)}, loss threshold`, activation, curve: loss.curve, dash: '2,3' },
    ]),
    levels,
    others,
    falsePositives,
  });
}

function membershipGap({ arms }: Membership) {
  const runs = arms.flatMap((arm) => arm.runs);
  return gapFigure.bind(null, {
    name: 'privacy-likelihood-ratio-gap',
    title: 'The same attack, network by network',
    subtitle: `A dot for each of ${countOf(runs.length, 'network')}: the area of the likelihood-ratio attack by how much better a network does on its own training images. At the dashed line the attack guesses.`,
    dots: runs.map(({ arm, activation, accuracy, ratioAuc }) => ({
      arm: armLabel(arm, activation),
      activation,
      gap: accuracy.members - accuracy.others,
      auc: ratioAuc,
    })),
  });
}

function auditPage(audit: PrivacyAudit | undefined, figure: Place, table: Place): EvaluationPage {
  const page = {
    point: 'E5',
    title: 'Privacy: is it told by the loss who was in the training?',
    paper: PAPER,
  } as const;
  if (audit === undefined) return { ...page, ...notMeasured('the privacy part of dactyl evaluate') };
  const { members, others, quick, arms, falsePositives } = audit;
  return {
    ...page,
    status: 'measured',
    measured: `Membership inference by a threshold on the loss: an image on which a network is unusually sure is called a training image. ${grouped(members)} random training images against ${grouped(others)} test images${quick ? ', a quick subset' : ''}, ${countOf(audit.runs.length, 'network')} of ${countOf(arms.length, 'arm')}.`,
    body: html`<div class="grid">${figure('privacy-roc')}${figure('privacy-gap')}</div>
      ${table('privacy-threshold')}`,
    follows: auditFollows(audit),
    unknown: [
      'The test images are by other people than the training images. A part of what the attack finds, or fails to find, may be that difference and not membership; the attack on random halves has none of it.',
      'Better attacks exist. That this one finds little proves nothing; that it finds something proves a leak, as far as the writers’ difference leaves room for it.',
      'Whether a person, with all of their images, is recognised more easily than single images: not measured.',
      ...(others < 10_000
        ? [
            others < leastOthers(falsePositives)
              ? `Which images are recognised for certain: ${fewOthersText(audit)}.`
              : `With ${grouped(others)} test images the false-positive rate of ${percent(falsePositives, 1)} rests on ${fixed(Math.floor(falsePositives * others + 1e-9), 0)} of them.`,
          ]
        : []),
    ],
  };
}

function membershipPage(membership: Membership | undefined, figure: Place, table: Place): EvaluationPage {
  const page = {
    point: 'E5',
    title: 'Privacy: is it told by comparison with other networks?',
    paper: PAPER,
  } as const;
  if (membership === undefined) {
    return { ...page, ...notMeasured('dactyl study run studies/membership.json') };
  }
  const { arms, images, seen, pooled } = membership;
  return {
    ...page,
    status: 'measured',
    measured: `The likelihood-ratio attack (LiRA, Carlini et al. 2022, online): ${arms.map(({ arm, activation, networks }) => `${networks} networks with ${armLabel(arm, activation)}`).join(', ')}, each trained on a random ${percent(seen, 0)} of ${grouped(images)} training images. Each is attacked with the others as what it would look like with and without an image; ${pooled ? 'one variance for all images, as there are few networks' : 'variances for each image'}. These are networks of a study of its own, not the ones evaluated elsewhere.`,
    body: html`<div class="grid">
        ${figure('privacy-likelihood-ratio')}${figure('privacy-likelihood-ratio-gap')}
      </div>
      ${table('privacy-membership')}
      <div class="grid">${exposedArms(membership).map(({ arm }) => figure(`privacy-exposed-${arm}`))}</div>`,
    follows: membershipFollows(membership),
    unknown: [
      'Networks trained on all images see twice as many, which makes each a little harder to recognise; how much is not measured.',
      'The attacker is strong: images and labels of the same kind, the recipe, and means to train many networks. A weaker one reaches less, one with more networks more.',
      'The networks of an arm share images and help to attack each other, so that the intervals are a little narrow.',
    ],
  };
}

function pricePage(price: PriceOfPrivacy | undefined, figure: Place, table: Place): EvaluationPage {
  const page = { point: 'E5', title: 'Privacy: what a guarantee costs in accuracy', paper: PAPER } as const;
  if (price === undefined) return { ...page, ...notMeasured('dactyl study run studies/privacy.json') };
  const { delta, conversion, images, points } = price;
  const trainings = points.reduce((sum, { accuracies }) => sum + accuracies.length, 0);
  const source =
    conversion === 'improved'
      ? 'the improved conversion of Canonne, Kamath and Steinke 2020'
      : 'the classic conversion of Mironov 2017';
  return {
    ...page,
    status: 'measured',
    measured: `A demonstration: the noise seed is public, so ε is what a secret seed would give. ${countOf(trainings, 'training')[0].toUpperCase()}${countOf(trainings, 'training').slice(1)} on ${grouped(images)} images with DP-SGD (Abadi et al. 2016): every image’s gradient is clipped, noise is added to their sum, batches are drawn by chance. ε at δ = ${delta} by a Rényi accountant (Mironov, Talwar and Zhang 2019) with ${source}, for adding or removing one image.`,
    body: html`<div class="grid">${figure('privacy-price-curve')}</div>
      ${table('privacy-price')} ${price.differences.length === 0 ? null : table('privacy-price-differences')}`,
    follows: priceFollows(price),
    unknown: [
      'No network here has a guarantee: its noise can be computed again from the published seed. In earnest the seed would be secret and the generator a cryptographic one.',
      'ε is for one image; a person who gave many is protected less, in proportion to their number.',
      'ε covers the weights of one training. Choosing settings by results, and publishing curves of training accuracy, costs privacy that is not counted.',
      'Other architectures, more epochs, larger batches or pretraining on public data can make privacy cheaper; not tried.',
    ],
  };
}

function notMeasured(
  command: string,
): Pick<EvaluationPage, 'status' | 'measured' | 'body' | 'follows' | 'unknown'> {
  return {
    status: 'not measured',
    measured: `Not measured: run ${command}.`,
    body: null,
    follows: [],
    unknown: [],
  };
}

function consentPage(): EvaluationPage {
  return servedPage('E5', {
    title: 'Privacy: consent, export and erasure',
    there:
      'This evaluation takes in nobody’s images but those of the data set. Where the model is served (dactyl serve), an image lives in memory for its request only; keeping it needs a consent with purpose and days, which gives a token that shows, exports and erases it.',
    unknown: [
      'A trained network cannot forget single images. Whoever trains on people’s images has to train anew without those that are withdrawn.',
    ],
  });
}
