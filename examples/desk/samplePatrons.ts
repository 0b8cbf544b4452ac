import { type Command, decide, definePolicy, emptyAccount, type FeePolicy, fold, owed } from 'patron-fees';
import type { EventStore } from 'patron-fees/history';
import { sqliteEventStore } from 'patron-fees/sqlite';
import { type GeneratedPatron, generatedPatrons } from '../support/generatedPatrons.js';
import { type Desk, policy as deskPolicy, institution } from './desk.js';

/** The rules of the desk. Nobody is asked for a role: this is what other systems and other days recorded. */
const { permissions: _, ...policy } = deskPolicy;

const manager = { userId: 'lee', channel: 'desk', desk: 'MAIN-DESK', library: 'MAIN' } as const;
const at = '2026-10-01T14:00:00Z';

/** Fills an empty desk with patrons, the same ones every time; leaves a desk that has patrons as it is. */
export async function addSamplePatrons(desk: Desk, count: number): Promise<void> {
  if (desk.directory.all().length > 0) return;
  // The generated events need not survive a power cut, so nothing waits for the disk.
  const store = sqliteEventStore(desk.database, { synchronous: 'normal' });
  await addGuidesPatron(desk, 'dverma', '1000171');
  let n = 0;
  for (const patron of generatedPatrons(count)) {
    n += 1;
    const lower = patron.name
      .toLowerCase()
      .normalize('NFD')
      .replace(/[^a-z ]/g, '');
    desk.directory.add(
      {
        patronId: patron.patronId,
        name: patron.name,
        barcode: String(2_000_000 + n),
        email: `${lower.replace(' ', '.')}${n}@north.example`,
        group: patron.group,
        language: n % 4 === 0 ? 'de' : 'en',
        hasOverdueLoans: patron.hasOverdueLoans,
      },
      loansOf(n, patron.hasOverdueLoans),
    );
    await record(store, institution, patron.patronId, withLaterWork(patron, n), policy);
    if (n % 5 === 0) await record(store, 'south', patron.patronId, [visit(n)], policy);
    if (n % 10 === 0) await record(store, 'maple', patron.patronId, [visit(n)], canadian);
  }
  // From here on, what is acknowledged is on the disk.
  sqliteEventStore(desk.database, { synchronous: 'full' });
}

/** Adds a patron with something of everything that the guide describes. */
export async function addGuidesPatron(desk: Desk, patronId: string, barcode: string): Promise<void> {
  const patron = { patronId, barcode, name: 'Dev Verma', email: 'dev.verma@north.example' };
  const loan = { title: 'Maps of the sea', barcode: '40017', library: 'MAIN', dueAt: '2026-11-20T22:00:00Z' };
  desk.directory.add({ ...patron, group: 'GRADUATE', language: 'en', hasOverdueLoans: true }, [loan]);
  await record(desk.store, institution, patronId, guidesWork(), policy);
}

