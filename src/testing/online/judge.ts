import { violations } from '../../account/invariants.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { reversedOf } from '../../account/records.js';
import { journalText } from '../../jobs/reports/journalText.js';
import { minorUnits } from '../../money/money.js';
import type { KeptReportEvent } from '../../office/onlinePayments/keptReport.js';
import type { OnlinePayment } from '../../office/onlinePayments/onlinePayment.js';
import type { OnlineFinding } from '../../online/onlineFinding.js';
import { isOnline, PATRONS, type World } from './onlineWorld.js';
import type { Checkout, Fact } from './provider.js';
import { METHOD } from './providerStory.js';

const units = (amount: string) => Number(minorUnits(amount));

const sum = <Entry>(entries: readonly Entry[], amountOf: (entry: Entry) => number) =>
  entries.reduce((total, entry) => total + amountOf(entry), 0);

/** What the books say, read from the stores as a person could read it. */
type Books = {
  readonly accounts: ReadonlyMap<string, PatronAccount>;
  readonly payments: readonly OnlinePayment[];
  readonly kept: readonly Kept[];
};

/** What was kept: what was told last, and what became of it. */
type Kept = {
  readonly keptId: string;
  readonly state: string;
  readonly ids: readonly string[];
  readonly isPosted: boolean;
};

async function readBooks(world: World): Promise<Books> {
  const accounts = new Map<string, PatronAccount>();
  for (const patronId of PATRONS) accounts.set(patronId, await world.account(patronId));
  const payments: OnlinePayment[] = [];
  for (const { onlinePaymentId } of world.forms) {
    const payment = await world.payment(onlinePaymentId);
    if (payment !== null) payments.push(payment);
  }
  return { accounts, payments, kept: await readKept(world) };
}

async function readKept({ stores: { office }, institution }: World): Promise<readonly Kept[]> {
  const kept: Kept[] = [];
  const { accounts: streams } = await office.accounts({ limit: 1_000 });
  for (const stream of streams) {
    if (stream.institution !== institution || !stream.stream.startsWith('onlineKept:')) continue;
    const events = (await office.read(stream)).events.map(({ event }) => event as KeptReportEvent);
    let one: Kept | undefined;
    for (const { type, data } of events) {
      if (type === 'OnlineReportKept') {
        const ids =
          data.kind === 'row'
            ? [data.told.rowId, data.told.transaction ?? data.told.rowId]
            : [data.told.externalTransactionId];
        one = { keptId: data.keptId, state: 'open', ids, isPosted: one?.isPosted ?? false };
      } else if (one !== undefined) {
        const state = data.how === 'reopened' ? 'open' : data.how;
        const isPosted = data.posted === undefined ? one.isPosted : data.how === 'settled';
        one = { ...one, state, isPosted };
      }
    }
    if (one !== undefined) kept.push(one);
  }
  return kept;
}

/**
 * Returns what in the books differs from what the provider did and is neither named by a finding nor settled by a
 * person with a reason: an empty list if the law holds.
 */
export async function judge(world: World, findings: readonly OnlineFinding[]): Promise<readonly string[]> {
  const books = await readBooks(world);
  const isNamed = (ids: readonly string[]) =>
    findings.some(({ externalTransactionId: id, message }) => {
      return (
        (id !== undefined && ids.includes(id)) || ids.some((one) => message.split(/[^\w-]+/).includes(one))
      );
    });
  const isSettled = (ids: readonly string[]) =>
    books.kept.some((one) => one.state === 'settled' && one.ids.some((id) => ids.includes(id)));
  const silent: string[] = [];
  const inBooks: Fact[] = [];
  for (const fact of world.provider.facts) {
    const { found, expected, what } =
      fact.kind === 'capture' ? captureIn(world, books, fact) : returnIn(books, fact);
    // What another program entered too much, and staff reversed with what went back.
    const isReversed = fact.kind === 'capture' && found > expected && isNetRight(world, books, fact.checkout);
    // What another program entered too much of an account that cannot be read is found once it can.
    const isUnseen = fact.kind === 'capture' && found > expected && world.unreadable.size > 0;
    if (found === expected || isReversed || isUnseen) inBooks.push(fact);
    else if (!isNamed(fact.ids) && !(found === 0 && isSettled(fact.ids)))
      silent.push(`${fact.kind} ${fact.ids[0]} of ${expected}: ${found} (${what})`);
  }
  silent.push(...invented(world, books), ...serviceFees(books));
  for (const [patronId, account] of books.accounts)
    silent.push(...violations(account).map((one) => `${patronId}: ${JSON.stringify(one)}`));
  for (const row of world.provider.rows) {
    if (row.type === 'other' || (world.provider.strange.has(row.rowId) && world.story.isShared)) continue;
    const recorded = sum(
      books.payments,
      (one) => one.payouts.filter(({ rowId }) => rowId === row.rowId).length,
    );
    const settled = books.kept.filter((one) => one.ids[0] === row.rowId && one.isPosted).length;
    if (recorded + settled === 1) continue;
    const ids = [row.rowId, row.transaction as string];
    if (recorded + settled > 1 || !isNamed(ids))
      silent.push(`row ${row.rowId} is posted ${recorded} + ${settled} times`);
  }
  if (findings.length === 0 && world.unreadable.size === 0)
    silent.push(...(await ledger(world, books, inBooks)));
  return silent;
}

