import { type AccountEvent, decide, definePolicy, fold, type PatronAccount } from 'patron-fees';
import type * as alma from 'patron-fees/alma';
import type * as evergreen from 'patron-fees/evergreen';
import type * as folio from 'patron-fees/folio';
import type * as history from 'patron-fees/history';
import type * as imports from 'patron-fees/import';
import type * as institution from 'patron-fees/institution';
import type * as koha from 'patron-fees/koha';
import type * as nats from 'patron-fees/nats';
import type * as overdue from 'patron-fees/overdue';
import type * as postgres from 'patron-fees/postgres';
import type * as sip2 from 'patron-fees/sip2';
import type * as sqlite from 'patron-fees/sqlite';
import type * as testing from 'patron-fees/testing';
import { summary } from 'patron-fees/views';

declare global {
  /** As Node's types and the browser's have it; jobs can be stopped with one. */
  interface AbortSignal {
    readonly aborted: boolean;
  }
  /** The Fetch API, as Node's types and the browser's have it. */
  interface Request {
    readonly url: string;
  }
  interface Response {
    readonly status: number;
  }
}

const policy = definePolicy({ currency: 'USD' });

export function charge(account: PatronAccount): { active: string; events: readonly AccountEvent[] } {
  const decision = decide(
    {
      type: 'AssessFee',
      id: 'f1',
      at: '2026-03-02T09:00:00Z',
      feeType: 'OTHER',
      amount: '2.5',
      owner: 'MAIN',
    },
    account,
    policy,
  );
  // @ts-expect-error what was decided is not to be changed
  decision.events = [];
  return { active: summary(fold(decision.events, account), policy).active, events: decision.events };
}

/** Everything else that the package has, with none of its optional peers installed. */
export type Others = [
  keyof typeof alma,
  keyof typeof evergreen,
  keyof typeof folio,
  keyof typeof history,
  keyof typeof imports,
  keyof typeof institution,
  keyof typeof koha,
  keyof typeof nats,
  keyof typeof overdue,
  keyof typeof postgres,
  keyof typeof sip2,
  keyof typeof sqlite,
  keyof typeof testing,
];

// What needs fast-check takes anything where it is not installed; what does not is checked as ever.
export const cases: readonly testing.StoreCase[] = [];
