import { expect, test } from 'vitest';
import { hasKey, keysAt, readSource, wrong } from './sourceFile.ts';

const TEXT = `{
  "arms": {
    "relu":
      { "dropout":
          0.5 }
  },
  "seeds": [1, 2]
}`;
const source = readSource(TEXT, 'my.json', 'study');
const lineOf = (path: readonly string[], atKey = false): string =>
  wrong(source, path, 'Wrong', atKey).message;

test('an error names the line of the value, or of its key; of the innermost that is there', () => {
  expect(lineOf(['arms', 'relu', 'dropout'])).toBe('my.json, line 5: Wrong.');
  expect(lineOf(['arms', 'relu', 'dropout'], true)).toBe('my.json, line 4: Wrong.');
  expect(lineOf(['arms', 'relu'])).toBe('my.json, line 4: Wrong.');
  expect(lineOf(['arms', 'relu'], true)).toBe('my.json, line 3: Wrong.');
  expect(lineOf(['arms', 'relu', 'units', '0'])).toBe('my.json, line 4: Wrong.');
  expect(lineOf(['seeds', '1'], true)).toBe('my.json, line 7: Wrong.');
  expect(lineOf(['rules'])).toBe('my.json, line 1: Wrong.');
});

test('keys of the object at a place, in the order of the file; none elsewhere', () => {
  expect(keysAt(source)).toEqual(['arms', 'seeds']);
  expect(keysAt(source, 'arms')).toEqual(['relu']);
  expect(keysAt(source, 'seeds')).toEqual([]);
  expect(hasKey(source, 'arms', 'relu', 'dropout')).toBe(true);
  expect(hasKey(source, 'arms', 'tanh')).toBe(false);
  expect(hasKey(source, 'seeds', '0')).toBe(false);
});

test.each(['{"a": 1, "a": 1}', '{"b": {"a": 1,\n"a": 2}}', '[{"a": 1, "a": 2}]'])(
  'a key that stands twice in an object is refused wherever it is: %j',
  (text) => {
    expect(() => readSource(text, 'my.json', 'study')).toThrow('the key "a" stands here a second time');
  },
);
