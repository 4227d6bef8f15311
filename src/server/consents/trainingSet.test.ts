import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, onTestFinished, test } from 'vitest';
import { consentsAlone, itemOf, type ConsentsAlone } from '../../../test/support/consents.ts';
import { loadConsented, readConsented } from '../../store/consentedFolder.ts';
import { trainingSet } from './trainingSet.ts';

const FORM = { shape: [28, 28, 1], classes: [...'0123456789'] };
const GIVEN = { purposes: ['training'], days: 30 } as const;

async function exported(own: ConsentsAlone, form = FORM) {
  const folder = mkdtempSync(join(tmpdir(), 'dactyl-set-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const zip = unzipSync(await trainingSet(own, form));
  for (const [name, bytes] of Object.entries(zip)) writeFileSync(join(folder, name), bytes);
  return folder;
}

async function kept(
  own: ConsentsAlone,
  seed: number,
  label: string | undefined,
  given: Parameters<typeof own.consents.keep>[0] = GIVEN,
) {
  const { token, consent } = await own.consents.keep(given, [itemOf(seed)], 'd');
  if (label !== undefined)
    await own.consents.change(await own.consents.find(token), { labels: [{ item: 1, label }] });
  return { token, consent };
}

test('only what was consented to for training, is free, of age, of this form and labelled by a person is given out, as dactyl train --extra reads it', async () => {
  const own = await consentsAlone();
  const good = await kept(own, 1, '7');
  await kept(own, 2, undefined);
  await kept(own, 3, 'no digit');
  await kept(own, 4, '7', { purposes: ['review', 'research'], days: 30 });
  await kept(own, 5, '7', { ...GIVEN, underAge: true });
  await kept(own, 6, '7', { ...GIVEN, restrict: true });
  const objected = await kept(own, 7, '7');
  await own.consents.change(await own.consents.find(objected.token), { objection: true });
  await kept(own, 8, '7', { ...GIVEN, days: 1 });
  await own.consents.keep(
    GIVEN,
    [{ ...itemOf(9), shape: [4, 196], label: { value: '7', by: 'review' } }],
    'd',
  );
  own.clock.forward(86_400_000);
  const { images, labels, about } = loadConsented(await exported(own));
  expect(about.consents).toEqual([good.consent]);
  expect([...labels]).toEqual([7]);
  expect([...images.data]).toEqual([...itemOf(1).image]);
  expect(await own.consents.uses(await own.consents.find(good.token))).toMatchObject([
    { kind: 'training set' },
  ]);
  expect(await own.kinds()).toContain('training-set.exported');
  const shoes = { shape: [28, 28], classes: ['boot', 'sandal'] };
  expect(readConsented(await exported(own, shoes)).examples).toBeUndefined();
});

test('what was erased since an earlier export is not in the next, which names it; what was never given out is not named', async () => {
  const own = await consentsAlone();
  const [one, two, three] = [await kept(own, 1, '7'), await kept(own, 2, '8'), await kept(own, 3, undefined)];
  expect(readConsented(await exported(own)).erased).toEqual([]);
  for (const { token } of [one, three]) await own.consents.erase(await own.consents.find(token));
  const { examples, erased } = readConsented(await exported(own));
  expect(examples!.about.consents).toEqual([two.consent]);
  expect(erased).toEqual([one.consent]);
  expect(own.told[0]).toMatchObject({ consent: one.consent, uses: [{ kind: 'training set' }] });
});
