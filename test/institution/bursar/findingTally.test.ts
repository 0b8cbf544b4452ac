import { expect, it } from 'vitest';
import { findingTally } from '../../../src/institution/bursar/findingTally.js';

const finding = (code: string, n: number) => ({ code, n });

it('counts findings, keeps the first hundred, and tells every one in order', async () => {
  const told: number[] = [];
  const tally = findingTally<{ readonly code: string; readonly n: number }>(async ({ n }) => {
    await Promise.resolve();
    told.push(n);
  });
  for (let n = 0; n < 150; n++) await tally.take([finding(n % 3 === 0 ? 'THIRD' : 'OTHER', n)]);
  const { count, byCode, first } = tally.report();
  expect({ count, byCode, shown: first.length, last: first.at(-1)?.n }).toEqual({
    ...{ count: 150, byCode: { THIRD: 50, OTHER: 100 }, shown: 100, last: 99 },
  });
  expect(told).toEqual(Array.from({ length: 150 }, (_, n) => n));
});

it('needs nobody to tell them to', async () => {
  const tally = findingTally(undefined);
  expect(tally.report()).toEqual({ count: 0, byCode: {}, first: [] });
  await tally.take([finding('A', 1), finding('A', 2)]);
  expect(tally.report()).toMatchObject({ count: 2, byCode: { A: 2 } });
});
