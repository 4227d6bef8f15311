export { adagradAll } from "./adagrad";
export { average } from "./average";
export { distortRows, prepareDistort } from "./distort";
export { lionAll } from "./lion";
export { addNoise } from "./noise";
export { rmspropAll } from "./rmsprop";
export { rowSquares, sparseSquares } from "./squares";
