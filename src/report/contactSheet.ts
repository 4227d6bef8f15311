import { CONTACT, type Contact } from '../data/contact.ts';
import { countOf, grouped } from '../study/wording.ts';
import { inWords, type DataWords } from './dataWords.ts';
import { html, type Html } from './html.ts';
import { imageSprite } from './imagePng.ts';

/** A class with a strip of its images. */
export interface Strip {
  readonly label: string;
  /** A data URI. */
  readonly src: string;
  readonly alt: string;
  /** Images in it, side by side, each a square. */
  readonly images: number;
}

/** A contact sheet as plain data: a strip for each class. */
export interface ContactSheet {
  readonly strips: readonly Strip[];
  /** How many classes there are. */
  readonly classes: number;
  /** Drawn as ink, which dark pages invert. */
  readonly isInk: boolean;
}

export function contactSheet({ images, labels }: Contact, words: DataWords): ContactSheet {
  const strips = [...new Set(labels)].map((label): Strip => {
    const own = Array.from(labels.keys()).filter((i) => labels[i] === label);
    return {
      label: words.classes[label],
      src: imageSprite(images, own, own.length, words, true),
      alt: `${countOf(own.length, 'image')} of ${inWords(words, label)}`,
      images: own.length,
    };
  });
  return { strips, classes: words.classes.length, isInk: words.isInk };
}

/** 'The first 8 training images of each class'. */
export function contactCaption({ strips, classes }: ContactSheet): string {
  const some =
    classes > strips.length ? `the first ${strips.length} of ${grouped(classes)} classes` : 'each class';
  return `The first ${CONTACT.each} training images of ${some}`;
}

export function contactHtml({ strips, isInk }: ContactSheet): Html {
  return html`<dl class="contact">
    ${strips.map(
      ({ label, src, alt, images }) =>
        html`<div>
          <dt>${label}</dt>
          <dd>
            <img class="${isInk ? 'strip ink' : 'strip'}" style="--n:${images}" src="${src}" alt="${alt}" />
          </dd>
        </div>`,
    )}
  </dl>`;
}
