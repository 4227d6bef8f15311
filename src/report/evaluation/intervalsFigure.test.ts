import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import { FILE_THEME } from '../theme.ts';
import { intervalsFigure, ticksThatFit } from './intervalsFigure.ts';

// By hand: .74 to .96 asked for 4 values is in steps of .05, 5 values (.75 … .95); asked for 3 in steps of .1, two.
test('an axis asks for as many values as have room', () => {
  expect(ticksThatFit(0.74, 0.96, 5)).toBe(4);
  expect(ticksThatFit(0.74, 0.96, 4)).toBe(3);
  expect(ticksThatFit(-2.2, 2.1, 5)).toBe(4);
  expect(ticksThatFit(0, 1, 0)).toBe(1);
});

test('a long name goes on in the next line, and values on the axis do not touch', () => {
  const { document } = new JSDOM().window;
  const row = (label: string) => ({ label, mean: 0.863, low: 0.75, high: 0.95 });
  const { svg } = intervalsFigure(
    {
      name: 'f',
      title: 'Read correctly',
      subtitle: '',
      rows: [row('a wide network (trained on them), drawings'), row('b')],
      axis: 'share',
      write: (value) => `${(100 * value).toFixed(1)} %`,
      zero: false,
    },
    { document, theme: FILE_THEME },
  );
  const texts = [...new JSDOM(svg).window.document.querySelectorAll('text')];
  const long = texts.find(({ textContent }) => textContent.startsWith('a wide network'))!;
  expect(long.querySelectorAll('tspan').length).toBe(2);
  const values = texts.filter(({ textContent }) => /^\d+\.0 %$/.test(textContent));
  const places = values.map((one) => Number(/translate\(([\d.]+)/.exec(one.getAttribute('transform')!)![1]));
  expect(places.length).toBeGreaterThan(1);
  // '75.0 %' is 6 characters of about 7 pixels.
  places.slice(1).forEach((place, k) => expect(place - places[k]).toBeGreaterThan(45));
});
