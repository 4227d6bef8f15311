import { encode } from 'fast-png';
import { opaque } from '../../data/readers/pictures/picture.ts';
import { scaledTo, type Picture } from '../../images/scale.ts';
import type { Box } from '../../reading/answer.ts';
import { toBase64 } from '../base64.ts';
import { html, type Html } from '../html.ts';

/** A picture no larger than `most` pixels on its longer side. */
export function shrunk(picture: Picture, most: number): Picture {
  const { rows, columns, channels } = picture;
  const longer = Math.max(rows, columns);
  if (longer <= most) return picture;
  const high = Math.max(1, Math.round((rows * most) / longer));
  const wide = Math.max(1, Math.round((columns * most) / longer));
  return { data: scaledTo(picture, high, wide), rows: high, columns: wide, channels };
}

/** A picture as PNG, a data URI. */
export function pictureUri(picture: Picture): string {
  return `data:image/png;base64,${base64Png(picture)}`;
}

/** A picture as PNG in base64. */
export function base64Png(picture: Picture): string {
  const { data, rows, columns, channels } = opaque(picture);
  const png = encode(
    { width: columns, height: rows, depth: 8, channels: channels, data },
    { zlib: { level: 6 } },
  );
  return toBase64(png);
}

/** A place in a picture where something was read. */
export interface Mark {
  readonly box: Box;
  readonly sure: boolean;
}

/** Of the copy that a page shows. */
const MOST_PIXELS = 720;

/** The picture, smaller where it is large, with a frame around each digit. */
export function markedPicture(picture: Picture, marks: readonly Mark[], alt: string): Html {
  const { rows, columns } = picture;
  return html`<div
    class="marked"
    style="aspect-ratio:${columns}/${rows};max-width:min(100%,${Math.round(Math.max(Math.min(columns, MOST_PIXELS), 160))}px)"
  >
    <img src="${pictureUri(shrunk(picture, MOST_PIXELS))}" alt="${alt}" />
    <svg viewBox="0 0 ${columns} ${rows}" aria-hidden="true" preserveAspectRatio="none">
      ${marks.map(
        ({ box: { left, top, width, height }, sure }) =>
          html`<rect
            class="${sure ? 'sure' : 'doubt'}"
            x="${left}"
            y="${top}"
            width="${width}"
            height="${height}"
          />`,
      )}
    </svg>
  </div>`;
}
