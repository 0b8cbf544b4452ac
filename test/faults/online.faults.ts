import { describe, expect, it } from 'vitest';
import { type EventStore, execute, loadAccount, memoryEventStore } from '../../src/history/index.js';
import { type Command, type Credit, definePolicy, type PatronAccount } from '../../src/index.js';
import { journalText } from '../../src/jobs/reports/index.js';
import type { OfficeStore } from '../../src/office/index.js';
import {
  loadOnlinePayment,
  type OnlinePayment,
  reconcilePayouts,
  reportOnlinePayment,
  runOnlinePayments,
  startOnlinePayment,
} from '../../src/online/index.js';
import { violations } from '../../src/testing/index.js';
import { everyStore } from '../support/everyStore.js';
import { programPath } from '../support/programs.js';
import {
  money,
  type ProviderPayment,
  payoutRows,
  providerPayment,
  seededNumbers,
  webhooks,
  wholeReport,
} from './onlineProvider.js';
import { timesOf } from './timesOf.js';

const PAYMENTS = timesOf(2_000);
const KILLS = timesOf(300);
/** The number of payments whose reports are mixed. */
const AT_ONCE = 50;
const SEED = 20_261_129;

const institution = 'north';
const at = '2026-03-02T09:00:00Z';
const later = '2026-03-05T09:00:00Z';
const policy = definePolicy({
  currency: 'USD',
  feeTypes: { OTHER: { label: 'Other' }, SHORT: { label: 'Payment taken back' } },
  paymentMethods: { CASH: 'Cash', ONLINE: 'Online' },
  onlinePayments: {
    method: 'ONLINE',
    serviceFee: { amount: '0.50' },
    shortfallFee: { feeType: 'SHORT', owner: 'MAIN' },
  },
});

class Killed extends Error {}

type Stores = { readonly accounts: EventStore; readonly office: OfficeStore };

/**
 * Stores of a process that dies at a write, before it is stored or after it: then every call is refused, as that process
 * makes none any more.
 */
function mortal(stores: Stores, random: (below: number) => number) {
  let writesLeft = Number.POSITIVE_INFINITY;
  let isStored = false;
  let kills = 0;
  const die = (): never => {
    kills += 1;
    writesLeft = -1;
    throw new Killed();
  };
  const alive = () => {
    if (writesLeft < 0) throw new Killed();
  };
  const wrapped = <Store extends EventStore | OfficeStore>(store: Store): Store => ({
    ...store,
    read: async (...given: Parameters<EventStore['read']>) => {
      alive();
      return (store as EventStore).read(...given);
    },
    append: async (...given: Parameters<EventStore['append']>) => {
      alive();
      if (writesLeft === 0 && !isStored) die();
      const appended = await (store as EventStore).append(...given);
      if (writesLeft === 0) die();
      writesLeft -= 1;
      return appended;
    },
  });
  return {
    stores: { accounts: wrapped(stores.accounts), office: wrapped(stores.office) },
    kills: () => kills,
    /** The process dies at one of its next writes. */
    arm(): void {
      if (writesLeft >= 0 && writesLeft < 10) return;
      writesLeft = random(5);
      isStored = random(2) === 0;
    },
    /** Another process begins. */
    restart(): void {
      if (writesLeft < 0) writesLeft = Number.POSITIVE_INFINITY;
    },
  };
}

/** Runs a step of a process; it may die. */
async function step(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
}

type Operation = () => Promise<unknown>;