type Found = { readonly found: number; readonly expected: number; readonly what: string };

function captureIn(world: World, { accounts, payments }: Books, fact: Fact): Found {
  const { ids } = fact;
  const isIt = ({ externalTransactionId: id }: { readonly externalTransactionId: string | null }) =>
    ids.includes(id as string);
  const paid = sum([...accounts.values()], (account) =>
    sum(
      account.payments.filter((one) => isOnline(one) && isIt(one)),
      ({ amount }) => amount,
    ),
  );
  const entries = payments.flatMap((payment) => payment.captures.filter(isIt));
  const fee = sum(entries, ({ serviceFee }) => units(serviceFee));
  const apart = sum(payments, (payment) =>
    sum(apartOf(payment, 'capture').filter(isIt), ({ amount }) => units(amount)),
  );
  const undone = sum([...ids.slice(0, ids[0] === ids[1] ? 1 : 2)], (id) => world.undone.get(id) ?? 0);
  const isCorrected = world.mistaken.get(fact)?.corrected === true && entries.length > 0;
  const expected = isCorrected ? fact.minor * 100 : fact.minor;
  return {
    found: paid + fee + apart - undone,
    expected,
    what: `paid ${paid}, fee ${fee}, apart ${apart}, undone ${undone}`,
  };
}

function returnIn({ payments }: Books, { ids, minor: expected }: Fact): Found {
  const isIt = ({ externalTransactionId: id }: { readonly externalTransactionId: string }) =>
    ids.includes(id);
  const all = payments.flatMap((payment) => payment.returns.filter(isIt).map((one) => ({ payment, one })));
  const fee = sum(all, ({ one }) => sum([one, ...(one.others ?? [])], ({ serviceFee }) => units(serviceFee)));
  const recorded = sum(payments, (payment) =>
    sum(
      payment.recorded.filter((one) => one.kind === 'return' && isIt(one)),
      ({ amount }) => units(amount),
    ),
  );
  const apart = sum(payments, (payment) =>
    sum(apartOf(payment, 'return').filter(isIt), ({ amount }) => units(amount)),
  );
  return {
    found: fee + recorded + apart,
    expected,
    what: `fee ${fee}, recorded ${recorded}, apart ${apart}`,
  };
}

/** Returns whether all captures of a payment less all that went back are in the books, whatever the single amounts are. */
function isNetRight({ provider }: World, { accounts, payments }: Books, checkout: Checkout): boolean {
  const facts = provider.facts.filter((fact) => fact.checkout === checkout);
  const ids = new Set<string | null>(facts.flatMap((fact) => fact.ids));
  const expected = sum(facts, ({ kind, minor }) => (kind === 'capture' ? minor : -minor));
  const paid = sum([...accounts.values()], (account) => {
    const own = account.payments.filter((one) => isOnline(one) && ids.has(one.externalTransactionId));
    const refunds = account.refunds.filter(
      (one) => isOnline(one) && !one.reversed && ids.has(one.externalTransactionId),
    );
    return sum(own, (one) => one.amount - reversedOf(one)) - sum(refunds, ({ amount }) => amount);
  });
  const own = payments.filter((one) => one.onlinePaymentId === checkout.onlinePaymentId);
  const apart = (kind: 'capture' | 'return') =>
    sum(own, (one) => sum(apartOf(one, kind), ({ amount }) => units(amount)));
  return paid + sum(own, feeKept) + apart('capture') - apart('return') === expected;
}

