import { Accuracy } from './accuracy.ts';
import { AUC } from './auc.ts';
import { BalancedAccuracy } from './balancedAccuracy.ts';
import { F1Score } from './f1Score.ts';
import { MeanAbsoluteError } from './meanAbsoluteError.ts';
import { MeanSquaredError } from './meanSquaredError.ts';
import type { MetricKind } from './metric.ts';
import { Precision } from './precision.ts';
import { Recall } from './recall.ts';
import { RootMeanSquaredError } from './rootMeanSquaredError.ts';
import { TopKAccuracy } from './topKAccuracy.ts';

/** Every metric by its name. */
export const METRICS = {
  accuracy: { builder: Accuracy, options: [], make: Accuracy },
  topKAccuracy: {
    builder: TopKAccuracy,
    options: ['k'],
    make: ({ k }: { k?: number }) => TopKAccuracy(k),
  },
  balancedAccuracy: { builder: BalancedAccuracy, options: [], make: BalancedAccuracy },
  precision: { builder: Precision, options: ['average'], make: Precision },
  recall: { builder: Recall, options: ['average'], make: Recall },
  f1Score: { builder: F1Score, options: ['average'], make: F1Score },
  auc: { builder: AUC, options: [], make: AUC },
  meanSquaredError: { builder: MeanSquaredError, options: [], make: MeanSquaredError },
  meanAbsoluteError: { builder: MeanAbsoluteError, options: [], make: MeanAbsoluteError },
  rootMeanSquaredError: { builder: RootMeanSquaredError, options: [], make: RootMeanSquaredError },
} as const satisfies Record<string, MetricKind>;
