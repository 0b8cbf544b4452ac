import { type AccountEvent, decide, definePolicy, fold, type PatronAccount } from 'patron-fees';
import type * as alma from 'patron-fees/alma';
import type * as bursar from 'patron-fees/bursar';
import type * as closing from 'patron-fees/closing';
import type * as evergreen from 'patron-fees/evergreen';
import type * as folio from 'patron-fees/folio';
import type * as history from 'patron-fees/history';
import type * as imports from 'patron-fees/import';
import type * as jobs from 'patron-fees/jobs';
import type * as koha from 'patron-fees/koha';
import type * as nats from 'patron-fees/nats';
import type * as office from 'patron-fees/office';
import type * as overdue from 'patron-fees/overdue';
import type * as patrons from 'patron-fees/patrons';
import type * as postgres from 'patron-fees/postgres';
import type * as reports from 'patron-fees/reports';
import type * as sip2 from 'patron-fees/sip2';
import type * as sqlite from 'patron-fees/sqlite';
import type * as testing from 'patron-fees/testing';
import { summary } from 'patron-fees/views';
import type * as words from 'patron-fees/words';

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
  keyof typeof bursar,
  keyof typeof closing,
  keyof typeof evergreen,
  keyof typeof folio,
  keyof typeof history,
  keyof typeof imports,
  keyof typeof jobs,
  keyof typeof koha,
  keyof typeof nats,
  keyof typeof office,
  keyof typeof overdue,
  keyof typeof patrons,
  keyof typeof postgres,
  keyof typeof reports,
  keyof typeof sip2,
  keyof typeof sqlite,
  keyof typeof testing,
  keyof typeof words,
];

// What needs fast-check takes anything where it is not installed; what does not is checked as ever.
export const cases: readonly testing.StoreCase[] = [];
