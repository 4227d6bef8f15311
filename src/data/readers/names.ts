/** Which part of a data set a name speaks of. */
export type PartName = 'train' | 'test' | 'validation';

const PARTS: readonly (readonly [PartName, RegExp])[] = [
  ['test', /(?:^|[^a-z0-9])(?:test|testing|t10k)(?=$|[^a-z])|\.t(?=$|\.)/],
  ['validation', /(?:^|[^a-z0-9])(?:val|valid|validation|dev)(?=$|[^a-z])/],
  ['train', /(?:^|[^a-z0-9])(?:train|training)(?=$|[^a-z])/],
];
/** What names say of the kind of an array and not of its set. */
const KINDS =
  /(?:^|(?<=[^a-z0-9]))(?:images?|imgs?|labels?|targets?|data|pixels|x|y|arr|idx\d?|u?byte|int|float|uint8)(?=$|[^a-z])|\d+-of-\d+|\.(?:npy|npz|gz|bz2|idx|csv|tsv|txt|parquet|ndjson|jsonl?)(?=$|\.)/g;

/** The part that a name speaks of: 'x_test', 't10k-images-idx3-ubyte', 'usps.t', 'train/3/1.png'. */
export function partOfName(name: string): PartName | undefined {
  const lower = name.toLowerCase();
  return PARTS.find(([, pattern]) => pattern.test(lower))?.[0];
}

/** What two arrays, images and labels, have in common by their names: 'train-images-idx3-ubyte.gz' and 'train-labels-idx1-ubyte' are 'train'. */
export function pairKey(name: string): string {
  const stem = name.toLowerCase().replace(KINDS, '');
  return stem
    .split(/[^a-z0-9/]+/)
    .filter((word) => word !== '')
    .join('-');
}

/** `pairKey` without the word for the part: what the parts of one set have in common. */
export function setKey(name: string): string {
  return pairKey(name)
    .split('-')
    .filter((word) => partOfName(word) === undefined && word !== 't')
    .join('-');
}

/** Files that systems leave in folders, and texts that accompany data. */
export function isBeside(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX') ||
    /^(?:thumbs\.db|desktop\.ini|readme.*|licen[cs]e.*|copying|citation.*|.*\.(?:md|html?|pdf|py|ipynb|sha\d+|md5))$/i.test(
      name,
    )
  );
}
