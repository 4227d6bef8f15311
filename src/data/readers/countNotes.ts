import { classCounts, type Examples } from '../examples.ts';

/** Two notes for the data sheet: how many images there are and how large, and the classes by name, with how many training images each has. */
export function countNotes(train: Examples, test: Examples, classes: readonly string[]): string[] {
  const each = classCounts(train);
  const [least, most] = [Math.min(...each), Math.max(...each)];
  const [, rows, columns] = train.images.shape;
  const number = (x: number): string => x.toLocaleString('en-US');
  return [
    `${number(train.labels.length)} training and ${number(test.labels.length)} test images of ${rows} × ${columns} pixels`,
    `${classes.length} classes (${classes.length > 12 ? `${classes.slice(0, 10).join(', ')}, … ${classes[classes.length - 1]}` : classes.join(', ')}), ${least === most ? number(most) : `${number(least)} to ${number(most)}`} training images in each`,
  ];
}
