import { defineCorruption } from './corruption.ts';

/** x + c. Nothing random. */
export const brightness = defineCorruption<number>({
  name: 'brightness',
  label: 'Brightness',
  kind: 'light',
  meaning: 'background and strokes raised alike, as with a badly set scanner',
  levels: [0.1, 0.2, 0.3, 0.4, 0.5],
  published: 4,
  setting: (added) => `+${added}`,
  corrupt(picture, added) {
    const { values } = picture;
    for (let i = 0; i < values.length; i++) values[i] += added;
    return picture;
  },
});
