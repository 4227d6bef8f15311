/*
 * The kernels' texts, which an entry of the package that trains imports first: a bundle then has those that it holds side by side, apart from code, and gzip packs both by a
 * fiftieth better than in pieces between each other. What a bundle does not use is left out all the same.
 */
import './imageKernels.ts';
import './kernels.ts';
import './rareKernels.ts';
