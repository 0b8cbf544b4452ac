import { Immer } from 'immer';
import { type AccountEvent, definePolicy, emptyAccount, type PatronAccount } from 'patron-fees';
import { evolve } from 'patron-fees/evolve';
import { memoryEventStore, openAccount } from 'patron-fees/history';
import { compare, medianNanoseconds, report, round } from './measure.js';

const at = '2026-03-02T09:00:00Z';
const immer = new Immer({ autoFreeze: true });

function assessments(fees: number): AccountEvent[] {
  return Array.from({ length: fees }, (_, number) => ({
    type: 'FeeAssessed',
    data: {
      feeId: `f-${number}`,
      feeType: 'OVERDUEFINE',
      amount: '90.00',
      currency: 'USD',
      owner: 'MAIN',
      at,
    },
    metadata: { commandId: `f-${number}`, commandDigest: '0123456789abcdef' },
  }));
}

/** Returns the time of a command on a held account, in nanoseconds: decided, appended, applied. */
async function held(fees: number): Promise<number> {
  const store = memoryEventStore({ now: () => at });
  const stream = { institution: 'north', patronId: 'p1' };
  await store.append(stream, assessments(fees), { expectedVersion: 0 });
  const account = await openAccount(store, definePolicy({ currency: 'USD' }), stream);
  const times: number[] = [];
  for (let round = 0; round < 1_500; round++) {
    const allocations = [{ feeId: `f-${(round * 7) % fees}`, amount: '0.01' }];
    const start = process.hrtime.bigint();
    await account.execute({
      type: 'ReceivePayment',
      id: `p-${round}`,
      amount: '0.01',
      method: 'CASH',
      allocations,
      at,
    });
    times.push(Number(process.hrtime.bigint() - start));
  }
  return times.slice(500).sort((a, b) => a - b)[500] as number;
}

/** Measures one more event on an account that has many fees. */
export async function oneMoreEvent(): Promise<void> {
  let first: number | undefined;
  for (const fees of [10, 100, 1_000, 10_000]) {
    const median = await held(fees);
    first ??= median;
    report('a command on a held account', {
      fees,
      microseconds: round(median / 1_000),
      timesOf10: round(median / first),
    });
  }
  for (const fees of [10, 100, 1_000, 10_000]) {
    const start = assessments(fees).reduce<PatronAccount>(evolve, emptyAccount());
    report('evolve', { fees, ...evolveAgainstImmer(start, fees) });
  }
}

/** Compares `evolve` with immer alone, changing one entry of a frozen record of the same size. */
function evolveAgainstImmer(start: PatronAccount, fees: number): object {
  const record = immer.produce(Object.fromEntries(start.fees.map((fee) => [fee.feeId, fee])), () => {});
  const work = () => {
    let account = start;
    for (let time = 0; time < 20; time++) {
      const [paymentId, feeId] = [`p-${time}`, `f-${time % fees}`];
      const allocations = [{ feeId, amount: '0.01' }];
      const data = { paymentId, amount: '0.01', currency: 'USD', method: 'CASH', allocations, at };
      account = evolve(account, { type: 'PaymentReceived', data });
    }
  };
  const reference = () => {
    for (let time = 0; time < 20; time++) {
      immer.produce(record, (draft) => {
        (draft[`f-${time % fees}`] as { paid: number }).paid += 1;
      });
    }
  };
  const microseconds = round(medianNanoseconds(work, 41) / 20_000);
  return { microseconds, ...compare(work, reference, 21) };
}
