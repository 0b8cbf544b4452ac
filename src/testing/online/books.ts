import type { PatronAccount } from '../../account/patronAccount.js';
import { minorUnits } from '../../money/money.js';
import type { KeptPosting, KeptReportEvent } from '../../office/onlinePayments/keptReport.js';
import { type OnlinePayment, returnedOf } from '../../office/onlinePayments/onlinePayment.js';
import { streamOfKind } from '../../office/streamKinds.js';
import { everyKeptId } from '../../online/kept/keptReports.js';
import { PATRONS, type World } from './onlineWorld.js';

/** Returns the minor units of an amount. */
export const units = (amount: string): number => Number(minorUnits(amount));

/** Returns the sum of what some entries have. */
export const sum = <Entry>(entries: readonly Entry[], amountOf: (entry: Entry) => number): number =>
  entries.reduce((total, entry) => total + amountOf(entry), 0);

/** What the books say, read from the stores as a person could read it. */
export type Books = {
  readonly accounts: ReadonlyMap<string, PatronAccount>;
  readonly payments: readonly OnlinePayment[];
  readonly kept: readonly Kept[];
};

/** What was kept: what was told last, and what became of it. */
type Kept = {
  readonly kind: 'capture' | 'return' | 'row';
  readonly state: string;
  readonly because: string;
  readonly ids: readonly string[];
  /** What is posted of it. */
  readonly posted: KeptPosting | undefined;
};

/** Reads the books of a story. */
export async function readBooks(world: World): Promise<Books> {
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
  for (const keptId of await everyKeptId({ office, institution })) {
    const stream = streamOfKind(institution, 'onlineKept', keptId);
    const events = (await office.read(stream)).events.map(({ event }) => event as KeptReportEvent);
    let one: Kept | undefined;
    for (const { type, data } of events) {
      if (type === 'OnlineReportKept') {
        const { kind, because, told } = data;
        const ids =
          'rowId' in told ? [told.rowId, told.transaction ?? told.rowId] : [told.externalTransactionId];
        one = { kind, because, state: 'open', ids, posted: one?.posted };
      } else if (one !== undefined) {
        const state = data.how === 'reopened' ? 'open' : data.how;
        const posted = data.how === 'settled' ? data.posted : undefined;
        one = { ...one, state, posted: data.posted === undefined ? one.posted : posted };
      }
    }
    if (one !== undefined) kept.push(one);
  }
  return kept;
}

type Settled = OnlinePayment['settled'][number];

/** Names an account's part of a capture or a return. */
type PartOf = Pick<Settled, 'kind' | 'externalTransactionId' | 'patronId'>;

/** Returns whether two entries are about the same account's part of the same transaction. */
export const isPart = (one: PartOf, other: PartOf): boolean =>
  one.kind === other.kind &&
  one.externalTransactionId === other.externalTransactionId &&
  one.patronId === other.patronId;

/** Returns what persons settled and no account has recorded since; of returns also what follows such a capture. */
export function apartOf(payment: OnlinePayment, kind: 'capture' | 'return'): readonly Settled[] {
  const { recorded } = payment;
  const settled = payment.settled.filter(({ what }) => what !== 'reversed');
  const last = (part: PartOf) => settled.filter((one) => isPart(one, part)).at(-1);
  const isApart = (part: PartOf): boolean => {
    const one = last(part);
    if (one === undefined || one.what === 'record' || recorded.some((other) => isPart(other, part)))
      return false;
    return one.what === 'apart' || capturesOf(payment, part).every(isApart);
  };
  return settled.filter(
    (one) => one.kind === kind && one.patronId !== undefined && last(one) === one && isApart(one),
  );
}

/** Returns the parts of captures that an account's part of a return is taken from. */
export function capturesOf(
  { returns }: Pick<OnlinePayment, 'returns'>,
  { externalTransactionId: id, patronId }: PartOf,
): readonly PartOf[] {
  return returns
    .filter((one) => one.externalTransactionId === id)
    .flatMap(returnedOf)
    .filter(({ accounts }) => accounts.some((one) => one.patronId === patronId))
    .map(({ of }) => ({ kind: 'capture', externalTransactionId: of, ...(patronId && { patronId }) }));
}

/** Returns what persons settled of reversals by hand to which no return came up, less what returns took back of it. */
export function reversedApartOf({ settled }: OnlinePayment): number {
  return sum(
    settled.filter(({ what }) => what === 'reversed'),
    ({ amount }) => units(amount),
  );
}
