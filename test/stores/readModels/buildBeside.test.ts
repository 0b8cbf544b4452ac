import { expect, it } from 'vitest';
import type { RowsOfAccount } from '../../../src/stores/readModels/accountRows.js';
import {
  type Change,
  type RebuiltBuilds,
  rebuildBeside,
} from '../../../src/stores/readModels/buildBeside.js';

const stream = (patronId: string) => ({ institution: 'north', patronId });
const change = (patronId: string, place: string): Change => ({ stream: stream(patronId), place });

/** A database that gives the pages of accounts, the horizons and the changes of a list, one after the other, and tells what was saved. */
function scripted(script: {
  readonly horizons: readonly string[];
  readonly changes: readonly (readonly Change[])[];
  readonly switches: readonly boolean[];
}) {
  const said: unknown[] = [];
  const next = <Value>(list: readonly Value[]) => {
    const left = [...list];
    return () => left.shift() as Value;
  };
  const [horizon, changes, isSwitched] = [next(script.horizons), next(script.changes), next(script.switches)];
  const builds: RebuiltBuilds = {
    pageSize: 2,
    states: async () => ({}),
    begin: async () => 7,
    save: async ({ cursor }, to, rows) =>
      void said.push([JSON.parse(cursor as string).after, JSON.parse(to).after, rows.length]),
    takeIntoUse: async () => undefined,
    removeEarlier: async () => false,
    accountsAfter: async ([, last]) => (last === '' ? [stream('a'), stream('b')] : []),
    rowsOf: async (streams) => streams.map(() => ({}) as RowsOfAccount),
    horizon: async () => horizon(),
    changesAfter: async () => changes(),
    switchTo: async (_, after) => {
      said.push(`switch after ${after}`);
      return isSwitched();
    },
    count: async () => ({ accounts: 2, unreadable: 0 }),
  };
  return { builds, said };
}

it('goes on from the last change of a full page, but never beyond an event that nobody sees yet', async () => {
  const { builds, said } = scripted({
    horizons: ['90', '99', '100', '120'],
    changes: [[change('a', '95'), change('b', '98')], [change('c', '99'), change('d', '101')], []],
    switches: [true],
  });
  await rebuildBeside(builds, {});
  expect(said).toEqual([
    ['90', '90', 2],
    ['90', '90', 0],
    ['90', '98', 2],
    ['98', '100', 2],
    ['100', '120', 0],
    'switch after 120',
  ]);
});

it('reads each changed account once, and goes on until the switch succeeds', async () => {
  const { builds, said } = scripted({
    horizons: ['1', '5', '6', '7'],
    changes: [[change('a', '3')], [change('a', '5'), change('a', '5')], []],
    switches: [false, true],
  });
  await expect(rebuildBeside(builds, { onProgress: 1 } as never)).rejects.toThrow(/INVALID_ARGUMENT/);
  await expect(rebuildBeside(builds, {})).resolves.toEqual({ accounts: 2, unreadable: 0 });
  expect(said.slice(2)).toEqual([
    ['1', '5', 1],
    'switch after 5',
    ['5', '5', 1],
    ['5', '7', 0],
    'switch after 7',
  ]);
});
