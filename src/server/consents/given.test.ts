import { expect, test } from 'vitest';
import { consentIn, consentOf, refuseConsent } from './given.ts';

test('nothing said is no consent', () => {
  expect(consentIn({}, 365)).toBeUndefined();
  expect(consentIn({ consent: '', other: 1 }, 365)).toBeUndefined();
  expect(consentOf({ 'content-type': 'image/png' }, {}, 365)).toBeUndefined();
});

test('purposes, days and flags, from parameters and from headers alike', () => {
  const expected = { purposes: ['training', 'review'], days: 30, underAge: true };
  expect(
    consentIn({ consent: 'review, training review', consent_days: 30, consent_under_age: true }, 365),
  ).toEqual(expected);
  expect(
    consentOf(
      {
        'dactyl-consent': 'review training',
        'dactyl-consent-days': '30',
        'dactyl-consent-under-age': 'true',
        'dactyl-consent-restrict': 'false',
      },
      {},
      365,
    ),
  ).toEqual(expected);
  expect(consentIn({ consent: 'research', consent_days: '1', consent_restrict: 'true' }, 1)).toEqual({
    purposes: ['research'],
    days: 1,
    restrict: true,
  });
});

test.each<[string, Record<string, unknown>, RegExp]>([
  [
    'no days',
    { consent: 'review' },
    /consent_days: expected for how long: a whole number of days from 1 to 365; received nothing/,
  ],
  ['no day at all', { consent: 'review', consent_days: 0 }, /received 0\. Nothing was kept/],
  ['too many days', { consent: 'review', consent_days: 366 }, /from 1 to 365; received 366/],
  ['half a day', { consent: 'review', consent_days: 0.5 }, /received 0\.5/],
  ['days in words', { consent: 'review', consent_days: 'ten' }, /received "ten"/],
  [
    'an unknown purpose',
    { consent: 'review advertising', consent_days: 3 },
    /one or more of training, review, research, .*"review advertising"/,
  ],
  ['a name of every object', { consent: 'toString', consent_days: 3 }, /received "toString"/],
  ['yes', { consent: true, consent_days: 3 }, /received true/],
  ['no purpose', { consent_days: 3 }, /consent: expected what for: .*beside consent_days/],
  [
    'a flag in words',
    { consent: 'review', consent_days: 3, consent_under_age: 'yes' },
    /consent_under_age: expected true or false/,
  ],
])('%s: refused, and said that nothing was kept', (_, parameters, message) => {
  expect(() => consentIn(parameters, 365)).toThrow(message);
});

test.each([
  'Dactyl-Consent-UnderAge',
  'Dactyl-Consent-Child',
  'dactyl-under-age',
  'Dactyl-Consent-Day',
  'X-Dactyl-Consent-Under-Age',
  'Consent-Under-Age',
])('the header %s is refused by its name, and the known ones are named', (name) => {
  const headers = { 'dactyl-consent': 'training', 'dactyl-consent-days': '3', [name]: 'true' };
  expect(() => consentOf(headers, {}, 365)).toThrow(
    /Dactyl-Consent, Dactyl-Consent-Days, Dactyl-Consent-Under-Age, Dactyl-Consent-Restrict; .*Nothing was kept/,
  );
});

test.each([
  'consent_underage',
  'consentUnderAge',
  'Consent_Under_Age',
  'consent-under-age',
  'under_age',
  'consent_child',
  'restrict',
])('the field %s is refused by its name, also without a consent, and the known ones are named', (name) => {
  for (const fields of [{ consent: 'training', consent_days: 3 }, {}]) {
    expect(() => consentIn({ ...fields, [name]: true }, 365)).toThrow(
      /consent, consent_days, consent_under_age, consent_restrict; .*Nothing was kept/,
    );
  }
});

test('fields and headers state a consent together, and nothing twice', () => {
  const fields = { consent: 'training', consent_days: 3 };
  expect(consentOf({ 'dactyl-consent-under-age': 'true' }, fields, 365)).toEqual({
    purposes: ['training'],
    days: 3,
    underAge: true,
  });
  expect(() => consentOf({ 'dactyl-consent-days': '9' }, fields, 365)).toThrow(
    /consent_days: .*received "both"/,
  );
});

test('where nothing is kept a consent is refused, in fields and in headers', () => {
  refuseConsent('/x', { coverage: 0.9 }, { accept: '*/*' });
  expect(() => {
    refuseConsent('/x', { consent: 'review' });
  }).toThrow(/expected no consent in \/x/);
  expect(() => {
    refuseConsent('/x', {}, { 'dactyl-consent': 'review' });
  }).toThrow(/expected no consent in \/x/);
});