/** Plays all payments, with their reports mixed, lost, told again and late, and a kill now and then. */
async function play(stores: Stores) {
  const random = seededNumbers(SEED);
  const process = mortal(stores, random);
  const truth: ProviderPayment[] = [];
  const patrons: string[] = [];
  const give = (patronId: string, command: Command) =>
    execute(stores.accounts, policy, { institution, patronId }, command);
  let made = 0;
  for (let first = 0; first < PAYMENTS; first += AT_ONCE) {
    const operations: Operation[] = [];
    for (let n = first; n < Math.min(first + AT_ONCE, PAYMENTS); n++) {
      const onlinePaymentId = `o${n}`;
      const members = random(3) === 0 ? [`p${n}`, `q${n}`] : [`p${n}`];
      let cents = 50;
      for (const patronId of members) {
        const fee = 100 + random(900);
        cents += fee;
        await give(patronId, {
          type: 'AssessFee',
          id: `f${n}`,
          feeType: 'OTHER',
          amount: money(fee),
          owner: 'MAIN',
          at,
        });
      }
      patrons.push(...members);
      const payment = providerPayment(onlinePaymentId, cents, random);
      truth.push(payment);
      const form = { institution, onlinePaymentId, at, parts: members.map((patronId) => ({ patronId })) };
      const start = () => startOnlinePayment(process.stores, policy, form);
      // The patron tries again until the payment has begun; the provider knows no other payment.
      for (let tries = 0; tries < 3; tries++) {
        if (process.kills() < KILLS && random(12) === 0) process.arm();
        await step(start);
        process.restart();
      }
      await startOnlinePayment(stores, policy, form);
      const reports = webhooks(payment, random).map(
        (report): Operation =>
          () =>
            reportOnlinePayment(process.stores, policy, { institution, onlinePaymentId, at, ...report }),
      );
      operations.push(...reports);
      const [patronId = ''] = members;
      if (random(4) === 0)
        operations.push(() =>
          give(patronId, { type: 'ReceivePayment', id: `c${n}`, amount: '0.60', method: 'CASH', at }),
        );
      if (random(5) === 0)
        operations.push(() => give(patronId, { type: 'DisputeFee', id: `d${n}`, feeId: `f${n}`, at }));
      if (random(4) === 0) operations.push(() => refundByStaff(stores, patronId, payment));
      // Of a capture that is more than the service fee, so that the account has a part of it.
      if (random(8) === 0 && (payment.captures[0]?.cents ?? 0) > 80)
        operations.push(() => postByPortal(stores, patronId, payment));
    }
    for (const operation of shuffled(operations, random)) {
      made += 1;
      const isBehind = process.kills() < KILLS * Math.min(1, made / (PAYMENTS * 1.5));
      if (isBehind) process.arm();
      await step(operation);
      process.restart();
    }
  }
  return { process, truth, patrons };
}

/** Staff refund a credit of the patron with the id of a return that is not recorded yet, as its provider's page shows it. */
async function refundByStaff(
  { accounts }: Stores,
  patronId: string,
  { returns }: ProviderPayment,
): Promise<void> {
  const { account } = await loadAccount(accounts, { institution, patronId });
  const [returned] = returns;
  const credit = account.credits.find((one) => one.paymentId !== null && unusedOf(one) > 0);
  if (credit === undefined || returned === undefined) return;
  // Never more than what of the return is not service fee.
  const cents = Math.min(unusedOf(credit), returned.cents - 50);
  if (cents <= 0) return;
  const refund = {
    type: 'RefundCredit',
    id: 'refund',
    method: 'ONLINE',
    externalTransactionId: returned.id,
    at,
  } as const;
  const command = { ...refund, creditId: credit.creditId, amount: money(cents) };
  await execute(accounts, policy, { institution, patronId }, command);
}

const unusedOf = ({ amount, applied, refunded, transferred, cancelled, withdrawn }: Credit) =>
  amount - applied - refunded - transferred - cancelled - withdrawn;

/** Another program posts the transaction of the first capture, in part. */
async function postByPortal(
  { accounts }: Stores,
  patronId: string,
  { captures }: ProviderPayment,
): Promise<void> {
  const [capture] = captures;
  if (capture === undefined) return;
  const post = {
    type: 'ReceivePayment',
    id: 'portal',
    amount: '0.30',
    method: 'ONLINE',
    overpayment: 'credit',
    at,
  } as const;
  await execute(accounts, policy, { institution, patronId }, { ...post, externalTransactionId: capture.id });
}

function shuffled<Entry>(entries: readonly Entry[], random: (below: number) => number): readonly Entry[] {
  const list = [...entries];
  for (let at0 = list.length - 1; at0 > 0; at0--) {
    const other = random(at0 + 1);
    [list[at0], list[other]] = [list[other] as Entry, list[at0] as Entry];
  }
  return list;
}

const centsOf = (amounts: readonly string[]) =>
  amounts.reduce((sum, amount) => sum + Number(amount.replace('.', '')), 0);
const sumOf = (entries: readonly { readonly amount: number }[]) =>
  entries.reduce((sum, { amount }) => sum + amount, 0);

function onlineIn({ payments, refunds }: PatronAccount) {
  const online = payments.filter(({ method }) => method === 'ONLINE');
  const back = online.flatMap(({ reversals }) => reversals);
  return {
    paid: sumOf(online),
    back: sumOf(back) + sumOf(refunds),
    ids: online.filter(({ paymentId }) => paymentId !== 'portal').map((one) => one.externalTransactionId),
  };
}

