// How long the decision of a command takes, compared with writing and reading the JSON of the command and its events.
import { type AccountEvent, type Command, decide, definePolicy, emptyAccount, fold } from 'patron-fees';
import { compare, medianNanoseconds, repeated, report, round } from './measure.js';

const at = '2026-03-02T09:00:00Z';
const by = { channel: 'desk', userId: 'u1', desk: 'd1', library: 'MAIN' } as const;
const policy = definePolicy({ currency: 'USD', overpayment: 'credit' });

const fees: readonly Command[] = ['f1', 'f2'].map((id) => ({
  type: 'AssessFee',
  id,
  feeType: 'OTHER',
  amount: '2.50',
  owner: 'MAIN',
  at,
}));

const commands: Readonly<Record<string, Command>> = {
  'a fee': { type: 'AssessFee', id: 'f9', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at },
  'a payment of two fees': { type: 'ReceivePayment', id: 'p1', amount: '3.00', method: 'CASH', at, by },
  'a waiver': {
    type: 'WaiveFees',
    id: 'w1',
    fees: [{ feeId: 'f1', amount: '1.00' }],
    reason: 'OTHER',
    at,
    by,
  },
  'the first charge of a fine': {
    type: 'AccrueFine',
    id: 'a1',
    feeId: 'f7',
    feeType: 'OVERDUEFINE',
    total: '1.00',
    owner: 'MAIN',
    loanId: 'l1',
    at,
  },
};

/** Prints a line for each kind of command. */
export function decisions(): void {
  const account = fold(decide(fees, emptyAccount(), policy).events);
  for (const [what, command] of Object.entries(commands)) {
    const events: readonly AccountEvent[] = decide(command, account, policy).events;
    if (events.length === 0) throw new Error(`${what} was refused`);
    const decided = repeated(500, () => decide(command, account, policy));
    const copied = repeated(500, () => JSON.parse(JSON.stringify([command, events])));
    const microseconds = round(medianNanoseconds(decided, 41) / 500_000);
    report('a decision', { of: what, microseconds, ...compare(decided, copied) });
  }
}
