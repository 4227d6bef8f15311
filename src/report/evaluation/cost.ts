/** Why fewer images were taken than usual, with a space before; nothing where they were not. `cost`: of one answer, see `costOf`. */
export function fewerSentence(cost = 1): string {
  if (cost === 1) return '';
  return ` One answer takes ${cost.toFixed(0)} times the multiplications of the paper’s network, so that these are fewer images than usual.`;
}
