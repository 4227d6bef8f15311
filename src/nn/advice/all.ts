/** What others call what has another name here. */
const ALIASES = {
  swish: 'silu',
  logistic: 'sigmoid',
  identity: 'linear',
  lrelu: 'leakyRelu',
  acc: 'accuracy',
  categoricalAccuracy: 'accuracy',
  sparseCategoricalAccuracy: 'accuracy',
  binaryAccuracy: 'accuracy',
  topK: 'topKAccuracy',
  top5: 'topKAccuracy',
  top5Accuracy: 'topKAccuracy',
  topKCategoricalAccuracy: 'topKAccuracy',
  sparseTopKCategoricalAccuracy: 'topKAccuracy',
  balanced: 'balancedAccuracy',
  f1: 'f1Score',
  rocAuc: 'auc',
  roc: 'auc',
  mse: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  rmse: 'rootMeanSquaredError',
  crossEntropy: 'sparseCategoricalCrossentropy',
  crossentropy: 'sparseCategoricalCrossentropy',
  nllLoss: 'sparseCategoricalCrossentropy',
  bce: 'binaryCrossentropy',
  adamw: 'adamW',
  rmsProp: 'rmsprop',
  xavier: 'glorotUniform',
  xavierUniform: 'glorotUniform',
  xavierNormal: 'glorotNormal',
  kaiming: 'heUniform',
  kaimingUniform: 'heUniform',
  kaimingNormal: 'heNormal',
} as const satisfies Record<string, string>;

/** Names that are known elsewhere and have no counterpart here. */
const LACKING = {
  hinge: 'loss',
  adamax: 'optimizer',
  adadelta: 'optimizer',
  nadam: 'optimizer',
  ftrl: 'optimizer',
} as const satisfies Record<string, string>;

/** What an unknown name is answered with beside the names that there are. */
export const ADVICE = { aliases: ALIASES, lacking: LACKING };
