import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import { contactCaption, contactHtml, contactSheet } from './contactSheet.ts';
import { MNIST_WORDS, wordsAbout } from './dataWords.ts';

test('a strip for each class, named, described, inverted where it is ink; of more classes than are shown the caption says so', () => {
  const words = wordsAbout({ name: 'T', shape: [2, 3, 3], classes: ['<b>', 'Sandal', 'coat'] });
  const contact = { images: new Uint8Array(18 * 3), labels: Uint8Array.of(0, 0, 1) };
  const sheet = contactSheet(contact, words);
  expect(contactCaption(sheet)).toBe('The first 8 training images of the first 2 of 3 classes');
  const { document } = new JSDOM(contactHtml(sheet).markup).window;
  expect([...document.querySelectorAll('dt')].map((one) => one.textContent)).toEqual(['<b>', 'Sandal']);
  const pictures = [...document.querySelectorAll('img')];
  expect(pictures.map((one) => one.alt)).toEqual([
    'two\u00a0images of the class <b>',
    'one\u00a0image of the class Sandal',
  ]);
  for (const one of pictures) expect(one.src).toMatch(/^data:image\/png;base64,iVBOR/);
  // Width and height of the PNG of two squares of side 3.
  const png = Buffer.from(pictures[0].src.split(',')[1], 'base64');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([6, 3]);
  expect(pictures[0].className).not.toContain('ink');
  const digits = contactSheet({ images: new Uint8Array(784), labels: Uint8Array.of(7) }, MNIST_WORDS);
  expect(contactHtml(digits).markup).toContain('ink');
});
