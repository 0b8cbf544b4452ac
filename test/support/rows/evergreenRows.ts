import type { Arbitrary, FastCheck } from '../../../src/testing/fastCheck.js';
import {
  decimals,
  type ForeignFigure,
  type ForeignHistory,
  type ForeignStep,
  type ForeignTables,
  foreignSteps,
  partOf,
  picked,
} from './foreignRows.js';

/** A transaction of a small Evergreen. */
type Xact = { readonly id: number; readonly usr: number; readonly at: string; stopped: string | null };

/** A billing, in minor units. */
type Billing = {
  readonly id: number;
  readonly xact: number;
  readonly usr: number;
  readonly amount: number;
  readonly btype: 1 | 3;
  readonly at: string;
  voidedAt: string | null;
};

/** A payment, in minor units. */
type Payment = {
  readonly id: number;
  readonly xact: number;
  readonly usr: number;
  readonly amount: number;
  readonly type: string;
  readonly billing: number | null;
  readonly at: string;
  voided: boolean;
};

type Evergreen = {
  readonly xacts: Xact[];
  readonly billings: Billing[];
  readonly payments: Payment[];
  ms: number;
};

const stepNames = [
  'loan',
  'overdue',
  'overdue',
  'bill',
  'pay',
  'pay',
  'overpay',
  'forgive',
  'work',
  'adjust',
  'useCredit',
  'voidBilling',
  'voidPayment',
  'refund',
  'stop',
] as const;

type Step = ForeignStep<(typeof stepNames)[number]>;

const MONEY: ReadonlySet<string> = new Set(['cash_payment', 'check_payment']);

/**
 * Generates the tables of a small Evergreen that bills, takes payments, forgives, adjusts, voids and pays back, without
 * the cases in which Evergreen leaves a payment without a billing.
 */
export function evergreenRows(fc: FastCheck): Arbitrary<ForeignHistory> {
  const patrons = fc.array(foreignSteps(fc, stepNames), { minLength: 1, maxLength: 3 });
  const credits = fc.array(fc.constantFrom(0, 1, 1_250), { minLength: 3, maxLength: 3 });
  return fc.tuple(patrons, credits, fc.nat({ max: 1_000 })).map(([plans, credit, share]) => {
    const all = plans.flatMap((steps, index) => steps.map((step) => ({ step, usr: 79 + index })));
    const evergreen: Evergreen = {
      xacts: [],
      billings: [],
      payments: [],
      ms: Date.parse('2026-03-02T09:00:00Z'),
    };
    const pause = Math.floor((all.length * share) / 1_000);
    const users = plans.map((_, index) => ({ id: 79 + index, credit: credit[index] ?? 0 }));
    let earlier = tablesOf(evergreen, users);
    all.forEach(({ step, usr }, index) => {
      // Evergreen keeps microseconds: nothing happens at the same time.
      evergreen.ms += step.seconds * 1_000 + 1;
      if (index === pause) {
        earlier = tablesOf(evergreen, users);
        evergreen.ms += 1_000;
      }
      doStep(evergreen, step, usr);
    });
    const figures = evergreen.xacts
      .filter(({ id }) => hasRows(evergreen, id))
      .map((xact) => figureOf(evergreen, xact));
    const ofUsers = users.map(({ id, credit: unused }): ForeignFigure => {
      return { patronId: String(id), balanceId: `evergreen/usr/${id}`, owed: 0, credit: unused };
    });
    return { tables: tablesOf(evergreen, users), figures: [...figures, ...ofUsers], earlier };
  });
}

const hasRows = ({ billings, payments }: Evergreen, id: number) =>
  [...billings, ...payments].some(({ xact }) => xact === id);

function sumsOf({ billings, payments }: Evergreen, id: number) {
  let [billed, paid, free] = [0, 0, 0];
  for (const { xact, amount, voidedAt } of billings) if (xact === id && voidedAt === null) billed += amount;
  for (const { xact, amount, voided, type } of payments) {
    if (xact !== id || voided) continue;
    if (MONEY.has(type)) paid += amount;
    else free += amount;
  }
  return { balance: billed - paid - free, free };
}

function figureOf(evergreen: Evergreen, { id, usr }: Xact): ForeignFigure {
  const { balance, free } = sumsOf(evergreen, id);
  const credit = Math.max(0, -balance - free);
  return { patronId: String(usr), balanceId: `evergreen/${id}`, owed: Math.max(0, balance), credit };
}

const now = ({ ms }: Evergreen) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '+00');

function bill(evergreen: Evergreen, { id: xact, usr }: Xact, btype: 1 | 3, amount: number): void {
  const id = evergreen.billings.length + 1;
  evergreen.billings.push({ id, xact, usr, amount, btype, at: now(evergreen), voidedAt: null });
}

function pay(
  evergreen: Evergreen,
  { id: xact, usr }: Xact,
  type: string,
  amount: number,
  billing?: number,
): void {
  const id = evergreen.payments.length + 1;
  const at = now(evergreen);
  evergreen.payments.push({ id, xact, usr, amount, type, billing: billing ?? null, at, voided: false });
}