/** What is refunded and reversed in the accounts under the id of a return. */
function enteredAs(accounts: Books['accounts'], id: string): number {
  return sum([...accounts.values()], ({ refunds, payments }) => {
    const reversals = payments.flatMap((one) => one.reversals);
    const all = [...refunds.filter((one) => !one.reversed), ...reversals];
    return sum(
      all.filter((one) => isOnline(one) && one.externalTransactionId === id),
      ({ amount }) => amount,
    );
  });
}

/** What a payment keeps of its service fee. */
function feeKept({ captures, returns }: OnlinePayment): number {
  const back = returns.flatMap((one) => [one, ...(one.others ?? [])]);
  return sum(captures, (one) => units(one.serviceFee)) - sum(back, (one) => units(one.serviceFee));
}

/** What persons settled and no account has recorded since. */
function apartOf({ settled, recorded }: OnlinePayment, kind: 'capture' | 'return') {
  type Settled = (typeof settled)[number];
  const parts = new Map<string, Settled>();
  for (const one of settled) {
    if (one.kind !== kind || one.what === 'rows' || one.what === 'aboveTotal') continue;
    parts.set(`${one.externalTransactionId} ${one.patronId}`, one);
  }
  const isRecorded = (one: Settled) =>
    recorded.some((other) => {
      return (
        other.kind === kind &&
        other.externalTransactionId === one.externalTransactionId &&
        other.patronId === one.patronId
      );
    });
  return [...parts.values()].filter((one) => one.what !== 'record' && !isRecorded(one));
}

/** Payments of the method that the provider knows nothing of. */
function invented({ provider }: World, { accounts }: Books): readonly string[] {
  const known = new Set<string | null>(provider.facts.flatMap(({ ids }) => ids));
  return [...accounts.values()].flatMap(({ payments }) =>
    payments
      .filter((one) => isOnline(one) && !known.has(one.externalTransactionId))
      .map((one) => `${one.externalTransactionId} was never taken`),
  );
}

function serviceFees({ payments }: Books): readonly string[] {
  return payments.flatMap((payment) => {
    const kept = feeKept(payment);
    const { onlinePaymentId, serviceFee } = payment;
    return kept >= 0 && kept <= units(serviceFee)
      ? []
      : [`${onlinePaymentId} keeps ${kept} of ${serviceFee}`];
  });
}

/** Once there is no finding: what the provider owes, and what persons settled, in the journal. */
async function ledger(
  world: World,
  { accounts, payments, kept }: Books,
  inBooks: readonly Fact[],
): Promise<readonly string[]> {
  const pieces = journalText(world.stores, world.rules, {
    institution: world.institution,
    format: 'csv',
    timeZone: 'UTC',
  });
  let balances: Extract<Awaited<ReturnType<typeof pieces.next>>, { done: true }>['value']['balances'] = [];
  for (;;) {
    const { done, value } = await pieces.next();
    if (done !== true) continue;
    balances = value.balances;
    break;
  }
  const balance = (kind: string) =>
    units(balances.find(({ account }) => account.join() === `${kind},${METHOD}`)?.amount ?? '0');
  const rows = payments.flatMap((one) => one.payouts);
  // What staff entered of a return of which a person said that it is none of the books is there all the same.
  const apartAndEntered = world.provider.facts.filter(
    (one) => one.kind === 'return' && !inBooks.includes(one),
  );
  const owed =
    sum(inBooks, ({ kind, minor }) => (kind === 'capture' ? minor : -minor)) -
    sum(apartAndEntered, ({ ids: [id] }) => enteredAs(accounts, id));
  const paidOut = sum(rows, ({ gross }) => units(gross));
  const apart = sum(payments, (one) => {
    return (
      sum(apartOf(one, 'return'), ({ amount }) => units(amount)) -
      sum(apartOf(one, 'capture'), ({ amount }) => units(amount))
    );
  });
  // Of a row that came again in another payout only the last is in the books.
  const paid = [...new Map(world.provider.rows.map((row) => [row.rowId, row])).values()];
  const settled = paid.filter(({ rowId }) => kept.some((one) => one.ids[0] === rowId && one.isPosted));
  // Costs of an account that others use as well are theirs, for all that the library knows.
  const others = paid.filter(({ type }) => type === 'other' && !world.story.isShared);
  const expected = {
    cash: owed - paidOut,
    onlineApart: apart - sum(settled, ({ gross }) => units(gross)),
    paidOut: sum([...rows, ...settled, ...others], ({ gross, fee }) => units(gross) - units(fee)),
  };
  return Object.entries(expected).flatMap(([kind, amount]) => {
    const found = balance(kind);
    return found === amount ? [] : [`${kind} is ${found} and should be ${amount}`];
  });
}
