import { describe, expect, it } from 'vitest';
import { type EventLine, idOfLine, type LineFault, readEventLine } from '../../src/cli/eventLine.js';
import { foldedAccounts } from '../../src/cli/foldedAccounts.js';
import { memoryTerminal, storedLines, threeEvents } from '../support/commandLine.js';

async function foldLines(texts: readonly string[]) {
  const faults: LineFault[] = [];
  const lines = async function* () {
    for (const [index, text] of texts.entries()) yield readEventLine(text, index + 1) as EventLine;
  };
  const folded = foldedAccounts(
    memoryTerminal({}).terminal,
    'f',
    lines(),
    (fault) => void faults.push(fault),
  );
  const accounts = [];
  for await (const account of folded) accounts.push(account);
  return { accounts, faults };
}

const summaryOf = ({ accounts, faults }: Awaited<ReturnType<typeof foldLines>>) => ({
  accounts: accounts.map(({ stream, version }) => [idOfLine({ stream } as EventLine), version]),
  faults: faults.map(({ line, code }) => [line, code]),
});

describe('the accounts of a file', () => {
  it('are folded though their events are mixed', async () => {
    const [a, b] = [storedLines(['u17']), storedLines(['u18'])];
    const mixed = a.flatMap((line, index) => [line, b[index] ?? '']);
    expect(summaryOf(await foldLines(mixed))).toEqual({
      accounts: [
        ['u17', 3],
        ['u18', 3],
      ],
      faults: [],
    });
  });

  it('without names are one account, folded in batches', async () => {
    const fee = JSON.stringify(threeEvents()[0]);
    const fees = Array.from({ length: 2_500 }, (_, index) => fee.replace('fee-1', `fee-${index}`));
    const { accounts, faults } = await foldLines(fees);
    expect(faults).toEqual([]);
    expect(accounts[0]?.account?.fees).toHaveLength(2_500);
    const again = await foldLines([...fees, fees[1_700] ?? '']);
    expect(summaryOf(again).faults).toEqual([[2_501, 'CORRUPT_HISTORY']]);
  });

  it('end before a version that is missing, and before an event that does not fit', async () => {
    const [first = '', second = '', third = ''] = storedLines(['u17']);
    expect(summaryOf(await foldLines([first, third]))).toEqual({
      accounts: [['u17', 1]],
      faults: [[2, 'VERSION_GAP']],
    });
    const twice = first.replace('"version":1', '"version":2');
    const { accounts, faults } = await foldLines([first, twice, second, ...storedLines(['u18'])]);
    expect(faults).toHaveLength(1);
    expect(accounts.map(({ isFaulty }) => isFaulty)).toEqual([true, false]);
    expect(accounts[0]?.account?.fees).toHaveLength(1);
  });

  it('begin at the version after a purge', async () => {
    const at = '2026-03-02T09:00:00Z';
    const data = { purgeId: 'purge-1', events: 7, currency: 'USD', totals: [], at };
    const place = { institution: 'north', patronId: 'u17', version: 8 };
    const purged = { ...place, event: { type: 'AccountPurged', data } };
    const { accounts, faults } = await foldLines([JSON.stringify(purged)]);
    expect(faults).toEqual([]);
    expect(accounts[0]?.version).toBe(8);
  });
});
