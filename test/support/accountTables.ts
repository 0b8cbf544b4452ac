import { isDeepStrictEqual } from 'node:util';
import { agesFrom, isAccruing } from '../../src/account/accrual.js';
import type { EventStore, StreamId } from '../../src/history/index.js';
import { balancesInMinorUnits, type Fee, fold, owed } from '../../src/index.js';
import type { Queryable } from '../../src/stores/postgres/index.js';
import type { SqliteDatabase } from '../../src/stores/sqlite/index.js';

type Row = Readonly<Record<string, unknown>>;

/** The tables of accounts as they are. */
export type AccountTables = {
  readonly accounts: readonly Row[];
  readonly owed: readonly Row[];
  readonly till: readonly Row[];
};

const ORDER = 'order by institution, patron_id';

/** Reads the tables of accounts from SQLite. */
export function sqliteTables(database: SqliteDatabase): AccountTables {
  const rows = (text: string) => database.prepare(text).all() as Row[];
  return {
    accounts: rows(`select * from patron_fees_accounts ${ORDER}`),
    owed: rows(`select * from patron_fees_owed ${ORDER}, fee_type, owner`),
    till: rows(`select * from patron_fees_till ${ORDER}, version`),
  };
}

/** Reads the tables of accounts from PostgreSQL. */
export async function postgresTables(database: Queryable): Promise<AccountTables> {
  const rows = async (text: string) => (await database.query(text)).rows as Row[];
  return {
    accounts: await rows(`select * from patron_fees_accounts ${ORDER}`),
    owed: await rows(`select * from patron_fees_owed ${ORDER}, fee_type, owner`),
    till: await rows(`select * from patron_fees_till ${ORDER}, version`),
  };
}

/** Returns where the tables differ from the fold of every stream; computed in another way than the tables are. */
export async function faultsOfTables(tables: AccountTables, store: EventStore): Promise<readonly string[]> {
  const faults: string[] = [];
  const { accounts } = await store.accounts();
  if (accounts.length !== tables.accounts.length) {
    faults.push(`${tables.accounts.length} accounts in the table, ${accounts.length} in the store`);
  }
  const byAccount = new Map<string, { accounts: Row[]; owed: Row[]; till: Row[] }>();
  const rowsOf = (institution: unknown, patronId: unknown) => {
    const key = JSON.stringify([institution, patronId]);
    const known = byAccount.get(key) ?? { accounts: [], owed: [], till: [] };
    byAccount.set(key, known);
    return known;
  };
  for (const name of ['accounts', 'owed', 'till'] as const) {
    for (const row of tables[name]) rowsOf(row.institution, row.patron_id)[name].push(row);
  }
  for (let start = 0; start < accounts.length; start += 64) {
    const compared = accounts.slice(start, start + 64).map((stream) => {
      const rows = rowsOf(stream.institution, stream.patronId);
      byAccount.delete(JSON.stringify([stream.institution, stream.patronId]));
      return faultsOf(rows, store, stream);
    });
    faults.push(...(await Promise.all(compared)).flat());
  }
  for (const { owed: rows, till } of byAccount.values())
    for (const row of [...rows, ...till]) faults.push(`a row of no account: ${JSON.stringify(row)}`);
  return faults;
}

async function faultsOf(
  tables: AccountTables,
  store: EventStore,
  stream: StreamId,
): Promise<readonly string[]> {
  const { version, events } = await store.read(stream);
  const account = fold(events.map(({ event }) => event));
  const faults: string[] = [];
  const compare = (what: string, found: unknown, expected: unknown) => {
    if (isDeepStrictEqual(found, expected)) return;
    faults.push(`${stream.patronId}: ${what} is ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`);
  };
  const { active, disputed, transferred, payable } = balancesInMinorUnits(account);
  compare(
    'the account',
    tables.accounts.map((row) => ({
      version: Number(row.version),
      currency: row.currency,
      figures: [row.active, row.disputed, row.transferred, row.payable].map(Number),
      at: new Date(row.last_activity_at as string).getTime(),
      fault: row.fault,
    })),
    [
      {
        version,
        currency: account.currency,
        figures: [active, disputed, transferred, payable],
        at: Date.parse(events.at(-1)?.recordedAt ?? ''),
        fault: null,
      },
    ],
  );
  const open = account.fees.filter((fee) => owed(fee) > 0);
  const types = ['', ...new Set(open.map(({ feeType }) => feeType))];
  const owners = ['', ...new Set(open.map(({ owner }) => owner))];
  const parts = types.flatMap((type) => owners.map((owner) => [type, owner] as const)).sort();
  compare(
    'what is owed',
    tables.owed
      .map((row) => [
        [row.fee_type, row.owner],
        [row.owed, row.owed_disputed, row.accruing, row.open_fees].map(Number),
        new Date(row.oldest_open_at as string).getTime(),
      ])
      .sort(byNames),
    parts
      .map(([type, owner]) => [
        [type, owner],
        open.filter((fee) => (type === '' || fee.feeType === type) && (owner === '' || fee.owner === owner)),
      ])
      .filter(([, fees]) => fees?.length !== 0)
      .map(([names, fees]) => [names, ...sums(fees as readonly Fee[])])
      .sort(byNames),
  );
  compare(
    'the till',
    tables.till.map(({ version: of }) => Number(of)),
    events.filter(({ event }) => MONEY_EVENTS.test(event.type)).map((event) => event.version),
  );
  return faults;
}

const MONEY_EVENTS = /^(PaymentReceived|PaymentReversed|CreditRefunded|RefundReversed)$/;

function byNames(a: readonly unknown[], b: readonly unknown[]): number {
  const [one, other] = [JSON.stringify(a[0]), JSON.stringify(b[0])];
  return one < other ? -1 : 1;
}

function sums(fees: readonly Fee[]): [number[], number] {
  const total = (list: readonly Fee[]) => list.reduce((sum, fee) => sum + owed(fee), 0);
  const since = fees.map((fee) => agesFrom(fee)).filter((time) => time !== null);
  const oldest =
    since.length === 0
      ? Date.parse('9999-12-31T23:59:59.999Z')
      : Math.min(...since.map((time) => Date.parse(time)));
  return [
    [total(fees), total(fees.filter((fee) => fee.disputed)), total(fees.filter(isAccruing)), fees.length],
    oldest,
  ];
}
