import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOST_CHARACTERS, parsePredictions } from './predictionTable.ts';

const parse = (text: string) => parsePredictions(text, 'a.csv');
/** Labels and predictions of the first run by name. */
function named(text: string): string[] {
  const { classes, runs } = parse(text);
  return Array.from(runs[0].labels, (label, i) => `${classes[label]}>${classes[runs[0].predicted[i]]}`);
}

test('a column of labels and one of predictions', () => {
  expect(named('label,predicted\n7,7\n2,3\n')).toEqual(['7>7', '2>3']);
});

test.each([
  ['CRLF', 'label,predicted\r\n7,7\r\n2,3\r\n'],
  ['CR', 'label,predicted\r7,7\r2,3\r'],
  ['no end of line at the end', 'label,predicted\n7,7\n2,3'],
  ['a byte order mark', '\ufefflabel,predicted\n7,7\n2,3\n'],
  ['empty lines', '\nlabel,predicted\n\n7,7\n2,3\n\n\n'],
  ['semicolons', 'label;predicted\n7;7\n2;3\n'],
  ['tabs', 'label\tpredicted\n7\t7\n2\t3\n'],
  ['quotes', '"label","predicted"\n"7","7"\n"2",3\n'],
  ['spaces', ' label , predicted\n 7, 7\n2 ,3\n'],
  ['floats', 'label,predicted\n7.0,7.\n2.00,03\n'],
  ['NumPy’s savetxt', 'label,predicted\n7.000000000000000000e+00,7.0e+00\n2e0,.3E1\n'],
  ['other names', 'Y_True,Y-Pred\n7,7\n2,3\n'],
  ['a nameless column of row numbers', ',label,predicted\n0,7,7\n1,2,3\n'],
])('%s', (_, text) => {
  expect(named(text)).toEqual(['7>7', '2>3']);
});

test('names of classes may be text with commas, quotes and line breaks', () => {
  expect(named('label,predicted\n"cat, black","cat, black"\n"5"" disk","a\nb"\n')).toEqual([
    'cat, black>cat, black',
    '5" disk>a\nb',
  ]);
});

test('the largest probability predicts, the first of equals; log loss within 1e-15 of −(ln .5 + ln .8 + ln .4)/3', () => {
  const { classes, runs } = parse('label,p0,p1,p2\n0,.5,.3,.2\n1,.1,.8,.1\n2,.4,.2,.4\n');
  expect(classes).toEqual(['0', '1', '2']);
  expect([...runs[0].predicted]).toEqual([0, 1, 0]);
  // ln .5 + ln .8 + ln .4 = ln .16
  expect(runs[0].logLoss).toBeCloseTo(1.83258146374831013 / 3, 15);
});

test('probabilities are divided by their sum; 0 for the true class counts as 2⁻⁵²: 52·ln 2 within 1e-13', () => {
  expect(parse('label,p0,p1\n0,.495,.495\n').runs[0].logLoss).toBeCloseTo(Math.LN2, 14);
  expect(parse('label,p0,p1\n0,0,1\n').runs[0].logLoss).toBeCloseTo(36.04365338911715, 13);
});

test('a predicted label stands before the largest probability', () => {
  expect(named('label,predicted,p0,p1\n0,1,.9,.1\n1,0,.2,.8\n')).toEqual(['0>1', '1>0']);
});

test.each([
  'p0,p1',
  'p_0,p_1',
  'prob_0,prob_1',
  'proba.0,proba.1',
  'Probability 0,Probability 1',
  'p(0),p(1)',
])('columns of probabilities: %s', (names) => {
  expect(parse(`label,${names}\n1,.2,.8\n`).classes).toEqual(['0', '1']);
});

test('columns of probabilities of named classes', () => {
  expect(named('label,prob_cat,prob_big dog\nbig dog,.2,.8\n')).toEqual(['big dog>big dog']);
});

test('seeds become runs and groups numbers, both in order of appearance', () => {
  const { runs, groups } = parse('seed,label,predicted,writer\n2,0,0,x\n1,0,1,x\n2,1,1,y\n1,1,1,y\n');
  expect(runs.map(({ seed }) => seed)).toEqual(['2', '1']);
  expect([...runs[1].predicted]).toEqual([1, 1]);
  expect([...runs[1].lines]).toEqual([3, 5]);
  expect(groups).toEqual(['x', 'y']);
  expect([...runs[0].groups!]).toEqual([0, 1]);
});