function guidesWork(): readonly Command[] {
  const fees = [
    ['OVERDUEFINE', '4.50', 'Atlas of tides'],
    ['LOSTITEMREPLACEMENTFEE', '60.00', 'A history of glass'],
    ['LOSTITEMPROCESSFEE', '12.00', 'A history of glass'],
    ['DAMAGEDITEMFINE', '18.25', 'Birds of the north'],
    ['CARDRENEWAL', '5.00', undefined],
    ...Array.from(
      { length: 8 },
      (_, n) => ['OVERDUEFINE', n === 7 ? '1.95' : `0.${n + 2}5`, `Evening readings ${n + 1}`] as const,
    ),
    ['OVERDUEFINE', '1.00', 'Tide tables'],
  ] as const;
  const when = (n: number) => ({ at: new Date(Date.UTC(2026, 7, 3 + 7 * n, 14)).toISOString(), by: manager });
  return [
    ...fees.map(
      ([feeType, amount, title], n): Command => ({
        type: 'AssessFee',
        id: `fee${n + 1}`,
        ...when(n),
        automatic: true,
        feeType,
        amount,
        ...(title !== undefined && { item: { title, barcode: `3001${n}` } }),
      }),
    ),
    { type: 'ReceivePayment', id: 'payment1', ...when(13), amount: '1.50', method: 'CASH', feeIds: ['fee1'] },
    { type: 'DisputeFee', id: 'dispute1', ...when(13), feeId: 'fee4', comment: 'It was damaged before' },
    {
      ...{ type: 'WaiveFees', id: 'waiver1', ...when(14), fees: [{ feeId: 'fee14' }] },
      ...{ reason: 'TECHNICAL_ISSUE', comment: 'The book drop was locked' },
    },
    // So that more can be paid than the active balance.
    {
      ...{ type: 'IssueCredit', id: 'goodwill1', ...when(14), cause: 'manual', reason: 'GOODWILL' },
      ...{ amount: '0.80', item: { title: 'Evening readings 8' } },
    },
    { type: 'TransferFees', id: 'transfer1', ...when(14), fees: [{ feeId: 'fee5' }], destination: 'BANNER' },
  ];
}

const canadian = definePolicy({ currency: 'CAD' });

/** A fee for a loan at another institution of the fulfillment network. */
function visit(n: number): Command {
  const amount = (1 + (n % 9) / 2).toFixed(2);
  const item = { title: `Readings on the road ${n}`, barcode: `5${n}`, dueAt: '2026-09-20T21:00:00Z' };
  const loan = { loanId: `loan-${n}`, item, automatic: true };
  return { type: 'AssessFee', id: 'visit', feeType: 'OVERDUEFINE', amount, owner: 'MAIN', at, ...loan };
}

/** What staff did in autumn: some fees went to the bursar, part of some lost items' fees was waived. */
function withLaterWork(patron: GeneratedPatron, n: number): readonly Command[] {
  // Generated payments may be more than what is owed; the rest is kept as a credit.
  const commands = patron.commands.map((command) =>
    command.type === 'ReceivePayment' ? { ...command, overpayment: 'credit' as const } : command,
  );
  const account = fold(decide(commands, emptyAccount(), policy).events);
  const open = account.fees.filter((fee) => owed(fee) > 100 && !fee.disputed);
  const lost = open.find((fee) => fee.lostItem);
  const other = open.find((fee) => !fee.lostItem);
  const by = manager;
  const later: Command[] = [];
  if (lost !== undefined && n % 2 === 0) {
    const fees = [{ feeId: lost.feeId, amount: '10.00' }];
    later.push({ type: 'WaiveFees', id: 'waiver1', at, by, fees, reason: 'OTHER', comment: 'Old edition' });
  }
  if (other !== undefined && n % 4 === 0)
    later.push({
      type: 'TransferFees',
      id: 'transfer1',
      at,
      by,
      fees: [{ feeId: other.feeId }],
      destination: 'BANNER',
    });
  return [...commands, ...later];
}

function loansOf(n: number, overdue: boolean) {
  return Array.from({ length: n % 3 }, (_, index) => ({
    title: `Readings in subject ${n * 3 + index}`,
    barcode: `4${n}${index}`,
    library: 'MAIN',
    dueAt: overdue && index === 0 ? '2026-11-02T22:00:00Z' : '2026-12-18T22:00:00Z',
  }));
}

/** Appends each event with the time at which it happened, so that statements of earlier months have lines. */
async function record(
  store: EventStore,
  at: string,
  patronId: string,
  commands: readonly Command[],
  rules: FeePolicy,
): Promise<void> {
  const decision = decide(commands, emptyAccount(), rules);
  if (!decision.accepted) throw new Error(`${patronId}: ${JSON.stringify(decision.rejection)}`);
  let version = 0;
  for (const event of decision.events) {
    const how = { expectedVersion: version, recordedAt: event.data.at };
    version = (await store.append({ institution: at, patronId }, [event], how)).version;
  }
}
