import { expect, it } from 'vitest';
import type { KeyStore } from '../../src/stores/keys/index.js';

const [north, south] = ['north', 'south'].map((institution) => ({ institution, patronId: 'p1' })) as [
  { institution: string; patronId: string },
  { institution: string; patronId: string },
];

/** Registers the cases of the port of key stores; `open` returns two stores with the same keys, without any. */
export function keyStoreCases(open: () => Promise<readonly [KeyStore, KeyStore]>): void {
  it('reads many accounts in their order, and null for those without keys', async () => {
    const [keys, second] = await open();
    const accounts = Array.from({ length: 100 }, (_, index) => ({
      institution: 'north',
      patronId: `p${index}`,
    }));
    for (const account of accounts.filter((_, index) => index % 3 === 0))
      expect(await keys.replace(account, null, `key of ${account.patronId}`)).toBe(true);
    const expected = accounts.map(({ patronId }, index) => (index % 3 === 0 ? `key of ${patronId}` : null));
    expect(await second.read(accounts)).toEqual(expected);
    expect(await second.read([])).toEqual([]);
    expect(await second.read([...accounts].reverse())).toEqual([...expected].reverse());
  });

  it('creates, replaces and deletes keys only if they are as expected, and of no other account', async () => {
    const [keys, second] = await open();
    expect(await keys.replace(south, null, 'south')).toBe(true);
    expect(await keys.replace(north, 'other', 'one')).toBe(false);
    expect(await keys.replace(north, null, 'one')).toBe(true);
    expect(await second.replace(north, null, 'two')).toBe(false);
    expect(await second.replace(north, 'two', 'three')).toBe(false);
    expect(await second.replace(north, 'one', 'Ä "two" \\ \n')).toBe(true);
    expect(await keys.read([north, south])).toEqual(['Ä "two" \\ \n', 'south']);
    expect(await keys.replace(north, 'one', null)).toBe(false);
    expect(await keys.replace(north, 'Ä "two" \\ \n', null)).toBe(true);
    expect(await second.read([north, south])).toEqual([null, 'south']);
    expect(await second.replace(north, 'one', null)).toBe(false);
    expect(await second.replace(north, null, 'again')).toBe(true);
  });

  it('lists the accounts with keys in parts, each once, while keys are created and deleted', async () => {
    const [keys, second] = await open();
    expect(await keys.accounts()).toEqual([]);
    const accounts = ['north', '0042', 'Ä "south"'].flatMap((institution) =>
      Array.from({ length: 70 }, (_, index) => ({ institution, patronId: `${index}` })),
    );
    await Promise.all(accounts.map((account) => keys.replace(account, null, 'key')));
    const listed: unknown[] = [];
    for (let page = await second.accounts(); page.length > 0; ) {
      listed.push(...page);
      const last = page.at(-1) as (typeof accounts)[0];
      await keys.replace(last, 'key', null);
      page = await second.accounts(last);
    }
    expect(listed).toHaveLength(accounts.length);
    expect(listed).toEqual(expect.arrayContaining(accounts));
  });

  it('lets one of many win that create or replace at once', async () => {
    const stores = await open();
    for (const before of [null, 'start']) {
      if (before !== null) await stores[0].replace(south, null, before);
      const account = before === null ? north : south;
      const wins = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          stores[index % 2]?.replace(account, before, `writer ${index}`),
        ),
      );
      expect(wins.filter(Boolean)).toHaveLength(1);
      expect(await stores[1].read([account])).toEqual([`writer ${wins.indexOf(true)}`]);
    }
  });
}
