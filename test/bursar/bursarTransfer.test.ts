import { join } from 'node:path';
import fc from 'fast-check';
import { type Command, decide, definePolicy, emptyAccount, feeVat, fold } from 'patron-fees';
import { describe, expect, it } from 'vitest';
import {
  codeOf,
  patronLookup,
  recalledSince,
  signedAmount,
  signedVat,
  transfersOfJob,
} from '../../src/bursar/bursarTransfer.js';
import type { BursarPatrons } from '../../src/bursar/index.js';
import { execute } from '../../src/history/index.js';
import { accountAfter, ask, assess, assessLost, at, pay } from '../support/account.js';
import { assertVaried, tried } from '../support/seeded.js';
import {
  accountOf,
  expecting,
  institution,
  rewriteFile,
  rowsOf,
  runExport,
  storeOf,
  temporaryFolder,
  transferOf,
} from './bursarLibrary.js';

const later = '2026-03-09T09:00:00Z';

const account = accountAfter(
  [
    assess('f1', '12.00', { item: { title: 'A title', barcode: '17' } }),
    assessLost('lost', '30.00'),
    pay('p1', '30.00', { allocations: [{ feeId: 'lost', amount: '30.00' }] }),
    ask('ReturnLostItem', 'r1', { feeIds: ['lost'], at: later }),
    pay('p2', '2.00', { allocations: [{ feeId: 'f1', amount: '2.00' }], at: later }),
    ask('TransferFees', 'other', { fees: [{ feeId: 'f1', amount: '1.00' }] }),
    ask('TransferFees', 'job', { eligible: { fees: {}, credits: {} }, at: '2026-03-10T09:00:00Z' }),
  ],
  expecting,
);

/** A fee with tax, and the steps that settle it in parts, by their shares of what is left. */
const taxedFees = fc.record({
  percent: fc.constantFrom(5.5, 7, 19, 20, 100),
  amount: fc.integer({ min: 1, max: 100_000 }),
  steps: fc.array(
    fc.record({
      type: fc.constantFrom('TransferFees', 'TransferFees', 'ReceivePayment', 'WaiveFees'),
      share: fc.constantFrom(0, 0.1, 0.25, 1 / 3, 0.5, 0.9, 1),
    }),
    { minLength: 2, maxLength: 8 },
  ),
});

const cents = (minor: number) => (minor / 100).toFixed(2);
const minorOf = (amount: string) => Math.round(Number(amount) * 100);

describe('the tax of the transfers', () => {
  it("adds up to the fee's tax, with payments and waivers, and credits give it back", async () => {
    let partly = 0;
    await assertVaried(
      fc.property(taxedFees, ({ percent, amount, steps }) => {
        const policy = definePolicy({
          currency: 'USD',
          feeTypes: { COPIES: { label: 'Copies', vatPercent: percent } },
          transfers: { expectsSettlement: true },
        });
        const fees = (part: number) => [{ feeId: 'f1', amount: cents(part) }];
        const commands: Command[] = [
          { type: 'AssessFee', id: 'f1', feeType: 'COPIES', amount: cents(amount), owner: 'MAIN', at },
        ];
        let left = amount;
        for (const [index, { type, share }] of [...steps, { type: 'TransferFees', share: 1 }].entries()) {
          const part = Math.round(left * share);
          if (part === 0) continue;
          left -= part;
          const id = `c${index}`;
          if (type === 'TransferFees') commands.push({ type, id, fees: fees(part), at });
          else if (type === 'WaiveFees') commands.push({ type, id, fees: fees(part), reason: 'OTHER', at });
          else commands.push({ type: 'ReceivePayment', id, amount: cents(part), method: 'CASH', at });
        }
        const settled = fold(decide(commands, emptyAccount(), policy).events);
        const tax = feeVat(settled, 'f1')?.original as number;
        const rows = commands.flatMap(({ id }) =>
          transfersOfJob(settled, id, { institution, patronId: 'u17' }, undefined),
        );
        const sent = rows.reduce((sum, { vat }) => sum + minorOf(vat), 0);
        const { transactions } = settled.fees[0] as (typeof settled.fees)[number];
        const kept = transactions.reduce((sum, { kind }, index) => {
          const isKept = kind === 'payment' || kind === 'waiver';
          return sum + (isKept ? (feeVat(settled, 'f1')?.parts[index] as number) : 0);
        }, 0);
        expect(sent + kept).toBe(tax);
        if (kept > 0 && sent > 0) partly += 1;
        for (const row of rows) {
          expect(row.vatPercent).toBe(percent);
          expect(minorOf(row.vat)).toBeLessThanOrEqual(minorOf(row.amount));
        }
        const transferred = rows.reduce((sum, row) => sum + minorOf(row.amount), 0);
        if (transferred === 0) return;
        const giveBack: Command[] = [
          { type: 'WaiveFees', id: 'back', fees: fees(transferred), reason: 'OTHER', at },
          { type: 'TransferFees', id: 'credit', eligible: { credits: {} }, at },
        ];
        const after = fold(decide(giveBack, settled, policy).events, settled);
        const [credit] = transfersOfJob(after, 'credit', { institution, patronId: 'u17' }, undefined);
        expect(credit).toMatchObject({ kind: 'credit', amount: cents(transferred), vat: cents(sent) });
      }),
      tried(1_000),
      30,
      () => expect(partly).toBeGreaterThan(5),
    );
  });

  it('has the sign of the amount in a file, and is missing without a rate', () => {
    expect(signedVat(transferOf())).toBeUndefined();
    expect(signedVat(transferOf({ vatPercent: 19, vat: '1.90' }))).toBe('1.90');
    expect(signedVat(transferOf({ vatPercent: 19, vat: '1.90', kind: 'credit' }))).toBe('-1.90');
    expect(signedVat(transferOf({ vatPercent: 19, vat: '0.00', kind: 'credit' }))).toBe('0.00');
  });
});

