import { expect, it } from 'vitest';
import { accountCases } from '../../../src/testing/conformance/accountCases.js';
import { type Defect, failuresOf } from './failures.js';

it.each<[string, Defect, string]>([
  [
    'lists an account for each of its events',
    ({ readAll }) => ({
      accounts: async (page) => {
        const { events, cursor } = await readAll(page);
        return {
          accounts: events.map(({ institution, patronId }) => ({ institution, patronId })),
          cursor,
        };
      },
    }),
    'lists every account once, however many events and appends it has',
  ],
  [
    'ignores the institution',
    ({ accounts }) => ({
      accounts: (page) => accounts({ ...(page?.after !== undefined && { after: page.after }) }),
    }),
    'lists the accounts of one institution',
  ],
  [
    'sorts accounts by their ids',
    ({ accounts }) => ({
      accounts: async ({ after = '0', limit = 100, institution } = {}) => {
        const all = (await accounts(institution === undefined ? {} : { institution })).accounts;
        const sorted = [...all].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
        const start = Number(after);
        const part = sorted.slice(start, start + limit);
        return { accounts: part, cursor: String(start + part.length) };
      },
    }),
    'lists new accounts after those listed before, and none twice',
  ],
])(
  'detects a store that %s',
  async (_, defect, clause) => {
    expect(await failuresOf(accountCases, defect)).toContain(clause);
  },
  120_000,
);
