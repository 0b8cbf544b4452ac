import type { EventMetadata, RecordedActor, RecordedApprover } from '../../account/circumstances.js';

/** The balance of a ledger account at the cutoff of a seal. */
export type SealedSum = {
  /** The kind of the ledger account, then the codes that divide it. */
  readonly account: readonly string[];
  /** ISO 4217 code. */
  readonly currency: string;
  /** The balance, a decimal string: a debit is positive, a credit negative. */
  readonly amount: string;
};

/** What a seal is about, in the first line of its file and in the event. */
export type SealHead = {
  /** The number of the seal, from 1. */
  readonly number: number;
  /** Everything that was recorded before this instant is sealed: the beginning of a month, ISO 8601 in UTC. */
  readonly cutoff: string;
  /** The time zone of the months, an IANA name. */
  readonly timeZone: string;
  /** When revenue arises in the sums. */
  readonly basis: 'accrual' | 'cash';
  /** How lost items are posted in the sums. */
  readonly lostItems: 'gross' | 'net';
  /** The rule by which events are sealed. */
  readonly rule: string;
  /** The total of the seal before; null for the first one. */
  readonly previous: string | null;
  /** The number of accounts with sealed events. */
  readonly accounts: number;
  /** The number of streams of the office with sealed events. */
  readonly officeStreams: number;
  /** The number of sealed events. */
  readonly events: number;
  /** The balances of the journal at the cutoff, by currency and account. */
  readonly sums: readonly SealedSum[];
};

/** A month of the books was sealed. Names no patron. */
export type PeriodSealed = {
  /** The event's name. */
  readonly type: 'PeriodSealed';
  /** What was sealed. */
  readonly data: SealHead & {
    /** The name of the file, without its folder. */
    readonly file: string;
    /** The SHA-256 of the file, in hexadecimal digits. */
    readonly total: string;
    /** The number of differences from the seal before that were known. */
    readonly known: number;
    /** The caller's signature of the total; absent if it was not signed. */
    readonly signature?: string;
    /** When the seal was ordered: ISO 8601 with a zone. */
    readonly at: string;
    /** Who ordered it; absent if that is not known. */
    readonly by?: RecordedActor;
    /** Who approved what became known; absent if nothing did, or nobody had to. */
    readonly approvedBy?: Pick<RecordedApprover, 'userId'>;
  };
  /** The job; absent if it has no id. */
  readonly metadata?: Required<Pick<EventMetadata, 'correlationId'>>;
};

/** A file of a closed month. */
export type MonthFile = {
  /** Its name, without its folder. */
  readonly name: string;
  /** Its length in bytes. */
  readonly bytes: number;
  /** Its SHA-256, in hexadecimal digits. */
  readonly sha256: string;
};

/** The files of a month were written: its journal and its reports. Of files of one name, the last ones count. */
export type MonthClosed = {
  /** The event's name. */
  readonly type: 'MonthClosed';
  /** What was written. */
  readonly data: {
    /** The number of the month's seal. */
    readonly seal: number;
    /** The files. */
    readonly files: readonly MonthFile[];
    /** When the closing was ordered: ISO 8601 with a zone. */
    readonly at: string;
    /** Who ordered it; absent if that is not known. */
    readonly by?: RecordedActor;
  };
  /** The job; absent if it has no id. */
  readonly metadata?: Required<Pick<EventMetadata, 'correlationId'>>;
};

/** The events of an account are about to be removed by a purge. Recorded before it. */
export type PurgeRecorded = {
  /** The event's name. */
  readonly type: 'PurgeRecorded';
  /** What is removed. */
  readonly data: {
    /** The purge. */
    readonly purgeId: string;
    /** The patron of the account. */
    readonly patronId: string;
    /** The version of the last event that is removed. */
    readonly version: number;
    /** The number of the newest seal, which covers the removed events. */
    readonly seal: number;
    /** When the purge was ordered: ISO 8601 with a zone. */
    readonly at: string;
    /** Who ordered it. */
    readonly by: RecordedActor;
    /** Who approved it; absent if nobody had to. */
    readonly approvedBy?: Pick<RecordedApprover, 'userId'>;
  };
  /** The purge, as correlation id. */
  readonly metadata: Required<Pick<EventMetadata, 'correlationId'>>;
};

/** An event about the seals of an institution, and the months that they close. */
export type SealEvent = PeriodSealed | MonthClosed | PurgeRecorded;
