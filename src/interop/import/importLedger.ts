import type { RecordedActor } from '../../account/circumstances.js';
import { type Credit, unused } from '../../account/credit.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { type Fee, owed } from '../../account/fee.js';
import { applyAll, applyOne } from '../../account/fold.js';
import { idUse } from '../../account/ids.js';
import { type AccountState, emptyAccount, findCredit, findFee } from '../../account/patronAccount.js';
import { isPatronFeesError } from '../../errors.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { ForeignAccount, ForeignBalance, ForeignCircumstances, ForeignPart } from './foreignAccount.js';
import { type FindingParts, type ForeignRow, findingOf, type ImportFinding } from './importFinding.js';

/** An account as the import knows it, with the events and findings made so far. */
export type ImportLedger = {
  /** The account in the other system. */
  readonly account: ForeignAccount;
  /** The account here: what earlier imports recorded, and the new events. */
  readonly state: AccountState;
  /** The new events. */
  readonly events: readonly AccountEvent[];
  /** The findings. */
  readonly findings: readonly ImportFinding[];
  /** Returns whether an earlier import, or this one, used an id. */
  readonly knows: (id: string) => boolean;
  /** Formats minor units. */
  readonly money: (minor: number) => string;
  /** The fees of a balance, the oldest first. */
  readonly feesOf: (balanceId: string) => readonly Fee[];
  /** The credits of a balance, the oldest first. */
  readonly creditsOf: (balanceId: string) => readonly Credit[];
  /** The balance with an id. */
  readonly balance: (balanceId: string) => ForeignBalance | undefined;
  /** The balance that a fee is a part of. */
  readonly balanceOfFee: (feeId: string) => ForeignBalance | undefined;
  /** What a fine fell by above what was owed, by fee; a credit may give it back. */
  readonly fallen: Map<string, { readonly ms: number; readonly amount: number }>;
  /** Waivers for which no fee was left, by their balance. A line records each at the end, if there are fees. */
  readonly stranded: Map<string, { readonly id: string; readonly change: ForeignCircumstances }[]>;
  /** Records an event, unless the account refuses it: then that is a finding. Returns whether it was recorded. */
  readonly record: (event: AccountEvent, origin: ForeignRow) => boolean;
  /** Adds a finding. */
  readonly report: (origin: ForeignRow, ...finding: FindingParts) => void;
  /** The circumstances of the events of a change. */
  readonly circumstances: (change: ForeignCircumstances) => {
    readonly at: string;
    readonly by: RecordedActor;
    readonly reason?: string;
    readonly comment?: string;
    readonly staffNote?: string;
  };
};

/** The id of the credit that a payment or cancellation leaves. */
export function creditIdOf(id: string): string {
  return `${id}/credit`;
}

/** The id of the nth fee that a waiver forgives. */
export function waiverIdOf(id: string, number: number): string {
  return `${id}/waiver/${number}`;
}

/** The id of the nth correction of a balance. */
export function correctionId(balanceId: string, number: number): string {
  return `${balanceId}/correction/${number}`;
}

/**
 * Begins an import.
 *
 * @param recorded - the events of earlier imports of this system
 * @param actor - the institution, for `by` of every event
 */
export function importLedger(
  account: ForeignAccount,
  recorded: readonly AccountEvent[],
  actor: Pick<RecordedActor, 'institution'>,
): ImportLedger {
  const state = emptyAccount() as AccountState;
  applyAll(state, recorded);
  const events: AccountEvent[] = [];
  const findings: ImportFinding[] = [...account.findings];
  const digits = digitsOf(account.currency);
  const rows = rowsOfBalances(account);
  const balances = new Map(account.balances.map((balance) => [balance.balanceId, balance]));
  const knows = (id: string) => idUse(state.ids, id) !== undefined;
  const report = (origin: ForeignRow, ...finding: FindingParts) => {
    findings.push(findingOf(account.patronId, origin, finding));
  };
  const idsOf = (balanceId: string, listed: readonly string[] | undefined) => {
    // An earlier import may have read other rows: a line that was a debit may be a credit now.
    const ids = new Set([balanceId, creditIdOf(balanceId), ...(listed ?? [])]);
    for (let number = 1; knows(correctionId(balanceId, number)); number++) {
      ids.add(correctionId(balanceId, number));
    }
    return [...ids];
  };
  return {
    account,
    state,
    events,
    findings,
    knows,
    money: (minor) => formatAmount(minor, digits),
    feesOf: (balanceId) =>
      idsOf(balanceId, rows.fees.get(balanceId)).flatMap((id) => findFee(state, id) ?? []),
    creditsOf: (balanceId) =>
      idsOf(balanceId, rows.credits.get(balanceId)).flatMap((id) => findCredit(state, id) ?? []),
    balance: (balanceId) => balances.get(balanceId),
    balanceOfFee: (feeId) => balances.get(rows.balances.get(feeId) ?? ''),
    fallen: new Map(),
    stranded: new Map(),
    report,
    record: (event, origin) => {
      try {
        applyOne(state, event);
      } catch (error) {
        if (!isPatronFeesError(error, 'CORRUPT_HISTORY')) throw error;
        report(origin, 'Refused', '', `a row that the account can take as ${event.type}`, error.message);
        return false;
      }
      events.push(event);
      return true;
    },
    circumstances: ({ time, userId, desk, library, reason, comment, staffNote }) => ({
      at: time.at,
      by: {
        ...(userId === undefined ? {} : { userId }),
        channel: 'import',
        ...(desk === undefined ? {} : { desk }),
        ...(library === undefined ? {} : { library }),
        ...actor,
      },
      ...(reason === undefined ? {} : { reason }),
      ...(comment === undefined ? {} : { comment }),
      ...(staffNote === undefined ? {} : { staffNote }),
    }),
  };
}

