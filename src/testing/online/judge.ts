import { violations } from '../../account/invariants.js';
import { reversedOf } from '../../account/records.js';
import { journalText } from '../../jobs/reports/runJournalExport.js';
import type { OnlinePayment } from '../../office/onlinePayments/onlinePayment.js';
import { transactionStream } from '../../office/streamKinds.js';
import type { OnlineFinding } from '../../online/onlineFinding.js';
import { apartOf, type Books, readBooks, reversedApartOf, sum, units } from './books.js';
import { leftToPersons, paidTwice, refusedReturns } from './leftToPersons.js';
import { isOnline, undoes, type World } from './onlineWorld.js';
import type { Checkout, Fact } from './provider.js';
import { METHOD } from './providerStory.js';

/**
 * Returns what in the books differs from what the provider did and is neither named by a finding nor settled by a
 * person with a reason: an empty list if the law holds.
 */
export async function judge(world: World, findings: readonly OnlineFinding[]): Promise<readonly string[]> {
  const books = await readBooks(world);
  const isNamed = namedBy(findings);
  const { silent, inBooks } = judgeFacts(world, books, world.provider.facts, isNamed);
  silent.push(
    ...invented(world, books),
    ...serviceFees(books),
    ...leftToPersons(world, books, findings),
    ...(await paidTwice(world)),
  );
  for (const [patronId, account] of books.accounts)
    silent.push(...violations(account).map((one) => `${patronId}: ${JSON.stringify(one)}`));
  for (const row of world.provider.rows) {
    if (row.type === 'other' || (world.provider.strange.has(row.rowId) && world.story.isShared)) continue;
    const recorded = sum(
      books.payments,
      (one) => one.payouts.filter(({ rowId }) => rowId === row.rowId).length,
    );
    const settled = books.kept.filter((one) => one.ids[0] === row.rowId && one.posted).length;
    if (recorded + settled === 1) continue;
    const ids = [row.rowId, row.transaction as string];
    if (recorded + settled > 1 || !isNamed(ids))
      silent.push(`row ${row.rowId} is posted ${recorded} + ${settled} times`);
  }
  if (findings.length === 0 && world.unreadable.size === 0)
    silent.push(...(await ledger(world, books, inBooks)));
  return silent;
}

/** As {@link judge}, before payouts are read, of what the program was told by then, or a process that died wrote. */
export async function judgeTold(
  world: World,
  findings: readonly OnlineFinding[],
): Promise<readonly string[]> {
  const books = await readBooks(world);
  const told: Fact[] = [];
  for (const fact of world.provider.facts)
    if (world.told.has(fact) || (await hasCopy(world, fact))) told.push(fact);
  return [
    ...judgeFacts(world, books, told, namedBy(findings)).silent,
    ...(await refusedReturns(world, findings)),
  ];
}

/** Whether a process that died had begun to record a fact: with its amount, since only payouts show another one. */
async function hasCopy({ stores, institution, mistaken }: World, fact: Fact): Promise<boolean> {
  const { kind, id } = fact;
  if (mistaken.has(fact)) return false;
  return (await stores.office.read(transactionStream(institution, kind, id))).version > 0;
}

type IsNamed = (ids: readonly string[]) => boolean;

const namedBy =
  (findings: readonly OnlineFinding[]): IsNamed =>
  (ids) =>
    findings.some(({ externalTransactionId: id, message }) => {
      return (
        (id !== undefined && ids.includes(id)) || ids.some((one) => message.split(/[^\w-]+/).includes(one))
      );
    });

