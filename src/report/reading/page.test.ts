import { JSDOM } from 'jsdom';
import { expect, test } from 'vitest';
import type { DigitReading, NumberReading } from '../../reading/answer.ts';
import type { Answered } from './answered.ts';
import { shareWords } from './cards.ts';
import { type ReadBy, ReadingPage } from './page.ts';

const BY: ReadBy = {
  kind: 'digits',
  reader: { name: 'reader', hash: 'ab'.repeat(32), temperature: 1.5, sureFrom: 0.95, model: { outputs: 11 } },
};
const BOX = { left: 3, top: 4, width: 10, height: 20 };

function digit(value: number, confidence: number, notSure?: string): DigitReading {
  const probabilities = new Float64Array(10);
  probabilities[value] = confidence;
  probabilities[(value + 1) % 10] = 1 - confidence;
  const crop = { data: new Uint8Array(200).fill(200), rows: 20, columns: 10, channels: 1 };
  const image = new Uint8Array(784).fill(9);
  const second = (value + 1) % 10;
  return {
    ...{ digit: value, second, probabilities, none: 0, confidence, box: BOX, crop, image },
    ...(notSure !== undefined && { notSure }),
  };
}

function number(digits: readonly DigitReading[]): NumberReading {
  const text = digits.map((one) => (one.notSure === undefined ? String(one.digit) : '?')).join('');
  const confidence = digits.reduce((product, one) => product * one.confidence, 1);
  return { text, digits, box: BOX, line: 0, confidence };
}

function answered(file: string, numbers: readonly NumberReading[], notes: readonly string[] = []): Answered {
  const picture = { data: new Uint8Array(200 * 150 * 3).fill(230), rows: 150, columns: 200, channels: 3 };
  return { file, kind: 'numbers', picture, reading: { width: 200, height: 150, numbers, notes } };
}

function documentOf(page: ReadingPage): Document {
  return new JSDOM(page.markup()).window.document;
}

test('a picture: the number, a frame and a card for each digit, probabilities, second reading, doubt', () => {
  const page = new ReadingPage(BY, '1.2.3');
  page.add(answered('/home/me/a<b>.png', [number([digit(2, 0.99), digit(0, 0.6, '0 or 1')])]));
  const document = documentOf(page);
  const text = (selector: string): string =>
    document.querySelector(selector)!.textContent.replaceAll(/\s+/g, ' ').trim();
  expect(document.title).toBe('a<b>.png: 2?');
  expect(text('h1')).toBe('2?');
  expect(text('.answer')).toBe('One picture: one number of together two digits; one digit is not sure.');
  expect(text('#doubts')).toBe('Doubts a<b>.png: 2?, 0 or 1');
  expect(document.querySelector('#doubts a')!.getAttribute('href')).toBe('#answer-1');
  expect(document.getElementById('answer-1')).not.toBeNull();
  expect([...document.querySelectorAll('rect')].map((rect) => rect.getAttribute('class'))).toEqual([
    'sure',
    'doubt',
  ]);
  expect(text('.number h4')).toBe('2? 59.4 %');
  const [first, second] = document.querySelectorAll('.read');
  expect(first.querySelector('.is')!.textContent).toBe('2 99.0\u00a0%');
  expect(first.querySelector('.then')!.textContent).toBe('Second: 3, 1.0\u00a0%');
  expect(first.querySelector('.why')).toBeNull();
  expect(second.querySelector('.why')!.textContent).toBe('Not sure: 0 or 1');
  const bars = [...first.querySelectorAll('.bars i')].map((bar) => bar.getAttribute('style'));
  expect(bars.length).toBe(11);
  expect(bars.slice(2, 4)).toEqual(['--p:0.9900', '--p:0.0100']);
  expect(text('#how')).toContain(
    'from a probability of 95.0 % on, after calibration with the temperature 1.5',
  );
  expect(document.querySelectorAll('script').length).toBe(0);
  expect(page.markup()).not.toContain('/home/me');
});

test('several digits of a number that are not sure: how many, at which places, and why the first', () => {
  const page = new ReadingPage(BY, '1.2.3');
  page.add(answered('a.png', [number([digit(1, 0.9, 'why'), digit(2, 0.99), digit(3, 0.6, 'other')])]));
  expect(documentOf(page).querySelector('#doubts li')!.textContent).toBe(
    'a.png: ?2?, 2 of 3 digits, at places 1 and 3; the first of them: why',
  );
});

test('several: sums, no digit, what could not be read; drawings side by side', () => {
  const page = new ReadingPage(BY, '1.2.3');
  page.add(answered('one.png', [number([digit(1, 1)])]));
  page.add(answered('none.png', [], ['no digit was found']));
  for (const line of [1, 2]) {
    const reading = { width: 1, height: 1, numbers: [number([digit(line, 0.99)])], notes: [] };
    page.add({ file: 'drawn.ndjson', line, kind: 'numbers', reading });
  }
  page.addFailure('gone.png: it is not there.');
  const document = documentOf(page);
  const words = (selector: string): string =>
    document.querySelector(selector)!.textContent.replaceAll('\u00a0', ' ');
  expect(words('h1')).toBe('Two pictures and two drawings read');
  expect(words('.answer')).toBe(
    'Two pictures and two drawings: three digits; all read with confidence. One file or drawing could not be read.',
  );
  expect(words('#doubts li')).toBe('gone.png: it is not there.');
  expect(document.querySelectorAll('article').length).toBe(2);
  expect(words('#answer-2 .note')).toBe('No digit was found');
  expect(document.querySelectorAll('#answers > .reads').length).toBe(1);
  expect([...document.querySelectorAll('#answers > .reads h3')].map((title) => title.textContent)).toEqual([
    'drawn.ndjson, line 1',
    'drawn.ndjson, line 2',
  ]);
});

test('a page holds the first 2,000 digits and says so; all of them count', () => {
  const page = new ReadingPage(BY, '1.2.3');
  const reading = { width: 1, height: 1, numbers: [number([digit(3, 0.5, '3 or 4')])], notes: [] };
  for (let line = 1; line <= 2500; line++) page.add({ file: 'd.ndjson', line, kind: 'numbers', reading });
  const markup = page.markup().replaceAll('\u00a0', ' ');
  expect(markup.match(/<figure/g)?.length).toBe(2000);
  expect(markup).toContain('The page shows the first 2,000');
  expect(markup).toContain('2,500 digits; not one of them is sure.');
  expect(markup.match(/<li><a href="#answer-/g)?.length).toBe(100);
});

test('a probability that is not whole is never shown as 0 or 100 %', () => {
  const shown = [1, 0.9999, 0.9994, 0.5, 0.0006, 0.0001, 0].map((share) =>
    shareWords(share).replaceAll('\u00a0', ' '),
  );
  expect(shown).toEqual(['100.0 %', '> 99.9 %', '99.9 %', '50.0 %', '0.1 %', '< 0.1 %', '0.0 %']);
});

test('the page says from which probability on a digit is sure, or of each digit where the reader has ten', () => {
  const wordsOf = (sureFrom: number | number[]): string => {
    const page = new ReadingPage({ ...BY, reader: { ...BY.reader, sureFrom } }, '1.2.3');
    page.add(answered('a.png', [number([digit(2, 0.99)])]));
    return documentOf(page).body.textContent.replaceAll(/\s+/g, ' ');
  };
  expect(wordsOf(0.95)).toContain('A digit is sure from a probability of 95.0 % on, after');
  const ten = [0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99];
  expect(wordsOf(ten)).toContain('from a probability of 90.0 % (0), 91.0 % (1), 92.0 % (2),');
});