describe.each(everyStore(() => () => at))('$name', ({ programs, open, openOffice }) => {
  const isMissing = programs.some((program) => programPath(program) === undefined);

  it.skipIf(isMissing)(
    `records ${PAYMENTS} online payments once, with ${KILLS} kills between any two writes, and reports lost, doubled, late and mixed`,
    async () => {
      const stores = { accounts: await open(), office: await openOffice() };
      const { process, truth, patrons } = await play(stores);
      const byId = new Map(truth.map((one) => [one.onlinePaymentId, one]));
      const ask = ({ onlinePaymentId }: OnlinePayment) => {
        const payment = byId.get(onlinePaymentId) as ProviderPayment;
        return payment.answers ? wholeReport(payment) : null;
      };
      const form = { institution, at: later };
      // The monitor dies, too: each run is a process of its own. Five writes at most are left before each death.
      for (let run = 0; run < 20; run++) {
        process.arm();
        await step(() => runOnlinePayments(process.stores, policy, form, { ask, concurrency: 1 }));
        process.restart();
      }
      const first = await runOnlinePayments(stores, policy, form, { ask });
      // Returns of captures that only payouts know are kept; what is above a payment's total is confirmed by payouts.
      const { CAPTURED_ABOVE_TOTAL: _above, REPORT_REFUSED: _kept, ...others } = first.findings.byCode;
      expect(others).toEqual({});
      const days = { notPaidOutAfterDays: 1 };
      const rows = payoutRows(truth);
      const payouts = await reconcilePayouts(stores, policy, { ...form, ...days }, { rows });
      expect(payouts.findings.byCode).toEqual({});
      const last = await runOnlinePayments(stores, policy, form, { ask });
      expect([last.findings.byCode, last.kept]).toEqual([{}, 0]);
      expect(process.kills()).toBeGreaterThanOrEqual(KILLS);

      const captured = truth.reduce(
        (sum, { captures }) => sum + captures.reduce((all, { cents }) => all + cents, 0),
        0,
      );
      const returned = truth.reduce(
        (sum, { returns }) => sum + returns.reduce((all, { cents }) => all + cents, 0),
        0,
      );
      expect(last.byCurrency.USD).toMatchObject({
        captured: money(captured),
        returned: money(returned),
        takenAndNotRecorded: '0.00',
        returnedAndNotRecorded: '0.00',
      });
      let [keptFees, returnedFees] = [0, 0];
      for (const { onlinePaymentId } of truth) {
        const payment = (await loadOnlinePayment(stores.office, {
          institution,
          onlinePaymentId,
        })) as OnlinePayment;
        const kept = centsOf(payment.captures.map((one) => one.serviceFee));
        const back = centsOf(payment.returns.map((one) => one.serviceFee));
        expect(kept - back).toBeGreaterThanOrEqual(0);
        expect(kept - back).toBeLessThanOrEqual(50);
        keptFees += kept;
        returnedFees += back;
      }
      let [paid, back] = [0, 0];
      for (const patronId of patrons) {
        const { account } = await loadAccount(stores.accounts, { institution, patronId });
        expect(violations(account)).toEqual([]);
        const online = onlineIn(account);
        expect(new Set(online.ids).size).toBe(online.ids.length);
        paid += online.paid;
        back += online.back;
      }
      expect([paid, back]).toEqual([captured - keptFees, returned - returnedFees]);
      expect(await clearingAccount(stores)).toBe('0.00');
    },
    3_600_000,
  );
});

/** The balance of what the provider owes, once all was paid out. Refunds by staff are of the same method. */
async function clearingAccount(stores: Stores): Promise<string | undefined> {
  const pieces = journalText(stores, policy, { institution, format: 'csv', timeZone: 'UTC' });
  for (;;) {
    const { done, value } = await pieces.next();
    if (done === true) return value.balances.find(({ account }) => account.join() === 'cash,ONLINE')?.amount;
  }
}

it('needs a memory store that dies where it is told to', async () => {
  const accounts = memoryEventStore({ now: () => at });
  const process = mortal({ accounts, office: accounts as never }, () => 0);
  process.arm();
  const fee = { type: 'AssessFee', id: 'f', feeType: 'OTHER', amount: '1', owner: 'MAIN', at } as const;
  const patron = { institution, patronId: 'p' };
  await expect(execute(process.stores.accounts, policy, patron, fee)).rejects.toBeInstanceOf(Killed);
  // Stored, though the process never heard of it.
  expect((await accounts.read(patron)).version).toBe(1);
  await expect(execute(process.stores.accounts, policy, patron, fee)).rejects.toBeInstanceOf(Killed);
  process.restart();
  expect((await execute(process.stores.accounts, policy, patron, fee)).decision.events).toEqual([]);
});
