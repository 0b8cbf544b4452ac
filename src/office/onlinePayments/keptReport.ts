import type { RecordedActor, RecordedApprover } from '../../account/circumstances.js';
import { canonicalJson } from '../../input/canonicalJson.js';
import { foldOffice } from '../foldOffice.js';
import type { ReturnedAccount } from './onlinePaymentEvents.js';

/** A capture in a report that was refused, with the payment that the report named. */
export type KeptCapture = {
  /** The payment. */
  readonly onlinePaymentId: string;
  /** The provider's id of the capture. */
  readonly externalTransactionId: string;
  /** What was taken, a decimal string above 0. */
  readonly amount: string;
  /** ISO 4217 code of the amount. */
  readonly currency: string;
};

/** A return in a report that was refused, with the payment that the report named. */
export type KeptReturn = KeptCapture & {
  /** The provider's id of the capture that it takes back. */
  readonly of: string;
  /** `refund` or `chargeback`. */
  readonly kind: 'refund' | 'chargeback';
  /** Whose money went back; left out if the report did not say. */
  readonly accounts?: readonly ReturnedAccount[];
};

/**
 * One row of a payment provider's report on its payouts: a payment, or money that went back, in one payout to the bank.
 */
export type PayoutRow = {
  /** Identifies the row: the same in every report that has it. 1 to 200 characters. */
  readonly rowId: string;
  /**
   * The reference that the library gave the provider with the payment: the online payment; null if the row has none.
   */
  readonly reference: string | null;
  /**
   * The provider's id of the capture, refund or chargeback, as it is reported with `reportOnlinePayment`; null for a
   * row of type `other` without one.
   */
  readonly transaction: string | null;
  /**
   * The provider's id of the capture that a refund or chargeback belongs to, or whose refund or chargeback came back.
   */
  readonly of?: string;
  /**
   * - `capture`: the provider took money; also what came back of a refund or chargeback.
   * - `refund`, `chargeback`: money that went back.
   * - `other`: what belongs to no payment, e.g. the provider's monthly fee.
   */
  readonly type: 'capture' | 'refund' | 'chargeback' | 'other';
  /**
   * What the patron was charged or given back, a decimal string: above 0 to the library, below 0 from it. A capture may
   * have several rows, and their sum is what was taken. A row below 0 is what was authorised and not taken.
   */
  readonly amount: string;
  /** ISO 4217 code of `amount`. */
  readonly currency: string;
  /** `amount` in the currency of the payout, a decimal string with a sign. */
  readonly gross: string;
  /** What the provider kept of it, a decimal string; below 0 if it gave a fee back. */
  readonly fee: string;
  /** What the payout has of it: gross - fee. */
  readonly net: string;
  /** ISO 4217 code of `gross`, `fee` and `net`. */
  readonly payoutCurrency: string;
  /** The payout. */
  readonly payoutId: string;
  /** The day of the payout, a local date `YYYY-MM-DD`. */
  readonly paidOn: string;
  /**
   * The payout that failed at the bank and whose money this one has again; only of a row of type `other`, which is no
   * cost of the provider then.
   *
   * @defaultValue it has no money of another payout
   */
  readonly failedPayout?: string;
};

/** A row of a payout that was not recorded, with the payment method of its report. */
export type KeptRow = PayoutRow & {
  /** The payment method of the report; left out if neither the form nor the policy named one. */
  readonly method?: string;
};

/** Something that was reported and could not be recorded. */
export type ToldAndKept =
  | {
      /** What was told. */
      readonly kind: 'capture';
      /** The capture. */
      readonly told: KeptCapture;
    }
  | {
      /** What was told. */
      readonly kind: 'return';
      /** The return. */
      readonly told: KeptReturn;
    }
  | {
      /** What was told. */
      readonly kind: 'row';
      /** The row. */
      readonly told: KeptRow;
    };

/**
 * A part of a report, or a row of a payout, was refused. It is kept until it can be recorded or a person settles it.
 */
export type OnlineReportKept = {
  /** The event's name. */
  readonly type: 'OnlineReportKept';
  /** What was told. */
  readonly data: ToldAndKept & {
    /** Names what is kept: one capture, return or row. */
    readonly keptId: string;
    /** ISO 4217 code of its amount. */
    readonly currency: string;
    /** When it happened or was told: ISO 8601 with a zone. */
    readonly at: string;
    /** Who told or settled it. */
    readonly by: RecordedActor;
    /** Why it was refused: the name of the rejection or of the finding. */
    readonly because: string;
  };
};

/** What is posted for a row of a payout that a person settled. */
export type KeptPosting = {
  /** The payment method. */
  readonly method: string;
  /** What the payout has of it before the provider's fee, a decimal string with a sign. */
  readonly gross: string;
  /** The provider's fee, a decimal string with a sign. */
  readonly fee: string;
  /** ISO 4217 code of both. */
  readonly currency: string;
};

