import { expect, it } from 'vitest';
import type { StoreUnderTest } from '../../../src/testing/conformance/clause.js';
import { transactionCases } from '../../../src/testing/conformance/transactionCases.js';
import { type CapableStore, failuresOfCapable } from '../../support/capableStore.js';

const titles = transactionCases.map(([title]) => title);
const [commits, rollsBack, staysUsable, executes] = titles;

it('passes for a sound store, and fails in every case for a store without transactions', async () => {
  expect(await failuresOfCapable(transactionCases, () => ({}))).toEqual([]);
  const without = ({ store }: CapableStore): StoreUnderTest => ({ store });
  expect(
    await failuresOfCapable(transactionCases, (sound) => ({
      ...without(sound),
      transaction: undefined as never,
    })),
  ).toEqual(titles);
});

it.each<[string, (sound: CapableStore) => Partial<StoreUnderTest>, readonly (string | undefined)[]]>([
  [
    'appends outside the transaction',
    ({ store }) => ({ transaction: (work) => work(store) }),
    [rollsBack, executes],
  ],
  [
    'never commits',
    ({ transaction }) => ({
      transaction: async (work) => {
        const undone = new Error('undone');
        await transaction(async (within) => {
          await work(within);
          throw undone;
        }).catch((error) => {
          if (error !== undone) throw error;
        });
      },
    }),
    [commits, staysUsable, executes],
  ],
  [
    'cannot go on after a conflict',
    ({ transaction }) => ({
      transaction: (work) =>
        transaction((within) => {
          let isAborted = false;
          return work({
            ...within,
            append: async (...given) => {
              if (isAborted) throw new Error('current transaction is aborted');
              return within.append(...given).catch((error) => {
                isAborted = error.code === 'VERSION_CONFLICT';
                throw error;
              });
            },
          });
        }),
    }),
    [staysUsable],
  ],
  [
    'does not read what it appended',
    ({ transaction }) => ({
      transaction: (work) =>
        transaction(async (within) => {
          const before = new Map<string, Awaited<ReturnType<typeof within.read>>>();
          await work({
            ...within,
            read: async (stream, options) => {
              const slice = before.get(stream.institution) ?? (await within.read(stream, options));
              before.set(stream.institution, slice);
              return slice;
            },
          });
        }),
    }),
    [commits, executes],
  ],
])('detects a store that %s', async (_, defect, expected) => {
  expect(await failuresOfCapable(transactionCases, defect)).toEqual(expected);
});
