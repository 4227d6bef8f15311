import type { SettingEvidence } from '../../../study/evaluation/evidence.ts';
import type { Evaluation } from '../../../study/evaluation/record.ts';
import { countOf, points } from '../../../study/wording.ts';
import { html } from '../../html.ts';
import { changeText, fewText, signOf } from '../estimate.ts';
import { intervalsFigure } from '../intervalsFigure.ts';
import type { PartReport } from '../part.ts';
import { POINTS } from './points.ts';

const FIGURE = 'evaluation-augmentation';

/** E8: what training on distorted images changes, where a kept study has the same recipe with and without it. */
export function augmentationPoint({ evidence }: Evaluation): PartReport {
  const found = evidence.settings.filter(({ setting }) => setting === 'distortion');
  const unknown = [
    'Distorted digits are not the noise of a real scanner, camera or pen: a gain here does not promise one there.',
    'No network was trained on images from where it is to be used; none come with this programme.',
  ];
  if (found.length === 0) {
    return {
      figures: () => [],
      tables: [],
      highlights: [],
      pages: () => [
        {
          point: 'E8',
          ...POINTS.E8,
          status: 'not measured',
          measured:
            'Training images can be distorted anew in every epoch (rotation, scale, shear, shift, elastic), but no study kept here has the same recipe with and without it. dactyl study run studies/mitigation.json runs such a pair.',
          body: null,
          follows: [],
          unknown,
        },
      ],
    };
  }
  return {
    figures: (context) => [
      intervalsFigure(
        {
          name: FIGURE,
          title: 'Test accuracy with distorted training images minus without',
          subtitle: `Paired by seed, ${countOf(found[0].accuracy.n, 'pair')}; 95\u00a0% Student intervals. Right of zero: a gain.`,
          rows: found.map((one) => ({ label: `${one.with} (${one.study})`, ...one.accuracy })),
          axis: 'percentage points',
          write: (value) => points(value, 2).replace('\u00a0points', ''),
          zero: true,
        },
        context,
      ),
    ],
    tables: [],
    highlights: [],
    pages: (figure) => [
      {
        point: 'E8',
        ...POINTS.E8,
        status: 'measured',
        measured:
          'Arms of kept studies that differ in the distortion of their training images alone, paired by seed: the difference of their accuracies on undistorted test images.',
        body: figure(FIGURE) === null ? null : html`${figure(FIGURE)}`,
        follows: found.map(gainSentence),
        unknown,
      },
    ],
  };
}

function gainSentence({ study, without, accuracy, ...one }: SettingEvidence): string {
  const change = changeText(accuracy);
  switch (signOf(accuracy)) {
    case 'above':
      return `In the study ${study} distorted training images make ${one.with} more accurate than ${without}: ${change}.`;
    case 'below':
      return `In the study ${study} distorted training images make ${one.with} less accurate than ${without}: ${change}.`;
    default:
      return `In the study ${study} it is not settled whether distorted training images help: ${one.with} minus ${without} is ${change}${fewText(accuracy)}.`;
  }
}
