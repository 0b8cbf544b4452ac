// Clients that post one transaction of a payment provider in several calls, over a connection that loses requests and
// answers, repeats calls and delivers them in any order.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type CommandOf,
  decide,
  definePolicy,
  fold,
  owed,
  type PatronAccount,
  type RejectionType,
} from '../../src/index.js';
import { accountAfter, ask, assess, at } from '../support/account.js';
import { tried } from '../support/seeded.js';

// A currency without decimals and small fees: amounts often coincide.
const policy = definePolicy({ currency: 'JPY' });

/** How a client splits what it took: a call for each fee that fits and one for the rest, one call for all, or both. */
type Split = 'fees' | 'whole' | 'both';

/** One call: the amount, and the fee that it names. */
type Call = { readonly amount: number; readonly feeId?: string; readonly is: 'fee' | 'rest' | 'whole' };

/** What happens to a call: how often it arrives, and whether the client gets an answer; without one it starts again. */
type Delivery = { readonly arrives: 0 | 1 | 2; readonly answered: boolean; readonly saysTotal: boolean };

/** One attempt of the client: how it splits, in which order its calls arrive, and what happens to each. */
type Attempt = {
  readonly split: Split;
  readonly order: readonly number[];
  readonly deliveries: readonly Delivery[];
  /** What somebody else does before: nothing, or a payment in cash, or a waiver, of one fee. */
  readonly meanwhile: 'nothing' | 'paid' | 'waived';
};

type Story = {
  readonly fees: readonly number[];
  readonly taken: number;
  readonly attempts: readonly Attempt[];
  readonly last: Attempt;
  readonly restSaysSo: boolean;
};

const CALLS_MAX = 5;

const delivery = fc.record({
  arrives: fc.constantFrom(0, 1, 2),
  answered: fc.boolean(),
  saysTotal: fc.boolean(),
} as const);

const attempt: fc.Arbitrary<Attempt> = fc.record({
  split: fc.constantFrom('fees', 'whole', 'both'),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: CALLS_MAX }),
  deliveries: fc.array(delivery, { minLength: CALLS_MAX, maxLength: CALLS_MAX }),
  meanwhile: fc.constantFrom('nothing', 'nothing', 'paid', 'waived'),
});

const anyStory: fc.Arbitrary<Story> = fc.record({
  fees: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
  taken: fc.integer({ min: 1, max: 20 }),
  attempts: fc.array(attempt, { maxLength: 4 }),
  last: attempt,
  restSaysSo: fc.boolean(),
});

/** A client: whether it splits anew after a lost answer, and which of its calls say the total. */
type Client = { readonly anew: boolean; readonly total: 'always' | 'never' | 'at times' };

/** What is recorded in the end, and why calls were refused. */
type Outcome = {
  readonly account: PatronAccount;
  readonly recorded: number;
  readonly refusals: readonly RejectionType[];
};

const isPart = ({ externalTransactionId }: { readonly externalTransactionId: string | null }) =>
  externalTransactionId === 'x1';

function outcomeOf(story: Story, client: Client): Outcome {
  const charged = story.fees.map((amount, index) => assess(`f${index}`, `${amount}`, { owner: 'MAIN' }));
  // The client does not offer the last fee for payment, but a payment that names no fee may pay it.
  let account = accountAfter([...charged, assess('lost', '60')], policy);
  let plan: readonly Call[] | undefined;
  const refusals: RejectionType[] = [];
  const attempts = [...story.attempts, story.last];
  attempts.forEach(({ split, order, deliveries, meanwhile }, number) => {
    account = meanwhileDone(meanwhile, account, number);
    if (plan === undefined || client.anew) plan = planOf(split, story, account);
    const isLast = number === attempts.length - 1;
    let waits = true;
    for (const index of order) {
      const call = plan[index];
      if (call === undefined || !waits) continue;
      const { arrives, answered, saysTotal } = deliveries[index] as Delivery;
      const says = client.total === 'always' || (client.total === 'at times' && saysTotal);
      // The last attempt succeeds.
      for (let time = 0; time < (isLast ? Math.max(1, arrives) : arrives); time++) {
        const decision = decide(commandOf(call, `c${number}-${index}-${time}`, story, says), account, policy);
        if (decision.accepted) account = fold(decision.events, account);
        else refusals.push(decision.rejection.type);
      }
      waits = isLast || (answered && arrives > 0);
    }
  });
  const recorded = account.payments.filter(isPart).reduce((sum, { amount }) => sum + amount, 0);
  return { account, recorded, refusals };
}

