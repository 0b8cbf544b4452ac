import { type AccountEvent, fold, owed, unused } from '../../../src/index.js';
import type {
  ForeignAccount,
  ForeignBalance,
  ForeignChange,
} from '../../../src/interop/import/foreignAccount.js';
import { importEvents } from '../../../src/interop/import/importEvents.js';
import type { ForeignRow } from '../../../src/interop/import/importFinding.js';

export const origin: ForeignRow = { table: 'rows', rowId: '1', row: {} };

/** A time, in minutes after nine. */
export function time(minute: number) {
  const ms = Date.parse('2026-03-02T09:00:00Z') + minute * 60_000;
  return { at: new Date(ms).toISOString(), ms };
}

type WithoutOrigin<Change> = Change extends unknown ? Omit<Change, 'origin' | 'time'> : never;

/** A change at a minute. */
export function change(minute: number, fields: WithoutOrigin<ForeignChange>): ForeignChange {
  return { ...fields, time: time(minute), origin } as ForeignChange;
}

/** A charge of the fee `x/f1`, or another one. */
export function charge(minute: number, amount: number, fields: { feeId?: string; grows?: boolean } = {}) {
  const { feeId = 'x/f1', grows = false } = fields;
  const owner = { feeType: 'OTHER', owner: 'MAIN' };
  return change(minute, {
    kind: 'charge',
    feeId,
    balanceId: 'x/f1',
    amount,
    grows,
    lostItem: false,
    ...owner,
  });
}

export function balance(owedThere: number, fields: Partial<ForeignBalance> = {}): ForeignBalance {
  const names = { balanceId: 'x/f1', figure: 'open', feeType: 'OTHER', owner: 'MAIN' };
  return { ...names, owed: owedThere, credit: 0, time: time(1_000), origin, ...fields };
}

export function account(
  changes: readonly ForeignChange[],
  balances: readonly ForeignBalance[],
): ForeignAccount {
  return { system: 'x', patronId: 'u17', currency: 'USD', rows: 1, changes, balances, findings: [] };
}

/** Imports an account: the events, briefly, the findings' codes, and what is owed and unused by id. */
export function imported(foreign: ForeignAccount, history: readonly AccountEvent[] = []) {
  const { events, findings } = importEvents(foreign, { history });
  const state = fold([...history, ...events]);
  return {
    all: [...history, ...events],
    events: events.map(({ type, data }) => `${type} ${'amount' in data ? data.amount : ''}`.trim()),
    findings: findings.map(({ code }) => code),
    owed: Object.fromEntries(state.fees.map((fee) => [fee.feeId, owed(fee)])),
    unused: Object.fromEntries(state.credits.map((credit) => [credit.creditId, unused(credit)])),
  };
}
