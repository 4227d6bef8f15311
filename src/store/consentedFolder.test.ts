import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeConsented } from '../../test/support/consentedFolder.ts';
import { loadConsented, readConsented } from './consentedFolder.ts';

const IMAGES = [
  { consent: 'bbbb', item: 2, label: '7', value: 3 },
  { consent: 'bbbb', item: 1, label: '0', value: 2 },
  { consent: 'aaaa', item: 10, label: '9', value: 1 },
];

function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dactyl-consented-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

test('images come in the order of consents and items, whatever the order of the manifest, with an identity that is computed by hand', () => {
  const folder = writeConsented(ownFolder(), IMAGES);
  const { images, labels, names, about } = loadConsented(folder);
  expect(images.shape).toEqual([3, 28, 28]);
  expect([0, 1, 2].map((k) => images.data[k * 784 + 5])).toEqual([1, 2, 3]);
  expect([...labels]).toEqual([9, 0, 7]);
  expect(names).toEqual([...'0123456789']);
  const sum = (value: number): string =>
    createHash('sha256').update(new Uint8Array(784).fill(value)).digest('hex');
  const identity = `{"classes":["0","1","2","3","4","5","6","7","8","9"],"images":[["aaaa",10,"9","${sum(1)}"],["bbbb",1,"0","${sum(2)}"],["bbbb",2,"7","${sum(3)}"]],"shape":[28,28]}`;
  expect(about).toEqual({
    images: 3,
    sha256: createHash('sha256').update(identity).digest('hex'),
    consents: ['aaaa', 'bbbb'],
  });
});

test('where all were erased there is nothing to train with, and the folder says of whom', () => {
  const folder = writeConsented(ownFolder(), [], { erased: ['aaaa'] });
  expect(readConsented(folder)).toEqual({ examples: undefined, erased: ['aaaa'] });
  expect(() => loadConsented(folder)).toThrow(expect.objectContaining({ code: 'E_ERASED' }));
});

test.each<[string, (folder: string) => void, string, RegExp]>([
  [
    'no manifest',
    (folder) => {
      rmSync(join(folder, 'manifest.json'));
    },
    'E_NOT_FOUND',
    /a folder with manifest\.json/,
  ],
  [
    'an image that is gone',
    (folder) => {
      rmSync(join(folder, 'bbbb-1.png'));
    },
    'E_FILE',
    /bbbb-1\.png: it does not exist\. If its consent was withdrawn/,
  ],
  [
    'another image',
    (folder) => {
      writeConsented(folder, [{ ...IMAGES[0], value: 9 }], {
        images: [{ consent: 'bbbb', item: 2, label: '7', sha256: '0'.repeat(64) }],
      });
    },
    'E_CHECKSUM',
    /bbbb-2\.png: expected the image of the manifest/,
  ],
  [
    'a label that is no class',
    (folder) => {
      writeConsented(folder, [{ ...IMAGES[0], label: 'no digit' }]);
    },
    'E_FORMAT',
    /label of bbbb-2\.png one of 0, .*"no digit"/,
  ],
  [
    'a name that leads elsewhere',
    (folder) => {
      writeFileSync(
        join(folder, 'manifest.json'),
        JSON.stringify({
          format: 'dactyl-consented/1',
          shape: [28, 28],
          classes: ['a', 'b'],
          images: [{ consent: '../../a', item: 1, label: 'a', sha256: '0'.repeat(64) }],
          erased: [],
        }),
      );
    },
    'E_FORMAT',
    /wrong at \/images\/0\/consent/,
  ],
])('%s: refused', (_, change, code, message) => {
  const folder = writeConsented(ownFolder(), IMAGES);
  change(folder);
  expect(() => readConsented(folder)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) as unknown }),
  );
});