describe('the transfers of a job', () => {
  const [fee, credit, ...more] = transfersOfJob(
    account,
    'job',
    { institution, patronId: 'u17', patron: { patronId: 'u17', name: 'Ada', identifier: '99' } },
    { feeTypes: { OVERDUEFINE: 'D1' } },
  );

  it('include its fees, with their details for the external system', () => {
    expect(fee).toEqual({
      reference: 'u17@job',
      institution,
      patronId: 'u17',
      identifier: '99',
      identifierType: '',
      name: 'Ada',
      kind: 'fee',
      id: 'f1',
      type: 'OVERDUEFINE',
      code: 'D1',
      amount: '9.00',
      feeId: 'f1',
      feeType: 'OVERDUEFINE',
      vatPercent: null,
      vat: '0.00',
      currency: 'USD',
      owner: 'MAIN',
      item: { title: 'A title', barcode: '17' },
      contact: {},
      since: at,
      lastTransactionAt: at,
      transferredAt: '2026-03-10T09:00:00Z',
    });
  });

  it('include its credits, with the fee that they come from, its type, owner and item', () => {
    expect(credit).toMatchObject({
      reference: 'u17@job#1',
      kind: 'credit',
      type: 'CREDIT',
      code: 'CREDIT',
      amount: '30.00',
      feeId: 'lost',
      feeType: 'LOST100',
      owner: 'MAIN',
      item: null,
      since: later,
      lastTransactionAt: later,
    });
  });

  it('have no fee for a credit without one', () => {
    const goodwill = accountAfter(
      [
        ask('IssueCredit', 'c1', { amount: '5.00', cause: 'imported' }),
        ask('TransferFees', 'job', { credits: [{ creditId: 'c1' }] }),
      ],
      expecting,
    );
    const [row] = transfersOfJob(goodwill, 'job', { institution, patronId: 'u17' }, undefined);
    expect(row).toMatchObject({ id: 'c1', type: 'CREDIT', feeId: null, feeType: null });
  });

  it('exclude those of another job', () => {
    expect(more).toEqual([]);
    expect(transfersOfJob(account, 'none', { institution, patronId: 'u17' }, undefined)).toEqual([]);
  });

  it('use the patron id if the identifier is empty', () => {
    const patron = { patronId: 'u17', identifier: '' };
    const [row] = transfersOfJob(account, 'job', { institution, patronId: 'u17', patron }, undefined);
    expect(row?.identifier).toBe('u17');
  });

  it('do not change when they are settled and recalled', () => {
    const since = accountAfter(
      [
        ask('SettleTransfer', 's1', { transferId: 'job', amount: '4.00' }),
        ask('RecallTransfer', 'b1', { transferId: 'job' }),
      ],
      expecting,
      account,
    );
    const rows = [account, since].map((one) =>
      transfersOfJob(one, 'job', { institution, patronId: 'u17' }, undefined),
    );
    expect(rows[1]).toEqual(rows[0]);
    expect(rows[0]?.[0]).toMatchObject({ identifier: 'u17', name: '', code: 'OVERDUEFINE' });
  });
});

describe('the code of the external system', () => {
  it('is found for a fee type or for credits; undefined if the policy does not name them', () => {
    const codes = { feeTypes: { A: 'D1' }, credit: 'C1' };
    expect([codeOf(codes, 'A', 'fee'), codeOf(codes, 'constructor', 'fee')]).toEqual(['D1', undefined]);
    expect([codeOf(codes, 'CREDIT', 'credit'), codeOf({ feeTypes: {} }, 'CREDIT', 'credit')]).toEqual([
      'C1',
      undefined,
    ]);
    expect(codeOf(undefined, 'A', 'fee')).toBe('A');
  });
});