/** Pays or waives the first open fee, if there is one. */
function meanwhileDone(what: Attempt['meanwhile'], account: PatronAccount, number: number): PatronAccount {
  const [fee] = account.fees.filter((one) => owed(one) > 0);
  if (fee === undefined || what === 'nothing') return account;
  const command =
    what === 'paid'
      ? ask('ReceivePayment', `m${number}`, { amount: '1', method: 'CASH', feeIds: [fee.feeId] })
      : ask('WaiveFees', `m${number}`, { fees: [{ feeId: fee.feeId, amount: '1' }], reason: 'OTHER' });
  return accountAfter([command], policy, account);
}

/** Returns the calls of a client for what is owed now. */
function planOf(split: Split, { taken }: Story, account: PatronAccount): readonly Call[] {
  const whole: Call = { amount: taken, is: 'whole' };
  if (split === 'whole') return [whole];
  let left = taken;
  const calls: Call[] = [];
  for (const fee of account.fees) {
    const amount = owed(fee);
    if (fee.feeId === 'lost' || amount === 0 || amount > left) continue;
    calls.push({ amount, feeId: fee.feeId, is: 'fee' });
    left -= amount;
  }
  if (left > 0) calls.push({ amount: left, is: 'rest' });
  return split === 'both' ? [...calls, whole] : calls;
}

function commandOf(
  { amount, feeId, is }: Call,
  id: string,
  { taken, restSaysSo }: Story,
  saysTotal: boolean,
): CommandOf<'ReceivePayment'> {
  return {
    ...{ type: 'ReceivePayment', id, at, method: 'ONLINE', externalTransactionId: 'x1' },
    ...{ amount: `${amount}`, overpayment: 'credit' },
    ...(feeId === undefined ? {} : { feeIds: [feeId] }),
    ...(saysTotal && is !== 'whole' ? { externalTransactionTotal: `${taken}` } : {}),
    ...(saysTotal && is === 'whole' ? { part: 'whole' } : {}),
    ...(is === 'rest' && restSaysSo ? { part: 'rest' } : {}),
  };
}

const runs = tried(1_000);

it('an account records what was taken and refuses nothing if every call gives the total, however it is split and repeated', () => {
  fc.assert(
    fc.property(anyStory, fc.boolean(), (story, anew) => {
      const { recorded, refusals } = outcomeOf(story, { anew, total: 'always' });
      expect({ recorded, refusals }).toEqual({ recorded: story.taken, refusals: [] });
    }),
    runs,
  );
});

it('an account records no more than was taken if the first part gave the total, and refuses a part if it records less', () => {
  fc.assert(
    fc.property(anyStory, fc.boolean(), (story, anew) => {
      const { account, recorded, refusals } = outcomeOf(story, { anew, total: 'at times' });
      const [first] = account.payments.filter(isPart);
      fc.pre(first === undefined || first.externalTransactionTotal !== null);
      expect(recorded).toBeLessThanOrEqual(story.taken);
      if (recorded < story.taken) expect(refusals).not.toEqual([]);
      for (const type of refusals) expect(type).toBe('ExceedsTransactionTotal');
    }),
    runs,
  );
});

it('an account without the total records what was taken, or refuses, if the client repeats the same calls', () => {
  fc.assert(
    fc.property(anyStory, (story) => {
      const { recorded, refusals } = outcomeOf(story, { anew: false, total: 'never' });
      expect(recorded).toBeLessThanOrEqual(story.taken);
      if (recorded < story.taken) expect(refusals).not.toEqual([]);
      const reasons: readonly RejectionType[] = ['TransactionAmbiguous', 'ExternalTransactionAlreadyUsed'];
      for (const type of refusals) expect(reasons).toContain(type);
    }),
    runs,
  );
});

/** A client that pays each of two fees of 5, whose first answer is lost. It reads what is owed, and splits anew. */
const splitAnew: Story = {
  ...{ fees: [5, 5], taken: 10, restSaysSo: false },
  attempts: [
    {
      ...{ split: 'fees', meanwhile: 'nothing', order: [0, 1, 2, 3, 4] },
      deliveries: new Array(CALLS_MAX).fill({ arrives: 1, answered: false, saysTotal: false }),
    },
  ],
  last: {
    ...{ split: 'fees', meanwhile: 'nothing', order: [0, 1, 2, 3, 4] },
    deliveries: new Array(CALLS_MAX).fill({ arrives: 1, answered: true, saysTotal: false }),
  },
};

it('an account records 10 of 10 for a client that splits anew after a lost answer, if it gives the total', () => {
  expect(outcomeOf(splitAnew, { anew: true, total: 'always' })).toMatchObject({ recorded: 10, refusals: [] });
});

it('an account without the total cannot tell that a client has split anew: the rest of 5 looks like any other money', () => {
  expect(outcomeOf(splitAnew, { anew: true, total: 'never' })).toMatchObject({ recorded: 15, refusals: [] });
  expect(outcomeOf({ ...splitAnew, restSaysSo: true }, { anew: true, total: 'never' }).recorded).toBe(15);
});
