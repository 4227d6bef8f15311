import { expect, test } from 'vitest';
import { trainingSetAt } from './exportTraining.ts';

test('the address of a server, with or without a path, is where its training set is', () => {
  for (const url of ['http://127.0.0.1:8081', 'http://127.0.0.1:8081/', 'http://127.0.0.1:8081/v1']) {
    expect(trainingSetAt(url).href).toBe('http://127.0.0.1:8081/v1/training-set');
  }
  expect(trainingSetAt('https://admin.example').href).toBe('https://admin.example/v1/training-set');
});

test.each(['foo', 'foo:bar', '', '127.0.0.1:8081', 'localhost:8081', 'ftp://host', 'http://host:99999'])(
  '%j is no address: E_ARGUMENT says what was expected',
  (url) => {
    expect(() => trainingSetAt(url)).toThrow(
      `--url: expected the address of the admin listener, such as http://127.0.0.1:8081, without user and password; received '${url}'.`,
    );
  },
);

test('an address with a password is refused, and the password is not shown', () => {
  expect(() => trainingSetAt('http://me:word@host:8081')).toThrow('received one of host:8081 with them.');
});
