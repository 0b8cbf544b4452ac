import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { definePolicy, type FeePolicy, type Permission, type PermittedCommand } from 'patron-fees';
import type { EventStore } from 'patron-fees/history';
import { type OfficeStore, officeEvents } from 'patron-fees/office';
import { migrate, sqliteEventStore } from 'patron-fees/sqlite';
import { type Directory, directoryIn } from './directory.js';
import { type Outbox, openOutbox } from './outbox.js';
import type { Role } from './staff.js';

/** All that the screens work with. */
export type Desk = {
  readonly database: Database.Database;
  readonly store: EventStore;
  /** What the office records: the numbers of receipts, and which notices were sent. */
  readonly office: OfficeStore;
  readonly policy: FeePolicy;
  readonly directory: Directory;
  /** The e-mails to patrons. */
  readonly outbox: Outbox;
  /** The time of what is done at the desk: ISO 8601. */
  readonly now: () => string;
  /** A new id for a form; what the form does is recorded under it. */
  readonly newId: () => string;
};

/** The institution whose patrons come to this desk. */
export const institution = 'north';

/** Its name, above what patrons receive. */
export const institutionName = 'North University Library';

/** The names of its libraries, by code. */
export const libraries: Readonly<Record<string, string>> = {
  MAIN: 'Main Library',
  LAW: 'Law Library',
  MEDICINE: 'Medical Library',
};

/** The names of its desks, by code. */
export const desks: Readonly<Record<string, string>> = {
  'MAIN-DESK': 'Main desk',
  'LAW-DESK': 'Law desk',
  'MEDICINE-DESK': 'Medical desk',
};

/** The name of a code in such a list; the code if the list has none. */
export function nameIn(names: Readonly<Record<string, string>>, code: string): string {
  return (Object.hasOwn(names, code) && names[code]) || code;
}

/** How amounts and times are shown. */
export const place = { locale: 'en-US', timeZone: 'America/New_York' } as const;

/** What each role may do. The limit of waivers is per form; in a bulk waive, per patron. */
const permissions = {
  ReceivePayment: { CIRCULATION_DESK_OPERATOR: {}, CIRCULATION_DESK_MANAGER: {} },
  AssessFee: { CIRCULATION_DESK_OPERATOR: {}, CIRCULATION_DESK_MANAGER: {} },
  DisputeFee: { CIRCULATION_DESK_OPERATOR: {}, CIRCULATION_DESK_MANAGER: {} },
  ResolveDispute: { CIRCULATION_DESK_MANAGER: {} },
  TransferFees: { CIRCULATION_DESK_MANAGER: {} },
  IssueCredit: { CIRCULATION_DESK_MANAGER: {} },
  ApplyCredit: { CIRCULATION_DESK_OPERATOR: {}, CIRCULATION_DESK_MANAGER: {} },
  RefundCredit: { CIRCULATION_DESK_MANAGER: {} },
  ReversePayment: { CIRCULATION_DESK_MANAGER: {} },
  ReverseWaiver: { CIRCULATION_DESK_MANAGER: {} },
  ReverseCreditApplication: { CIRCULATION_DESK_MANAGER: {} },
  ReverseRefund: { CIRCULATION_DESK_MANAGER: {} },
  RecallTransfer: { CIRCULATION_DESK_MANAGER: {} },
  CancelFee: { CIRCULATION_DESK_MANAGER: {} },
  CancelCredit: { CIRCULATION_DESK_MANAGER: {} },
  SettleTransfer: { CIRCULATION_DESK_MANAGER: {} },
  MergeAccounts: { CIRCULATION_DESK_MANAGER: {} },
  SeparateAccounts: { CIRCULATION_DESK_MANAGER: {} },
  OpenTill: { CIRCULATION_DESK_MANAGER: {} },
  CloseTill: { CIRCULATION_DESK_MANAGER: {} },
  ReverseSettlement: { CIRCULATION_DESK_MANAGER: {} },
  SettleOnlinePart: { USER_MANAGER: {} },
  SettleOnlineReport: { USER_MANAGER: {} },
  WaiveFees: {
    CIRCULATION_DESK_OPERATOR: { upTo: '10.00' },
    CIRCULATION_DESK_MANAGER: {},
    USER_MANAGER: { upTo: '50.00' },
  },
} satisfies Partial<Record<PermittedCommand, Partial<Record<Role, Permission>>>>;

/** The rules of the institution. What is not named here is as in Alma. */
const rules = {
  currency: 'USD',
  overpayment: 'refuse',
  permissions,
  approvals: { WaiveFees: { above: '100.00', roles: ['CIRCULATION_DESK_MANAGER'] } },
  destinations: { BANNER: 'Student accounts' },
  transfers: { expectsSettlement: true, fees: {}, credits: {} },
  notices: {
    from: '2026-11-01T00:00:00Z',
    languages: ['en', 'de', 'fr'],
    rules: [
      { kinds: ['charged', 'grown', 'paid', 'reversed', 'refunded', 'refundReversed'] },
      { kinds: ['waived', 'cancelled'] },
      { kinds: ['disputed', 'resolved', 'returned', 'transferred', 'blocked'] },
      { kinds: ['owed'], minimumAmount: '25.00' },
    ],
  },
  blockLimits: {
    UNDERGRADUATE: [{ amount: '25.00' }],
    GRADUATE: [{ amount: '50.00' }],
    '*': [{ amount: '100.00' }],
  },
} as const;

/** The policy of this desk: fines are paid here, or in the student system. */
export const policy = definePolicy(rules);

/** The policy of an institution whose patrons pay in the student system alone: no payments here, by no role. */
export const policyWithoutPayments = definePolicy({
  ...rules,
  onlinePayments: false,
  permissions: { ...permissions, ReceivePayment: {} },
});

/** Opens a desk on a SQLite file, which it creates if it is missing. */
export function openDesk(file: string, parts: Partial<Desk> = {}): Desk {
  const database = new Database(file);
  migrate(database);
  const officeDatabase = new Database(file === ':memory:' ? file : `${file}-office`);
  migrate(officeDatabase);
  const now = parts.now ?? (() => new Date().toISOString());
  return {
    database,
    store: sqliteEventStore(database, { now }),
    office: sqliteEventStore(officeDatabase, { now, codec: officeEvents }),
    policy,
    directory: directoryIn(database),
    outbox: openOutbox(
      database,
      file === ':memory:' ? join(tmpdir(), `desk-mail-${randomUUID()}`) : `${file}-mail`,
    ),
    now,
    newId: randomUUID,
    ...parts,
  };
}