test.each([
  ['', 'a.csv: expected a header line and rows, received an empty file'],
  [' \n\n', 'received an empty file'],
  ['\ufeff', 'received an empty file'],
  ['label,predicted\n', 'expected at least one row below the header'],
  ['image,predicted\n1,2\n', 'line 1: expected a column with the true label, named label, true, y_true'],
  ['label,seed\n1,2\n', 'line 1: expected a column with the predicted label, named predicted'],
  ['label,y_true,predicted\n1,1,2\n', 'expected one column for the label, received "label" and "y_true"'],
  ['label,p0,p_0\n0,1,0\n', 'one column of probabilities for the class 0, received "p0" and "p_0"'],
  ['label,p1\n0,.3\n', 'received only "p1"'],
  ['label,predicted\n1,1\n2\n', 'line 3: expected 2 fields, as in the header, received 1'],
  [
    'label,predicted\n1,1\n,2\n',
    'line 3, column "label": expected the name or number of a class, received ""',
  ],
  [
    'label,predicted\n1,NaN\n',
    'line 2, column "predicted": expected the name or number of a class, received "NaN"',
  ],
  ['label,predicted,x\n1,1,"a\nb"\n2,,c\n', 'line 4, column "predicted"'],
  ['label,predicted,seed\n1,1,\n', 'line 2, column "seed": expected a seed, received ""'],
  ['label,predicted\n1,1\nlabel,predicted\n2,2\n', 'line 3: expected predictions, received the header again'],
  [
    'label,predicted\ncat,Cat\ndog,Dog\n',
    'expected the classes of the column "label" ("cat", "dog"), received none',
  ],
  [
    'label,predicted\n0,zero\n1,one\n',
    'expected the classes of the column "label" ("0", "1"), received none of them',
  ],
  [
    'label,p0,p1\n0,.5,.5\n0,half,.5\n',
    'line 3, column "p0": expected a probability from 0 to 1, received "half"',
  ],
  ['label,p0,p1\n0,-.5,.5\n', 'line 2, column "p0": expected a probability from 0 to 1, received "-.5"'],
  ['label,p0,p1\n0,,1\n', 'line 2, column "p0"'],
  ['label,p0,p1\n0,.1,.3\n', 'expected probabilities that sum to 1 within 0.02, received a sum of 0.4'],
  [
    'label,p0,p1\n5,.5,.5\n',
    'line 2, column "label": expected a class that has a column of probabilities, received "5"',
  ],
  ['label,predicted\n"1,1\n2,2\n', 'expected every quoted field to end with a quote'],
  ['label,predicted\n1,1\0\n', 'received a NUL'],
])('E_FORMAT for %j', (text, message) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'E_FORMAT' }) as Error);
  expect(() => parse(text)).toThrow(message);
});

test('E_FORMAT for more than 1,000 classes, 2,000 columns, 1,000 seeds, and a file above 2²⁸ characters', () => {
  const rows = (write: (i: number) => string) => Array.from({ length: 1001 }, (_, i) => write(i)).join('\n');
  expect(() => parse(`label,predicted\n${rows((i) => `${i},${i}`)}`)).toThrow(
    'line 1002, column "label": expected at most 1000 classes',
  );
  expect(() => parse(`label,predicted${',x'.repeat(1999)}\n`)).toThrow('at most 2000 columns');
  expect(() => parse(`label,predicted,seed\n${rows((i) => `1,1,${i}`)}`)).toThrow('at most 1000 seeds');
  const huge = 'x'.repeat(MOST_CHARACTERS + 1);
  expect(() => parse(huge)).toThrow(`at most ${MOST_CHARACTERS} characters`);
});

test('any text gives a table or E_FORMAT', () => {
  const pieces = fc.constantFrom(
    'label',
    'predicted',
    'p0',
    'p1',
    ',',
    '\n',
    '\r\n',
    '"',
    '1',
    '0.5',
    ';',
    ' ',
    'é',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      try {
        expect(parse(parts.join('')).runs.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toMatchObject({ code: 'E_FORMAT' });
      }
    }),
    { numRuns: 2000 },
  );
});

test('wrong everywhere is a result: 0 right', () => {
  expect(named('label,predicted\n7,1\n7,1\n')).toEqual(['7>1', '7>1']);
  expect(named('label,predicted\ncat,dog\ncat,dog\n')).toEqual(['cat>dog', 'cat>dog']);
});

test('columns that are named like probabilities and are of no class are not used, and that is said', () => {
  const beside = parse('label,predicted,p_max,prob_second\n7,7,.9,.05\n2,3,.5,.4\n');
  expect(beside.classes).toEqual(['7', '2', '3']);
  expect(beside.runs[0].logLoss).toBeNull();
  expect(beside.warnings).toEqual([
    'a.csv: the columns "p_max", "prob_second" are not used: no class has such a name.',
  ]);
  expect(parse('label,predicted,p_max\n7,7,.9\n').warnings).toEqual([
    'a.csv: the column "p_max" is not used: no class has such a name.',
  ]);
  const both = parse('label,predicted,p0,p1,p_max\n0,0,.9,.1,.9\n1,0,.8,.2,.8\n');
  // −(ln .9 + ln .2)/2
  expect(both.runs[0].logLoss).toBeCloseTo((0.1053605156578263 + 1.6094379124341003) / 2, 12);
  expect(both.classes).toEqual(['0', '1']);
  expect(parse('label,p_max,p0,p1\n0,.9,.9,.1\n').runs[0].predicted[0]).toBe(0);
  expect(named('label,p_cat,p_dog,p_max\ncat,.9,.1,.9\ndog,.8,.2,.8\n')).toEqual(['cat>cat', 'dog>cat']);
});

test('classes without an image are columns like any other where all sum to 1', () => {
  const { classes, warnings } = parse('label,predicted,p0,p1,p2\n0,0,.6,.3,.1\n1,1,.2,.7,.1\n');
  expect(classes).toEqual(['0', '1', '2']);
  expect(warnings).toEqual([]);
});

test('text among numbers, and a class of one image, are warned of with their lines', () => {
  const rows = '0,0\n1,1\n'.repeat(20);
  expect(parse(`label,predicted\n${rows}total,40\n`).warnings[0]).toMatch(
    /^a\.csv: expected classes that are all numbers or all text, received both: "total" \(line 42\)/,
  );
  expect(parse(`label,predicted\n${rows}7,7\n`).warnings).toEqual([
    'a.csv: only one image has the label "7" (line 42). If it is no class but a total or a heading, remove the line.',
  ]);
  expect(parse(`label,predicted\n${rows}`).warnings).toEqual([]);
  expect(parsePredictions(`label,predicted\n${rows}7,7\n`, '/home/someone/b.csv').warnings[0]).toMatch(
    /^b\.csv:/,
  );
});
