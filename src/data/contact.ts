import type { Examples } from './examples.ts';

/** Some images of every class, to look at what data are. */
export interface Contact {
  /** One after the other, by class. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** At most so many images of a class, and so many classes. */
export const CONTACT = { each: 8, classes: 40 } as const;

/** The first images of each of the first classes, class by class. */
export function contactOf({ images, labels, classes }: Examples): Contact {
  const shown = Array.from({ length: Math.min(classes, CONTACT.classes) }, (_, label) => {
    const found: number[] = [];
    for (let i = 0; i < labels.length && found.length < CONTACT.each; i++) {
      if (labels[i] === label) found.push(i);
    }
    return found;
  }).flat();
  const size = images.data.length / labels.length;
  const data = new Uint8Array(shown.length * size);
  shown.forEach((index, k) => {
    data.set(images.data.subarray(index * size, (index + 1) * size), k * size);
  });
  return { images: data, labels: Uint8Array.from(shown, (index) => labels[index]) };
}