/** Something that was kept has been recorded, was settled by a person, or is open again. */
export type OnlineReportSettled = {
  /** The event's name. */
  readonly type: 'OnlineReportSettled';
  /** What became of it. */
  readonly data: {
    /** Names what is kept: one capture, return or row. */
    readonly keptId: string;
    /** ISO 4217 code of its amount. */
    readonly currency: string;
    /** When it happened or was told: ISO 8601 with a zone. */
    readonly at: string;
    /** Who told or settled it. */
    readonly by: RecordedActor;
    /**
     * - `recorded`: it fits, or its transaction is recorded with its amount.
     * - `settled`: a person says that it needs no record.
     * - `reopened`: it is tried again.
     */
    readonly how: 'recorded' | 'settled' | 'reopened';
    /** Why; left out where no person did it, and after a redaction. */
    readonly reason?: string;
    /** Who approved it; left out without an approval. */
    readonly approvedBy?: RecordedApprover;
    /** What is posted of a row that is settled; left out otherwise. */
    readonly posted?: KeptPosting;
  };
};

/** An event of something that was kept. */
export type KeptReportEvent = OnlineReportKept | OnlineReportSettled;

/** Under which payment, and of which capture, something kept was told. */
export type KeptName = { readonly onlinePaymentId: string | null; readonly of: string | undefined };

/** Something that was kept. */
export type KeptReport = ToldAndKept & {
  readonly keptId: string;
  /** All payments and captures under which it was told: all are tried. */
  readonly names: readonly KeptName[];
  /** The payouts that had the row before and failed at the bank; left out if none did. */
  readonly earlierPayouts?: readonly string[];
  /** Why it was refused last. */
  readonly because: string;
  readonly state: 'open' | 'settled' | 'recorded';
  /** What is posted of it; undefined if nothing is. */
  readonly posted: KeptPosting | undefined;
  /** When and by whom it was told first. */
  readonly at: string;
  readonly by: RecordedActor;
  readonly eventCount: number;
};

/** How many payments and captures are tried of something kept. */
const NAMES_MAX = 20;

/** Folds the events of something kept; null without events. */
export function foldKeptReport(
  events: Iterable<KeptReportEvent>,
  before: KeptReport | null = null,
): KeptReport | null {
  let state = before;
  foldOffice(events, before?.eventCount ?? 0, (event, fail) => {
    const eventCount = (state?.eventCount ?? 0) + 1;
    if (state !== null && event.data.keptId !== state.keptId)
      fail(`expected ${state.keptId}, found ${event.data.keptId}`);
    if (event.type === 'OnlineReportKept') {
      const { keptId, because, at, by, currency: _currency, ...entry } = event.data;
      const told = state === null ? entry : merged(state, entry);
      const names = state === null ? [nameOf(entry)] : withName(state.names, nameOf(told));
      const first = state === null ? { at, by } : { at: state.at, by: state.by };
      const earlierPayouts = state === null ? [] : payoutsBefore(state, told);
      const moved = earlierPayouts.length > 0 && { earlierPayouts };
      const open = { state: 'open', posted: undefined, eventCount } as const;
      state = { ...told, ...first, keptId, names, ...moved, because, ...open };
      return;
    }
    if (state === null) return fail('nothing is kept');
    const { how, posted } = event.data;
    const isExpected = how === 'reopened' ? state.state === 'settled' : state.state === 'open';
    if (!isExpected) fail(`expected another state than ${state.state}`);
    state = { ...state, state: how === 'reopened' ? 'open' : how, posted, eventCount };
  });
  return state;
}

function nameOf({ kind, told }: ToldAndKept): KeptName {
  if (kind === 'row') return { onlinePaymentId: told.reference, of: told.of };
  return { onlinePaymentId: told.onlinePaymentId, of: kind === 'return' ? told.of : undefined };
}

/** Returns the payouts that had a row before its newest payout. */
function payoutsBefore(state: KeptReport, told: ToldAndKept): readonly string[] {
  const before = state.earlierPayouts ?? [];
  if (state.kind !== 'row' || told.kind !== 'row' || told.told.payoutId === state.told.payoutId)
    return before;
  return [...before, state.told.payoutId];
}

function withName(names: readonly KeptName[], name: KeptName): readonly KeptName[] {
  const isKnown = names.some((one) => one.onlinePaymentId === name.onlinePaymentId && one.of === name.of);
  return isKnown ? names : [...names, name];
}

/** Returns the newest content. A field that a row leaves out keeps its earlier value. */
function merged(state: KeptReport, entry: ToldAndKept): ToldAndKept {
  if (state.kind !== 'row' || entry.kind !== 'row') return entry;
  const { reference, of } = state.told;
  const kept = of !== undefined && { of };
  return { kind: 'row', told: { ...kept, ...entry.told, reference: entry.told.reference ?? reference } };
}

/** Returns whether something kept, told again, says anything new. Of a settled report nothing is new. */
export function saysMore(state: KeptReport | null, entry: ToldAndKept): boolean {
  if (state === null) return true;
  const told = merged(state, entry);
  if (told.kind === 'row' && state.kind === 'row') {
    // A report of an earlier payout, which failed, is read again.
    const isEarlier = state.earlierPayouts?.includes(told.told.payoutId) === true;
    const { payoutId, paidOn } = state.told;
    const compared = isEarlier ? { ...told.told, payoutId, paidOn } : told.told;
    return canonicalJson(compared) !== canonicalJson(state.told);
  }
  const names = withName(state.names, nameOf(told));
  return state.state === 'open' && names.length > state.names.length && names.length <= NAMES_MAX;
}
