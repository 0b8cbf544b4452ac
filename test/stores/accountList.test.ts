import { expect, it } from 'vitest';
import type { StreamId } from '../../src/history/index.js';
import { type AccountLists, accountPage } from '../../src/stores/accountList.js';

const stream = (patronId: string): StreamId => ({ institution: 'north', patronId });

/** Lists with accounts `b1`, `b2` ... and, in scans of three accounts, every account of `h0`, `h1` ... with an even number. */
function listsOf(begun: number, scanned: number): AccountLists & { readonly scans: () => number } {
  let scans = 0;
  return {
    begun: (position = '0', limit = begun) => {
      const from = Number(position);
      const to = Math.min(begun, from + limit);
      const accounts = Array.from({ length: to - from }, (_, index) => stream(`b${from + index + 1}`));
      return { accounts, cursor: String(to) };
    },
    scan: (after) => {
      scans += 1;
      const from = after === undefined ? 0 : Number(after.patronId.slice(1)) + 1;
      const numbers = [from, from + 1, from + 2].filter((number) => number < scanned);
      const headless = numbers.filter((number) => number % 2 === 0).map((number) => stream(`h${number}`));
      const last = numbers.at(-1);
      return { headless, last: numbers.length < 3 ? undefined : stream(`h${last}`) };
    },
    scans: () => scans,
  };
}

it.each([
  [0, 0],
  [3, 0],
  [0, 7],
  [4, 9],
  [5, 10],
])(
  'lists %i accounts, then those of %i without their first event, each once, in pages of any size',
  async (begun, scanned) => {
    const expected = [
      ...Array.from({ length: begun }, (_, index) => `b${index + 1}`),
      ...Array.from({ length: Math.ceil(scanned / 2) }, (_, index) => `h${index * 2}`),
    ];
    for (let limit = 1; limit <= begun + scanned + 1; limit++) {
      const lists = listsOf(begun, scanned);
      const listed: string[] = [];
      for (let after: string | undefined; ; ) {
        const { accounts, cursor } = await accountPage({ after, limit }, lists);
        if (accounts.length === 0) break;
        expect(accounts.length).toBeLessThanOrEqual(limit);
        listed.push(...accounts.map(({ patronId }) => patronId));
        after = cursor;
      }
      expect(listed).toEqual(expected);
    }
    const all = await accountPage({}, listsOf(begun, scanned));
    expect(all.accounts.map(({ patronId }) => patronId)).toEqual(expected);
  },
);

it('scans once: after the end, it lists only accounts created since', async () => {
  const { cursor } = await accountPage({}, listsOf(2, 4));
  const later = listsOf(3, 8);
  const page = await accountPage({ after: cursor }, later);
  expect(page.accounts).toEqual([stream('b3')]);
  expect((await accountPage({ after: page.cursor }, later)).accounts).toEqual([]);
  expect(later.scans()).toBe(0);
});

it.each(['1!x', '1!{}', '1![1,2]', '1!["north"]'])('refuses the cursor %s', async (after) => {
  await expect(accountPage({ after }, listsOf(1, 1))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});
