import type { Arbitrary, FastCheck } from '../../../src/testing/fastCheck.js';
import {
  type ForeignFigure,
  type ForeignHistory,
  type ForeignStep,
  type ForeignTableRow,
  type ForeignTables,
  foreignSteps,
  partOf,
  picked,
} from './foreignRows.js';

/** A fee of a small FOLIO. In minor units. */
type Account = {
  readonly id: string;
  readonly user: number;
  readonly type: string;
  readonly amount: number;
  remaining: number;
  paid: number;
  transferred: number;
  status: string;
  readonly at: string;
  changed: string;
};

type Folio = {
  readonly accounts: Account[];
  readonly actions: (ForeignTableRow & { readonly accountId: string })[];
  ms: number;
};

const stepNames = [
  'charge',
  'charge',
  'chargeWithoutAction',
  'pay',
  'pay',
  'payAll',
  'waive',
  'transfer',
  'refund',
  'refundTransfer',
  'cancel',
  'comment',
] as const;

type Step = ForeignStep<(typeof stepNames)[number]>;

/**
 * Generates the records of a small FOLIO that charges, takes payments of one and of all fees, waives, transfers,
 * refunds and cancels as mod-feesfines does. A refund never gives back more than came in, which FOLIO does not prevent.
 */
export function folioRows(fc: FastCheck): Arbitrary<ForeignHistory> {
  const patrons = fc.array(foreignSteps(fc, stepNames), { minLength: 1, maxLength: 3 });
  return fc.tuple(patrons, fc.nat({ max: 1_000 })).map(([plans, share]) => {
    const folio: Folio = { accounts: [], actions: [], ms: Date.parse('2026-03-02T09:00:00Z') };
    const all = plans.flatMap((steps, user) => steps.map((step) => ({ step, user })));
    const pause = Math.floor((all.length * share) / 1_000);
    let earlier = tablesOf(folio);
    all.forEach(({ step, user }, index) => {
      if (index === pause) earlier = tablesOf(folio);
      // Two requests never have the same millisecond.
      folio.ms += step.seconds * 1_000 + 1;
      doStep(folio, step, user);
    });
    return { tables: tablesOf(folio), figures: folio.accounts.map(figureOf), earlier };
  });
}

function figureOf({ id, user, remaining }: Account): ForeignFigure {
  return { patronId: `user-${user}`, balanceId: `folio/${id}`, owed: remaining, credit: 0 };
}

const now = (folio: Folio) => new Date(folio.ms).toISOString().replace('Z', '+00:00');

function act(folio: Folio, account: Account, label: string, amount: number, fields: ForeignTableRow): void {
  account.changed = now(folio);
  folio.actions.push({
    id: `action-${folio.actions.length + 1}`,
    accountId: account.id,
    userId: `user-${account.user}`,
    dateAction: now(folio),
    typeAction: label,
    amountAction: amount / 100,
    balance: account.remaining / 100,
    comments: 'STAFF : called \n PATRON : thank you',
    source: 'ADMINISTRATOR, DIKU',
    createdAt: 'desk-1',
    ...fields,
  });
}

function doStep(folio: Folio, step: Step, user: number): void {
  const accounts = folio.accounts.filter((account) => account.user === user);
  const open = accounts.filter(({ remaining }) => remaining > 0);
  const account = picked(open, step);
  switch (step.name) {
    case 'charge':
    case 'chargeWithoutAction':
      return charge(folio, step, user);
    case 'pay':
    case 'waive':
    case 'transfer':
      if (account !== undefined) settle(folio, account, step.name, partOf(account.remaining, step));
      return;
    case 'payAll':
      for (const each of open) settle(folio, each, 'pay', partOf(each.remaining, step));
      return;
    case 'refund':
    case 'refundTransfer': {
      const field = step.name === 'refund' ? 'paid' : 'transferred';
      const settled = picked(
        accounts.filter((each) => each[field] > 0),
        step,
      );
      if (settled !== undefined) refund(folio, settled, field, partOf(settled[field], step));
      return;
    }
    case 'cancel': {
      if (account === undefined) return;
      account.remaining = 0;
      account.status = 'Closed';
      const label = step.pick % 2 === 0 ? 'Cancelled as error' : 'Wrong patron';
      act(folio, account, label, account.amount, {});
      return;
    }
    case 'comment':
      if (account !== undefined) act(folio, account, 'Staff info only', 0, {});
      return;
  }
}

function charge(folio: Folio, { name, amount, pick }: Step, user: number): void {
  const at = now(folio);
  const type = pick % 2 === 0 ? 'Overdue fine' : 'Lost item fee';
  const id = `account-${folio.accounts.length + 1}`;
  const money = { amount, remaining: amount, paid: 0, transferred: 0 };
  const account = { id, user, type, ...money, status: 'Open', at, changed: at };
  folio.accounts.push(account);
  if (name === 'charge') act(folio, account, type, amount, {});
}

const words = { pay: 'Paid', waive: 'Waived', transfer: 'Transferred' } as const;

function settle(folio: Folio, account: Account, name: keyof typeof words, amount: number): void {
  account.remaining -= amount;
  if (name === 'pay') account.paid += amount;
  if (name === 'transfer') account.transferred += amount;
  if (account.remaining === 0) account.status = 'Closed';
  const label = `${words[name]} ${account.remaining === 0 ? 'fully' : 'partially'}`;
  const paymentMethod = { pay: 'Cash', waive: 'Kindness', transfer: 'Bursar' }[name];
  act(folio, account, label, amount, { paymentMethod, transactionInformation: '-' });
}

function refund(folio: Folio, account: Account, field: 'paid' | 'transferred', amount: number): void {
  const to = field === 'paid' ? 'patron' : 'Bursar';
  const reason = { paymentMethod: 'Mistake' };
  act(folio, account, 'Credited partially', amount, { ...reason, transactionInformation: `Refund to ${to}` });
  account[field] -= amount;
  account.remaining += amount;
  account.status = 'Open';
  act(folio, account, 'Refunded partially', amount, {
    ...reason,
    transactionInformation: `Refunded to ${to}`,
  });
}

function tablesOf(folio: Folio): ForeignTables {
  return {
    accounts: folio.accounts.map(({ id, user, type, amount, remaining, status, at, changed }) => ({
      id,
      userId: `user-${user}`,
      amount: amount / 100,
      // FOLIO keeps more decimals than it shows.
      remaining: remaining / 100,
      status: { name: status },
      paymentStatus: { name: 'Outstanding' },
      feeFineType: type,
      feeFineOwner: 'Main',
      feeFineId: 'type-1',
      ownerId: 'owner-1',
      metadata: { createdDate: at, updatedDate: changed },
    })),
    feefineactions: [...folio.actions],
  };
}
