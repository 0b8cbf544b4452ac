import Database from 'libsql';
import { type Command, decide, definePolicy, emptyAccount } from 'patron-fees';
import type { EventStore } from 'patron-fees/history';
import { migrate, sqliteEventStore } from 'patron-fees/sqlite';

/** A patron in the directory of a library system, and the commands that create the account. */
export type GeneratedPatron = {
  readonly patronId: string;
  readonly name: string;
  readonly group: string;
  readonly hasOverdueLoans: boolean;
  readonly commands: readonly Command[];
};

/** The institution of the patrons. */
export const institution = 'north';

/** Its policy: transfers to the bursar are settled there, and a surplus of a payment becomes a credit. */
export const policy = definePolicy({
  currency: 'USD',
  overpayment: 'credit',
  transfers: { expectsSettlement: true, fees: {}, credits: {} },
});

const groups = ['UNDERGRADUATE', 'UNDERGRADUATE', 'UNDERGRADUATE', 'GRADUATE', 'STAFF', 'GUEST'] as const;
const libraries = ['MAIN', 'MAIN', 'LAW', 'MEDICINE'] as const;
const methods = ['CASH', 'CASH', 'CREDIT_CARD', 'DEBIT_CARD', 'CHECK'] as const;
const feeTypes = [
  'OVERDUEFINE',
  'OVERDUEFINE',
  'OTHER',
  'DAMAGEDITEMFINE',
  'LOSTITEMREPLACEMENTFEE',
] as const;
const givenNames = [
  'Ada',
  'Ben',
  'Chloé',
  'Dmitri',
  'Eve',
  'Fatima',
  'Grace',
  'Hiro',
  'Ines',
  'José',
] as const;
const familyNames = ['Almeida', 'Brown', 'Chen', "D'Arcy", 'Eriksen', 'Fischer', 'Garcia', 'Haddad'] as const;

/** The number of patrons in the examples; to set it: `PATRONS=1000 npx tsx examples/14-bursar.ts`. */
export const patronCount = Number(process.env.PATRONS ?? 10_000);

/** Yields patrons of a university in 2026: the same ones every time, and the same first ones for every count. */
export function* generatedPatrons(count: number): Generator<GeneratedPatron> {
  for (let n = 1; n <= count; n++) yield generatedPatron(n);
}

/** Yields the directory of these patrons, as a library system would export it. */
export async function* directoryOf(count: number): AsyncGenerator<Omit<GeneratedPatron, 'commands'>> {
  for (const { commands, ...patron } of generatedPatrons(count)) yield patron;
}

/** Returns a store in memory (SQLite) with the accounts of this number of patrons. */
export async function sqliteStoreOf(count: number): Promise<EventStore> {
  const database = new Database(':memory:');
  migrate(database);
  const store = sqliteEventStore(database);
  await fillStore(store, count);
  return store;
}

/** Appends the events of this number of patrons to a store. */
export async function fillStore(store: EventStore, count: number): Promise<void> {
  for (const { patronId, commands } of generatedPatrons(count)) {
    const decision = decide(commands, emptyAccount(), policy);
    if (!decision.accepted) throw new Error(`${patronId}: ${JSON.stringify(decision.rejection)}`);
    // As if it had been recorded then: reports as of a day leave out what was recorded later.
    const recordedAt = decision.events.at(-1)?.data.at as string;
    await store.append({ institution, patronId }, decision.events, { expectedVersion: 0, recordedAt });
  }
}

function generatedPatron(n: number): GeneratedPatron {
  const chance = chances(n);
  const oneOf = <Choice>(choices: readonly Choice[]) => choices[below(choices.length)] as Choice;
  const below = (limit: number) => Math.floor(chance() * limit);
  const firstDay = Date.UTC(2026, 0, 5) + below(200) * 86_400_000;
  const commands: Command[] = [];
  /** Returns the fields of every command: an id, a time some days after the previous command, a desk. */
  const next = (id: string) => {
    const at = new Date(firstDay + commands.length * 5 * 86_400_000 + below(86_400_000)).toISOString();
    const library = oneOf(libraries);
    return {
      id,
      at,
      by: { userId: `staff${below(20)}`, channel: 'desk', desk: `${library}-DESK`, library },
    } as const;
  };
  const fees = 1 + below(3);
  for (let fee = 1; fee <= fees; fee++) {
    const [feeType, title] = [oneOf(feeTypes), `Introduction to subject ${below(900)}`];
    const amount = feeType === 'LOSTITEMREPLACEMENTFEE' ? 2_000 + below(9_000) : 25 + below(2_000);
    const item = { barcode: `3${n}${fee}`, title };
    commands.push({ type: 'AssessFee', ...next(`fee${fee}`), feeType, amount: dollars(amount), item });
  }
  if (chance() < 0.1) commands.push({ type: 'DisputeFee', ...next('dispute1'), feeId: 'fee1' });
  if (chance() < 0.4) {
    const amount = dollars(100 + below(1_500));
    commands.push({ type: 'ReceivePayment', ...next('payment1'), amount, method: oneOf(methods) });
    if (chance() < 0.05)
      commands.push({ type: 'ReversePayment', ...next('reversal1'), paymentId: 'payment1' });
  }
  return {
    patronId: `u${String(n).padStart(7, '0')}`,
    name: `${oneOf(givenNames)} ${oneOf(familyNames)}`,
    group: oneOf(groups),
    hasOverdueLoans: chance() < 0.15,
    commands,
  };
}

function dollars(cents: number): string {
  return (cents / 100).toFixed(2);
}

/** Returns a generator of pseudo-random numbers from 0 up to 1 (mulberry32), the same for the same seed. */
function chances(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