it('writes amounts owed by the patron as positive, and amounts owed to the patron as negative', () => {
  expect(signedAmount(transferOf())).toBe('123.45');
  expect(signedAmount(transferOf({ kind: 'credit' }))).toBe('-123.45');
});

const u17 = { institution, patronId: 'u17' };

describe('recalls since the transfer', () => {
  it('are returned with reference and amount, recall by recall, for this job only', async () => {
    const store = await storeOf({
      u17: [
        assess('f1', '5.00'),
        assess('f2', '3.00'),
        ask('TransferFees', 'other', { fees: [{ feeId: 'f1', amount: '1.00' }] }),
        ask('TransferFees', 'job', { eligible: { fees: {} } }),
        ask('RecallTransfer', 'r1', { transferId: 'other' }),
        ask('RecallTransfer', 'r2', { transferId: 'job', amount: '1.00' }),
        ask('RecallTransfer', 'r3', { transferId: 'job', amount: '0.50' }),
      ],
    });
    expect(recalledSince(await accountOf(store, 'u17'), 'job', u17)).toEqual([
      {
        ...u17,
        code: 'RECALLED',
        reference: 'u17@job',
        amount: '1.50',
        message: '1.50 of u17@job was recalled after its transfer; the file has it',
      },
    ]);
  });

  it('are findings of a repeated export, and of a rewritten file', async () => {
    const store = await storeOf({ u17: [assess('f1', '5.00')], u18: [assess('f1', '4.00')] });
    const file = join(temporaryFolder(), 'export.csv');
    const options = { jobId: 'job', institution, file, format: 'csv' } as const;
    const whole = { ...options, at, fees: {} };
    expect((await runExport(store, expecting, whole)).findings.count).toBe(0);
    await execute(store, expecting, u17, ask('RecallTransfer', 'r1', { transferId: 'job' }));
    for (const again of [
      () => runExport(store, expecting, whole),
      () => rewriteFile(store, expecting, options),
    ]) {
      const { findings, net } = await again();
      expect([findings.byCode, findings.first[0]?.patronId, net]).toEqual([{ RECALLED: 1 }, 'u17', '9.00']);
      expect(rowsOf(file).map(({ amount }) => amount)).toEqual(['5.00', '4.00']);
    }
  });
});

const ada = { patronId: 'a', name: 'Ada', group: 'STAFF', identifier: '17', hasOverdueLoans: false };
const known = { patronId: 'a', name: 'Ada', group: 'STAFF', identifier: '17' };

async function* streamed<Entry>(entries: readonly Entry[]) {
  yield* entries;
}

const directories: readonly (readonly [string, () => BursarPatrons])[] = [
  ['a list', () => [ada, { patronId: '__proto__' }]],
  ['a stream', () => streamed([ada, { patronId: '__proto__' }])],
  [
    'a function',
    () => (patronId) => [ada, { patronId: '__proto__' }].find((one) => one.patronId === patronId),
  ],
  ['a function that takes its time', () => async (patronId) => (patronId === 'a' ? ada : { patronId })],
];

describe.each(directories)('a directory that is %s', (_name, directory) => {
  it('finds patrons by id', async () => {
    const lookUp = await patronLookup(directory(), 'north');
    expect(await lookUp('a')).toEqual(known);
    expect(await lookUp('__proto__')).toEqual({ patronId: '__proto__' });
  });
});

describe('a directory', () => {
  it('returns null for an unknown patron', async () => {
    for (const empty of [[], () => undefined, async () => undefined] satisfies BursarPatrons[]) {
      expect(await (await patronLookup(empty, 'north'))('constructor')).toBeNull();
    }
  });

  it('with several institutions returns the patrons of one, and the later of two entries', async () => {
    const entries = [
      { patronId: 'a', name: 'Ada' },
      { patronId: 'a', name: 'Ada Lovelace', institution: 'north' },
      { patronId: 'a', name: 'Another', institution: 'south' },
    ];
    expect(await (await patronLookup(entries, 'north'))('a')).toMatchObject({ name: 'Ada Lovelace' });
  });

  it('that returns another patron is refused: the bill would go to the wrong person', async () => {
    for (const other of [{ patronId: 'A' }, { patronId: 'a', institution: 'south' }]) {
      const lookUp = await patronLookup(() => other, 'north');
      await expect(lookUp('a')).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('patrons("a"): expected that patron of north'),
      });
    }
  });

  it.each([null, 17, {}, { patronId: '' }, { patronId: 'a', name: 5 }, []])(
    'refuses %j as a patron',
    async (entry) => {
      const faulty = [ada, entry] as never;
      await expect(patronLookup(faulty, 'north')).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('patrons[1]'),
      });
      const lookUp = await patronLookup((() => entry) as never, 'north');
      await expect(lookUp('b')).rejects.toMatchObject({ message: expect.stringContaining('patrons("b")') });
    },
  );
});
