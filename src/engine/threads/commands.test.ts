import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Commands, MOST_ARGUMENTS, SLOTS, WIDTH } from './commands.ts';

const count = fc.oneof(fc.nat(40), fc.integer({ min: 2 ** 31 - 2, max: 2 ** 32 - 1 }));
/** Whole numbers that are no counts, and any others, to their last bit. */
const float = fc.oneof(fc.constantFrom(-0, -1, 2 ** 32, 0.1, Math.fround(0.1), NaN, Infinity), fc.double());
const args = fc
  .tuple(fc.array(count, { maxLength: MOST_ARGUMENTS - 8 }), fc.array(float, { maxLength: 8 }))
  .chain(([counts, floats]) =>
    fc.shuffledSubarray([...counts, ...floats], { minLength: counts.length + floats.length }),
  );

test('a ring gives each command as it was written, all 64 that lie in it, also where their numbers have wrapped around', () => {
  fc.assert(
    fc.property(fc.array(args, { minLength: 1, maxLength: SLOTS }), fc.integer(), (lists, before) => {
      const first = 16;
      const cells = new Int32Array(new SharedArrayBuffer(4 * (first + SLOTS * WIDTH + 16)));
      const commands = new Commands(cells, first);
      lists.forEach((list, k) => {
        commands.write((before + k) | 0, k, list);
      });
      lists.forEach((list, k) => {
        const [kernel, received] = commands.read((before + k) | 0);
        expect(kernel).toBe(k);
        expect(received).toHaveLength(list.length);
        // Their bits: NaN and −0 are told apart, too.
        expect(new BigUint64Array(Float64Array.from(received).buffer)).toEqual(
          new BigUint64Array(Float64Array.from(list).buffer),
        );
      });
      // What lies around the ring.
      expect(cells.subarray(0, first).some(Boolean)).toBe(false);
      expect(cells.subarray(-16).some(Boolean)).toBe(false);
    }),
  );
});
