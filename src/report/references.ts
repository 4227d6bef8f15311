/** What the report builds on, in the order of use. */
export const REFERENCES: readonly string[] = [
  "The re-run report: a data-science master's report comparing ReLU and Tanh in a Keras network on MNIST, part 1 (experiment) and part 2 (critical evaluation). Its numbers are quoted as reported.",
  'Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: Gradient-based learning applied to document recognition. Proceedings of the IEEE 86(11), 2278–2324, 1998. (MNIST)',
  'C. Yadav, L. Bottou: Cold case: the lost MNIST digits. NeurIPS 2019, arXiv:1905.10498. (where the images come from)',
  'V. Nair, G. E. Hinton: Rectified linear units improve restricted Boltzmann machines. ICML 2010. (ReLU)',
  'X. Glorot, Y. Bengio: Understanding the difficulty of training deep feedforward neural networks. AISTATS 2010. (initial weights; Tanh)',
  'D. P. Kingma, J. Ba: Adam: a method for stochastic optimization. ICLR 2015, arXiv:1412.6980.',
  'Student: The probable error of a mean. Biometrika 6(1), 1–25, 1908. (interval of the paired difference)',
  'C. J. Clopper, E. S. Pearson: The use of confidence or fiducial limits illustrated in the case of the binomial. Biometrika 26(4), 404–413, 1934. (interval of a recall)',
  'T. G. Dietterich: Approximate statistical tests for comparing supervised classification learning algorithms. Neural Computation 10(7), 1895–1923, 1998.',
  'X. Bouthillier et al.: Accounting for variance in machine learning benchmarks. MLSys 2021, arXiv:2103.03098.',
  'J. K. Kruschke: Rejecting or accepting parameter values in Bayesian estimation. Advances in Methods and Practices in Psychological Science 1(2), 270–280, 2018. (region of practical equivalence)',
  'C. G. Northcutt, A. Athalye, J. Mueller: Pervasive label errors in test sets destabilize machine learning benchmarks. NeurIPS Datasets and Benchmarks 2021, arXiv:2103.14749. (labels of the test set)',
];