const freeTypes = { forgive: 'forgive_payment', work: 'work_payment', useCredit: 'credit_payment' } as const;

function doStep(evergreen: Evergreen, step: Step, usr: number): void {
  const { xacts, billings, payments } = evergreen;
  if (step.name === 'loan') xacts.push({ id: xacts.length + 1, usr, at: now(evergreen), stopped: null });
  const xact = picked(
    xacts.filter((one) => one.usr === usr),
    step,
  );
  if (xact === undefined) return;
  const { balance, free } = sumsOf(evergreen, xact.id);
  const ownBillings = billings.filter((one) => one.xact === xact.id);
  const own = payments.filter((one) => one.xact === xact.id);
  // The forgiven part of a voided billing would silently pay the next one.
  const isStranded = balance < 0 && free > 0;
  const isVoided = ownBillings.some(({ voidedAt }) => voidedAt !== null);
  switch (step.name) {
    case 'loan':
      return;
    case 'overdue':
      if (xact.stopped === null && !isStranded) bill(evergreen, xact, 1, 10);
      return;
    case 'bill':
      if (!isStranded) bill(evergreen, xact, 3, step.amount);
      return;
    case 'pay':
      if (balance > 0) pay(evergreen, xact, 'cash_payment', partOf(balance, step));
      return;
    case 'overpay':
      if (balance > 0 && free === 0) pay(evergreen, xact, 'check_payment', balance + step.amount);
      return;
    case 'forgive':
    case 'work':
    case 'useCredit':
      if (balance > 0 && !(isVoided && step.name === 'useCredit')) {
        pay(evergreen, xact, freeTypes[step.name], partOf(balance, step));
      }
      return;
    case 'adjust': {
      const billing = picked(
        ownBillings.filter(({ voidedAt }) => voidedAt === null),
        step,
      );
      if (billing === undefined || balance <= 0) return;
      pay(evergreen, xact, 'account_adjustment', Math.min(balance, billing.amount), billing.id);
      return;
    }
    case 'voidBilling': {
      const billing = picked(
        ownBillings.filter(({ voidedAt }) => voidedAt === null),
        step,
      );
      // A patron's credit, once spent, stays with a billing that is void; and where something was forgiven, Evergreen
      // gives back less than the money that is left over.
      const notVoided = own.filter(({ voided }) => !voided);
      const hasBoth = free > 0 && notVoided.some(({ type }) => MONEY.has(type));
      if (billing === undefined || hasBoth || own.some(({ type }) => type === 'credit_payment')) return;
      billing.voidedAt = now(evergreen);
      return;
    }
    case 'voidPayment': {
      // Once a billing is void, its waivers and the money that was paid back cannot be assigned to a billing.
      if (isVoided || own.some(({ amount }) => amount < 0)) return;
      const payment = picked(
        own.filter(({ voided }) => !voided),
        step,
      );
      if (payment !== undefined) payment.voided = true;
      return;
    }
    case 'refund': {
      const credit = Math.max(0, -balance - free);
      if (credit > 0) pay(evergreen, xact, 'cash_payment', -partOf(credit, step));
      return;
    }
    case 'stop':
      xact.stopped ??= now(evergreen);
      return;
  }
}

function tablesOf(
  { xacts, billings, payments }: Evergreen,
  users: readonly { readonly id: number; readonly credit: number }[],
): ForeignTables {
  return {
    billable_xact: xacts.map(({ id, usr, at, stopped }) => {
      const fines = { stop_fines: stopped === null ? null : 'CHECKIN', stop_fines_time: stopped };
      const item = { target_copy: id + 1, barcode: `CONC${id}` };
      return {
        id,
        usr,
        xact_start: at,
        xact_finish: null,
        owner: id % 2 === 0 ? 'BR1' : 'BR2',
        ...fines,
        ...item,
      };
    }),
    billing: billings.map(({ id, xact, usr, amount, btype, at, voidedAt }) => ({
      id,
      xact,
      usr,
      billing_ts: at,
      voided: voidedAt !== null,
      voider: voidedAt === null ? null : 1,
      void_time: voidedAt,
      amount: decimals(amount, 2),
      btype,
      billing_type: btype === 1 ? 'Overdue materials' : 'Lost Materials',
      note: null,
    })),
    payment: payments.map(({ id, xact, usr, amount, type, billing, at, voided }) => ({
      id,
      xact,
      usr,
      payment_ts: at,
      voided,
      amount: decimals(amount, 2),
      payment_type: type,
      accepting_usr: 1,
      cash_drawer: type === 'cash_payment' ? 51 : null,
      billing,
    })),
    usr: users.map(({ id, credit }) => {
      return {
        id,
        usr: id,
        credit_forward_balance: decimals(credit, 2),
        create_date: '2020-01-01 00:00:00+00',
      };
    }),
  };
}
