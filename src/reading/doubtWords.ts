/** So many places are named. */
const MOST_PLACES = 3;

/** Why digits side by side are not sure, undefined where all are: the reason of the first that is not, and where several are not, how many and at which places from 1. */
export function doubtWords(digits: readonly { readonly notSure?: string }[]): string | undefined {
  const places = digits.flatMap(({ notSure }, k) => (notSure === undefined ? [] : [k + 1]));
  if (places.length === 0) return undefined;
  const reason = digits[places[0] - 1].notSure!;
  if (places.length === 1) return reason;
  const named =
    places.length > MOST_PLACES
      ? `${places.slice(0, MOST_PLACES).join(', ')}, …`
      : `${places.slice(0, -1).join(', ')} and ${places.at(-1)!}`;
  return `${places.length} of ${digits.length} digits, at places ${named}; the first of them: ${reason}`;
}
