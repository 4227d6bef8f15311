export { adagradAll } from "./adagrad";
export { distortRows, prepareDistort } from "./distort";
export { lionAll } from "./lion";
export { addNoise } from "./noise";
export { rmspropAll } from "./rmsprop";