/** The fees and credits that may be parts of each balance, by its id; and the balance of each fee. */
function rowsOfBalances({ changes }: ForeignAccount) {
  const fees = new Map<string, string[]>();
  const credits = new Map<string, string[]>();
  const balances = new Map<string, string>();
  const add = (list: Map<string, string[]>, balanceId: string, id: string) => {
    const ids = list.get(balanceId);
    if (ids === undefined) list.set(balanceId, [id]);
    else ids.push(id);
  };
  for (const change of changes) {
    if (change.kind !== 'charge') continue;
    balances.set(change.feeId, change.balanceId);
    add(fees, change.balanceId, change.feeId);
  }
  for (const change of changes) {
    if (change.kind === 'increase') {
      const balanceId = balances.get(change.feeId);
      if (balanceId === undefined) continue;
      balances.set(change.id, balanceId);
      add(fees, balanceId, change.id);
    } else if (change.kind === 'payment') {
      if ('balanceId' in change.paid) add(credits, change.paid.balanceId, creditIdOf(change.paymentId));
      else if (change.credit !== undefined)
        add(credits, change.credit.balanceId, creditIdOf(change.paymentId));
    } else if (change.kind === 'credit') add(credits, change.balanceId, change.creditId);
    else if (change.kind === 'cancellation' && change.givesBack === true) {
      const balanceId = balances.get(change.feeId);
      if (balanceId !== undefined) add(credits, balanceId, creditIdOf(change.id));
    }
  }
  return { fees, credits, balances };
}

/** The parts of an amount that was spread, and the rest that exceeds all fees. */
type Spread = { readonly parts: readonly ForeignPart[]; readonly rest: number };

/**
 * Spreads an amount over fees: the first fee that owes exactly this amount, or else the oldest first.
 *
 * @param preferred - the fee that gets as much as it owes before the others
 */
export function spreadOver(fees: readonly Fee[], amount: number, preferred?: string): Spread {
  const exact = preferred ?? fees.find((fee) => owed(fee) === amount)?.feeId;
  const first = fees.filter(({ feeId }) => feeId === exact);
  const parts: ForeignPart[] = [];
  let rest = amount;
  for (const fee of [...first, ...fees.filter(({ feeId }) => feeId !== exact)]) {
    const part = Math.min(rest, owed(fee));
    if (part <= 0) continue;
    parts.push({ feeId: fee.feeId, amount: part });
    rest -= part;
  }
  return { parts, rest };
}

/** Spreads an amount over the unused parts of credits, the oldest first. */
export function spreadOverCredits(credits: readonly Credit[], amount: number) {
  const parts: { readonly creditId: string; readonly amount: number }[] = [];
  let rest = amount;
  for (const credit of credits) {
    const part = Math.min(rest, unused(credit));
    if (part <= 0) continue;
    parts.push({ creditId: credit.creditId, amount: part });
    rest -= part;
  }
  return { parts, rest };
}

/**
 * Makes the event that cancels an amount of a fee.
 *
 * @param total - the total of a fine that decreases; undefined if the fee is cancelled otherwise
 */
export function cancelled(
  change: ForeignCircumstances,
  cancellationId: string,
  feeId: string,
  amount: number,
  total: string | undefined,
  ledger: ImportLedger,
) {
  return {
    type: 'FeeCancelled' as const,
    data: {
      cancellationId,
      feeId,
      amount: ledger.money(amount),
      currency: ledger.account.currency,
      ...(total === undefined ? {} : { accrual: true, total }),
      ...ledger.circumstances(change),
    },
  };
}

/**
 * Records a line of zero for a change that does not fit at all, so that the account has the reason, and a later import
 * does not try again.
 */
export function bookNothing(
  change: ForeignCircumstances,
  id: string,
  feeId: string,
  what: string,
  ledger: ImportLedger,
): void {
  const staffNote = `Import from ${ledger.account.system}: ${what} not booked, nothing left to book it on`;
  ledger.record(cancelled({ ...change, staffNote }, id, feeId, 0, undefined, ledger), change.origin);
}

/** Adds the finding of a row that refers to an unknown fee. */
export function unknownFee(
  change: ForeignCircumstances,
  feeId: string,
  { report, account }: ImportLedger,
): void {
  const rowId = feeId.slice(account.system.length + 1);
  report(change.origin, 'UnknownRow', '', 'a fee that was imported', rowId);
}

/** Writes parts as the allocations of an event. */
export function allocationsOf(parts: readonly ForeignPart[], { money }: ImportLedger) {
  return parts.map(({ feeId, amount }) => ({ feeId, amount: money(amount) }));
}

/** Returns the parts that still fit on their fees; a finding reports the others. */
export function fitting(
  change: ForeignCircumstances,
  parts: readonly ForeignPart[],
  ledger: ImportLedger,
): readonly ForeignPart[] {
  return parts.flatMap(({ feeId, amount }) => {
    const fee = findFee(ledger.state, feeId);
    if (fee === undefined) {
      unknownFee(change, feeId, ledger);
      return [];
    }
    const fits = Math.min(amount, owed(fee));
    if (fits < amount) doesNotFit(change, amount, fits, ledger);
    return fits > 0 ? [{ feeId, amount: fits }] : [];
  });
}

/** Adds the finding for an amount that fits only in part. */
export function doesNotFit(
  change: ForeignCircumstances,
  amount: number,
  fits: number,
  { report, money }: ImportLedger,
): void {
  report(change.origin, 'AmountDoesNotFit', '', `at most ${money(fits)}`, money(amount));
}
