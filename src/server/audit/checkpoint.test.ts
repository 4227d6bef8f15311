import { createPrivateKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { genesis, nextLink } from './chain.ts';
import {
  findCheckpoints,
  isSignedBy,
  namedKey,
  originOf,
  parseVerifier,
  signCheckpoint,
  verifierText,
} from './checkpoint.ts';

/** By Python: hashlib, rfc8785 and the Ed25519 of `cryptography`; the key is the bytes 0 to 31. */
const GENESIS = 'dc163cffc5df47b35e4d9b45060eb742b236fb3c997f415d1dd4e852d52b7e3b';
const FIRST = '43b46785030b50ba8e846288e584f24a7e6deca61b52cab607c379dbddb7bced';
const SECOND = 'fee32bfd9699442d66c10b2c435dbb80e3ac0b8e2542c72e97e78cfee1e716ae';
const NOTE = `dactyl-audit/main
2
/uMr/ZaZRC1mwQssQ127gOOsC44lQscul+eM/uHnFq4=

— dactyl-audit/main 7DgaqBgBf/iNgvBIgCeCJEfmSj8XVKgRULCdLg+SDVvZA3JCLje9uNm97zeB6Z4KfHAtMBP4AD0Gxqv2DtKo/lRCogE=
`;
const VERIFIER = 'dactyl-audit/main+ec381aa8+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4';

const seed = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
const key = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
  format: 'der',
  type: 'pkcs8',
});

it('chains entries as Python does, bytes of other alphabets too', () => {
  expect(genesis('main').hash).toBe(GENESIS);
  const first = nextLink('main', genesis('main'), {
    kind: 'model.loaded',
    at: 1700000000000,
    subject: null,
    facts: '{"name":"reader","classes":10}',
  });
  expect(first.hash).toBe(FIRST);
  const second = nextLink('main', first, {
    kind: 'decision',
    at: 1700000000001,
    subject: 'd-é',
    facts: JSON.stringify({ b: [0.5, null, true], a: '€\n' }),
  });
  expect(second).toMatchObject({ seq: 2, previous: FIRST, hash: SECOND });
});

it('signs a checkpoint as Python does, and gives the verifier as Go writes it', () => {
  expect(signCheckpoint('main', { seq: 2, hash: SECOND }, key)).toBe(NOTE);
  expect(verifierText(namedKey(originOf('main'), key))).toBe(VERIFIER);
});

it('finds notes among other text, and knows who signed them', () => {
  const [one, two, ...more] = findCheckpoints(`something\n${NOTE}\n${NOTE}`);
  expect(more).toEqual([]);
  expect(one).toEqual(two);
  expect(one).toMatchObject({ chain: 'main', size: 2, hash: SECOND });
  const keys = [parseVerifier(VERIFIER)!];
  expect(isSignedBy(one, keys)).toBe(true);
  expect(isSignedBy({ ...one, text: one.text.replace('\n2\n', '\n3\n') }, keys)).toBe(false);
  expect(isSignedBy({ ...one, chain: 'other' }, keys)).toBe(false);
  expect(isSignedBy(one, [])).toBe(false);
});

it.each([
  ['a changed id', VERIFIER.replace('ec38', 'ec39')],
  ['a changed key', VERIFIER.replace('Xx3c', 'Xx3d')],
  ['no key', 'dactyl-audit/main'],
])('takes no verifier with %s', (_, text) => {
  expect(parseVerifier(text)).toBeUndefined();
});