/** Returns the facts that are in the books, and what differs of the others in silence. */
function judgeFacts(world: World, books: Books, facts: readonly Fact[], isNamed: IsNamed) {
  const isSettled = (id: string) => books.kept.some((one) => one.state === 'settled' && one.ids.includes(id));
  const silent: string[] = [];
  const inBooks: Fact[] = [];
  for (const fact of facts) {
    const {
      found,
      expected,
      what,
      isUndone = false,
    } = fact.kind === 'capture' ? captureIn(world, books, fact) : returnIn(books, fact);
    // What another program entered too much, and staff reversed with what went back, or more than that by hand.
    const isReversed = isUndone && isNetRight(books, fact.checkout, facts);
    // What another program entered too much of an account that cannot be read is found once it can.
    const isUnseen = fact.kind === 'capture' && found > expected && world.unreadable.size > 0;
    if (found === expected || isReversed || isUnseen) inBooks.push(fact);
    else if (!isNamed([fact.id]) && !(found === 0 && isSettled(fact.id)))
      silent.push(`${fact.kind} ${fact.id} of ${expected}: ${found} (${what})`);
  }
  return { silent, inBooks };
}

type Found = {
  readonly found: number;
  readonly expected: number;
  readonly what: string;
  /** Whether others entered too much of it, or people undid more than that: then only the whole payment can be compared. */
  readonly isUndone?: boolean;
};

function captureIn(world: World, { accounts, payments }: Books, fact: Fact): Found {
  const isIt = (one: { readonly externalTransactionId: string | null }) =>
    one.externalTransactionId === fact.id;
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
  const undone = sum([...accounts.values()], (account) =>
    sum(
      account.payments
        .flatMap(({ reversals }) => reversals)
        .filter(({ reversalId }) => reversalId.startsWith(undoes(fact.id))),
      ({ amount }) => amount,
    ),
  );
  const isCorrected = world.mistaken.get(fact)?.corrected === true && entries.length > 0;
  const expected = isCorrected ? fact.minor * 100 : fact.minor;
  return {
    found: paid + fee + apart - undone,
    expected,
    isUndone: paid + fee + apart > expected,
    what: `paid ${paid}, fee ${fee}, apart ${apart}, undone ${undone}`,
  };
}

function returnIn({ payments }: Books, { id, minor: expected }: Fact): Found {
  const isIt = (one: { readonly externalTransactionId: string }) => one.externalTransactionId === id;
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
function isNetRight({ accounts, payments }: Books, checkout: Checkout, all: readonly Fact[]): boolean {
  const facts = all.filter((fact) => fact.checkout === checkout);
  const ids = new Set<string | null>(facts.map(({ id }) => id));
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
  const settled = sum(own, reversedApartOf);
  return paid + sum(own, feeKept) + apart('capture') + settled - apart('return') === expected;
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

/** Payments of the method that the provider knows nothing of. */
function invented({ provider }: World, { accounts }: Books): readonly string[] {
  const known = new Set<string | null>(provider.facts.map(({ id }) => id));
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
    sum(apartAndEntered, ({ id }) => enteredAs(accounts, id));
  const paidOut = sum(rows, ({ gross }) => units(gross));
  const apart = sum(payments, (one) => {
    return (
      sum(apartOf(one, 'return'), ({ amount }) => units(amount)) -
      sum(apartOf(one, 'capture'), ({ amount }) => units(amount)) -
      reversedApartOf(one)
    );
  });
  // Of a row that came again in another payout only the last is in the books.
  const paid = [...new Map(world.provider.rows.map((row) => [row.rowId, row])).values()];
  const posted = kept.flatMap((one) =>
    one.posted === undefined ? [] : [{ rowId: one.ids[0], ...one.posted }],
  );
  const inPayouts = paid
    // What others have in a shared account is theirs, for all that the library knows.
    .filter(
      ({ rowId, type }) => !world.story.isShared || (type !== 'other' && !world.provider.strange.has(rowId)),
    )
    // Of a row that the provider changed the first content is in the books.
    .map(
      (row) =>
        [...rows, ...posted].find(
          ({ rowId }) => rowId === row.rowId && world.provider.changed.has(row.rowId),
        ) ?? row,
    );
  const expected = {
    cash: owed - paidOut,
    onlineApart: apart - sum(posted, ({ gross }) => units(gross)),
    paidOut: sum(inPayouts, ({ gross, fee }) => units(gross) - units(fee)),
  };
  return Object.entries(expected).flatMap(([kind, amount]) => {
    const found = balance(kind);
    return found === amount ? [] : [`${kind} is ${found} and should be ${amount}`];
  });
}
