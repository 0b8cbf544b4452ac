import { type Command, type CommandType, definePolicy } from '../../src/index.js';
import type { FeeSystemCapability } from '../../src/testing/index.js';
import { type Policies, playStory, type StoryVector } from './story.js';

/** A capability, and stories with no other command than those that it and fees and payments need. */
type Basic = {
  readonly name: string;
  readonly capabilities: readonly FeeSystemCapability[];
  readonly stories: readonly (readonly Asked[])[];
};

type Asked = readonly [type: CommandType, id: string, fields: object];

const at = '2026-03-02T09:00:00Z';

/** Amounts of both currencies: cents, and whole yen. */
const fee = (id: string, amount: string): Asked => [
  'AssessFee',
  id,
  { feeType: 'OTHER', amount, owner: 'MAIN' },
];
const pay = (id: string, amount: string, ...feeIds: readonly string[]): Asked => [
  'ReceivePayment',
  id,
  { amount, method: 'CASH', ...(feeIds.length > 0 && { feeIds }) },
];
const waive = (id: string, feeId: string, amount?: string): Asked => [
  'WaiveFees',
  id,
  { fees: [{ feeId, ...(amount && { amount }) }], reason: 'OTHER' },
];
const dispute = (id: string, feeId: string): Asked => ['DisputeFee', id, { feeId }];
const restore = (id: string, feeId: string): Asked => ['ResolveDispute', id, { feeId, outcome: 'feeStands' }];
const cancel = (id: string, feeId: string, amount?: string): Asked => [
  'CancelFee',
  id,
  { feeId, ...(amount && { amount }) },
];
const reverse = (id: string, paymentId: string, amount?: string): Asked => [
  'ReversePayment',
  id,
  { paymentId, ...(amount && { amount }) },
];
const refund = (id: string, creditId: string, amount?: string): Asked => [
  'RefundCredit',
  id,
  { creditId, method: 'CASH', ...(amount && { amount }) },
];

const [f1, f2, f3] = [fee('f1', '10'), fee('f2', '5'), fee('f3', '7')];

const basics: readonly Basic[] = [
  {
    name: 'fees and payments',
    capabilities: [],
    stories: [
      [f1, pay('p1', '4', 'f1'), pay('p2', '7', 'f1'), pay('p3', '6', 'f1'), pay('p4', '1', 'f1')],
      [f1, f2, pay('p1', '5', 'f2'), pay('p2', '1', 'f2'), pay('p3', '1', 'none'), pay('p4', '0', 'f1')],
      [fee('f1', '0'), fee('f1', '-1'), fee('f1', '1.005'), fee('f1', '1e3'), fee('f1', 'ten'), f1],
    ],
  },
  {
    name: 'one payment for several fees, the oldest first',
    capabilities: ['paySeveralFees'],
    stories: [
      [f1, f2, f3, pay('p1', '12'), pay('p2', '11'), pay('p3', '10')],
      [f1, f2, f3, pay('p1', '8', 'f2', 'f3'), pay('p2', '4', 'f2', 'f3')],
    ],
  },
  {
    name: 'waivers',
    capabilities: ['waive'],
    stories: [
      [f1, waive('w1', 'f1', '3'), waive('w2', 'f1', '8'), pay('p1', '7', 'f1'), waive('w3', 'f1')],
      [f1, f2, waive('w1', 'f1'), waive('w2', 'f1'), waive('w3', 'none'), pay('p1', '5', 'f2')],
    ],
  },
  {
    name: 'disputes',
    capabilities: ['dispute'],
    stories: [
      [
        ...[f1, dispute('d1', 'f1'), pay('p1', '1', 'f1'), dispute('d2', 'f1')],
        ...[restore('e1', 'f1'), pay('p2', '10', 'f1'), restore('e2', 'f1'), dispute('d3', 'f1')],
      ],
    ],
  },
  {
    name: 'cancellations',
    capabilities: ['cancel'],
    stories: [
      [f1, cancel('x1', 'f1', '4'), cancel('x2', 'f1', '7'), cancel('x3', 'f1'), cancel('x4', 'f1')],
      [f1, pay('p1', '6', 'f1'), cancel('x1', 'f1'), pay('p2', '1', 'f1')],
    ],
  },
  {
    name: 'refunds',
    capabilities: ['cancel', 'refund'],
    stories: [
      [
        ...[f1, pay('p1', '10', 'f1'), cancel('x1', 'f1'), refund('b1', 'x1#1', '4')],
        ...[refund('b2', 'x1#1', '7'), refund('b3', 'x1#1'), refund('b4', 'x1#1')],
      ],
    ],
  },
  {
    name: 'payments that are reversed',
    capabilities: ['reversePayment'],
    stories: [
      [f1, pay('p1', '10', 'f1'), reverse('r1', 'p1', '4'), reverse('r2', 'p1'), reverse('r3', 'p1')],
      [f1, pay('p1', '10', 'f1'), reverse('r1', 'p1'), pay('p2', '10', 'f1'), reverse('r2', 'none')],
    ],
  },
  {
    name: 'requests that come again',
    capabilities: ['repeats'],
    stories: [
      [f1, f1, fee('f1', '9'), pay('p1', '4', 'f1'), pay('p1', '4', 'f1'), pay('p1', '5', 'f1')],
      [f1, pay('p1', '10', 'f1'), pay('p1', '10', 'f1'), pay('p2', '1', 'f1'), f1],
    ],
  },
];

/** Returns the policies of the stories: the defaults of `definePolicy`, in two currencies. */
export function basicPolicies(): Policies {
  return { dollars: definePolicy({ currency: 'USD' }), yen: definePolicy({ currency: 'JPY' }) };
}

/** Returns each group with its stories in both currencies. */
export function basicGroups(policies: Policies) {
  let number = 0;
  return basics.map(({ name, capabilities, stories }) => ({
    name,
    capabilities,
    cases: stories.flatMap((steps) =>
      Object.keys(policies).map((policy): StoryVector => {
        number += 1;
        const asked = steps.map(([type, id, fields]) => ({
          command: { type, id, at, ...fields } as Command,
        }));
        return playStory({ id: `b${number}`, policy, steps: asked }, policies);
      }),
    ),
  }));
}
