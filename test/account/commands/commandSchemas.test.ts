import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { CommandType } from '../../../src/account/commands/command.js';
import { commandSchemas } from '../../../src/account/commands/parseCommand.js';
import { faultsOf } from '../../../src/input/faults.js';
import { badIds, hostileAmounts } from '../../support/hostile.js';
import { placesIn, requiredFields, wholeCommands } from '../../support/wholeCommands.js';

const schemas = commandSchemas(2);
const types = Object.keys(wholeCommands) as CommandType[];

/** The faults of a command, as path and expectation. */
function faultsIn(command: unknown) {
  const { type } = command as { type: CommandType };
  const schema = schemas[type] as v.GenericSchema;
  return faultsOf(v.safeParse(schema, command).issues ?? [], schema);
}

function pathsIn(command: unknown): readonly string[] {
  return faultsIn(command).map(({ path }) => path);
}

describe.each(types)('%s', (type) => {
  const command = wholeCommands[type];
  const places = placesIn(command).filter(({ path }) => path !== 'type');

  it('accepts all its fields in canonical form', () => {
    expect(v.parse(schemas[type] as v.GenericSchema, command)).toEqual(command);
  });

  it('reports every invalid field', () => {
    for (const place of places) {
      for (const wrong of [Symbol('wrong'), null, 17n, () => 'wrong']) {
        expect(pathsIn(place.with(wrong))).toEqual([place.path]);
      }
    }
  });

  it('reports what each missing field should have been', () => {
    for (const path of requiredFields[type]) {
      const place = places.find((candidate) => candidate.path === path);
      const [fault] = faultsIn(place?.without());
      expect(fault).toEqual({ path, expected: expect.stringMatching(/^[a-z]/), found: 'missing' });
    }
  });

  it('reports every missing field and nothing else', () => {
    const missed = places.filter((place) => !/[.[]/.test(place.path) && pathsIn(place.without()).length > 0);
    expect(missed.map(({ path }) => path).sort()).toEqual([...requiredFields[type]].sort());
    for (const place of missed) expect(pathsIn(place.without())).toEqual([place.path]);
  });

  it('reports every unknown field, at any depth', () => {
    const objects = places.filter(({ value }) => typeof value === 'object' && !Array.isArray(value));
    for (const name of ['surprise', 'constructor', '__proto__', 'toString']) {
      const more = JSON.parse(`{ "${name}": 1 }`) as object;
      expect(pathsIn(merged(command, more))).toEqual([name]);
      for (const { path, value, with: withThere } of objects) {
        expect(pathsIn(withThere(merged(value as object, more)))).toEqual([`${path}.${name}`]);
      }
    }
  });

  it('refuses hostile amounts and ids in any field', () => {
    for (const place of places) {
      if (/amount$/i.test(place.path)) {
        for (const { amount } of hostileAmounts.filter(({ amount }) => amount !== undefined)) {
          expect(pathsIn(place.with(amount))).toEqual([place.path]);
        }
      }
      if (/^id$|Id$/.test(place.path) && !/^(item|metadata)\./.test(place.path)) {
        for (const { id } of badIds) expect(pathsIn(place.with(id))).toEqual([place.path]);
      }
    }
  });
});

/** Merges the own fields of both objects, including `__proto__`. */
function merged(one: object, two: object): object {
  return Object.fromEntries([...Object.entries(one), ...Object.entries(two)]);
}

describe('commandSchemas', () => {
  it('knows every command, and no name inherited from Object', () => {
    expect(Object.keys(schemas).sort()).toEqual([...types].sort());
    for (const name of ['constructor', 'toString', '__proto__']) expect(schemas[name]).toBeUndefined();
  });

  it('writes amounts with the decimals of the currency', () => {
    const amountIn = (digits: number, amount: string) =>
      v.safeParse(commandSchemas(digits).CancelFee as v.GenericSchema, { ...wholeCommands.CancelFee, amount })
        .output;
    expect([amountIn(0, '5'), amountIn(2, '5'), amountIn(2, '5.1'), amountIn(3, '5')]).toMatchObject(
      ['5', '5.00', '5.10', '5.000'].map((amount) => ({ amount })),
    );
    expect(
      v.is(commandSchemas(0).CancelFee as v.GenericSchema, { ...wholeCommands.CancelFee, amount: '5.0' }),
    ).toBe(false);
  });
});

describe('an age', () => {
  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '30'])('is refused when it is %s', (minimumAgeDays) => {
    const eligible = { fees: { minimumAgeDays } };
    expect(pathsIn({ ...wholeCommands.TransferFees, eligible })).toEqual(['eligible.fees.minimumAgeDays']);
  });

  it('is reported as expected to be a number of days', () => {
    const eligible = { fees: { minimumAgeDays: -1 } };
    expect(faultsIn({ ...wholeCommands.TransferFees, eligible })).toMatchObject([
      { expected: 'a number of days, 0 or more' },
    ]);
  });
});

describe('a literal field', () => {
  it('is reported with the allowed values', () => {
    expect(faultsIn({ ...wholeCommands.ResolveDispute, outcome: 'maybe' })).toMatchObject([
      { path: 'outcome', expected: 'one of feeStands, withdrawn, patronUpheld' },
    ]);
  });
});

describe('a fine', () => {
  const { total, ends, ...fine } = wholeCommands.AccrueFine;

  it('needs a total unless it ends', () => {
    expect(faultsIn(fine)).toEqual([
      {
        path: 'total',
        expected: 'an amount, unless the command ends the fine without a new total',
        found: 'missing',
      },
    ]);
    expect(
      [
        { ...fine, total },
        { ...fine, ends },
      ].map(faultsIn),
    ).toEqual([[], []]);
  });

  it('has its own id, because each report of it is a separate command', () => {
    expect(faultsIn({ ...fine, total, id: fine.feeId })).toEqual([
      { path: 'feeId', expected: 'another id than that of the command', found: 'an id' },
    ]);
  });
});

describe('instalments', () => {
  const { AgreePaymentPlan } = wholeCommands;
  const due = (...days: readonly string[]) =>
    faultsIn({ ...AgreePaymentPlan, instalments: days.map((dueOn) => ({ dueOn, amount: '1.00' })) }).map(
      ({ path, expected }) => [path, expected],
    );

  it('are at least one', () => {
    expect(due()).toEqual([['instalments', 'at least one']]);
    expect(due('2026-04-01')).toEqual([]);
  });

  it('are each due on a later day than the one before', () => {
    const later = [['instalments', 'each on a later day than the one before']];
    expect(due('2026-04-01', '2026-04-02', '2026-04-03')).toEqual([]);
    expect(due('2026-04-01', '2026-04-01')).toEqual(later);
    expect(due('2026-04-01', '2026-05-01', '2026-04-30')).toEqual(later);
  });
});

describe('the fee for a shortfall', () => {
  it('has a type of the policy, and the fault says so', () => {
    const shortfallFee = { feeId: 'f9' };
    expect(faultsIn({ ...wholeCommands.ReversePayment, shortfallFee })).toEqual([
      {
        path: 'shortfallFee.feeType',
        expected: expect.stringMatching(/^one of the policy's fee types/),
        found: 'missing',
      },
    ]);
  });
});

describe('metadata', () => {
  it('may be any text', () => {
    const metadata = { correlationId: '', causationId: 'x'.repeat(1_000) };
    expect(faultsIn({ ...wholeCommands.DisputeFee, metadata })).toEqual([]);
  });
});

describe('lists', () => {
  const { WaiveFees, ReturnLostItem, ReceivePayment, ApplyCredit } = wholeCommands;
  const { feeIds, order, ...applied } = ApplyCredit;

  it('must not be empty when they name the rows of a command', () => {
    const empty = [
      { ...WaiveFees, fees: [] },
      { ...ReturnLostItem, feeIds: [] },
      { ...applied, allocations: [] },
    ];
    expect(empty.map((command) => faultsIn(command).map(({ path, expected }) => [path, expected]))).toEqual([
      [['fees', 'at least one']],
      [['feeIds', 'at least one']],
      [['allocations', 'at least one']],
    ]);
  });

  it('of allocations may be empty: the whole payment becomes a credit', () => {
    expect(faultsIn({ ...ReceivePayment, allocations: [] })).toEqual([]);
  });

  it('must not repeat an entry', () => {
    const twice = [
      { ...WaiveFees, fees: [{ feeId: 'f1' }, { feeId: 'f1', amount: '1' }] },
      { ...ReturnLostItem, feeIds: ['f1', 'f2', 'f1'] },
      { ...applied, allocations: ['1', '2'].map((amount) => ({ feeId: 'f1', amount })) },
    ];
    expect(twice.map((command) => faultsIn(command).map(({ path, expected }) => [path, expected]))).toEqual([
      [['fees', 'each named once']],
      [['feeIds', 'each named once']],
      [['allocations', 'each named once']],
    ]);
  });
});

describe('combinations of fields', () => {
  const { ReceivePayment, ApplyCredit, ReturnLostItem, ResolveDispute, TransferFees, IssueCredit } =
    wholeCommands;
  const { eligible, ...transfer } = TransferFees;
  const { remedy, ...dispute } = ResolveDispute;
  const { feeIds, ...returned } = ReturnLostItem;
  const { allocations } = ReceivePayment;

  it.each([
    ['allocations beside named fees', { ...ReceivePayment, feeIds: ['f1'] }, 'allocations', 'object'],
    ['allocations beside an order', { ...ReceivePayment, order: 'evenly' }, 'allocations', 'object'],
    ['allocations of a credit beside both', { ...ApplyCredit, allocations }, 'allocations', 'object'],
    ['fees beside a loan', { ...ReturnLostItem, loanId: 'loan' }, 'feeIds', 'object'],
    ['neither fees nor a loan', returned, 'feeIds', 'missing'],
    ['no remedy for a patron who was right', dispute, 'remedy', 'missing'],
    ['a remedy for an upheld fee', { ...ResolveDispute, outcome: 'feeStands' }, 'remedy', 'waive'],
    ['nothing to transfer', transfer, 'eligible', 'missing'],
    [
      'fees by name beside all that is eligible',
      { ...TransferFees, fees: [{ feeId: 'f1' }] },
      'eligible',
      'object',
    ],
    ['credits by name beside it', { ...TransferFees, credits: [{ creditId: 'c1' }] }, 'eligible', 'object'],
    ['money by hand', { ...IssueCredit, cause: 'manual' }, 'purpose', 'refundable'],
  ])('are refused if they exclude each other: %s', (_name, command, path, found) => {
    const expected = {
      allocations: 'no feeIds and no order beside allocations',
      feeIds: 'either feeIds or loanId',
      remedy: 'waive or cancel with the outcome patronUpheld, nothing with another',
      eligible: 'either fees and credits by name, or all that is eligible',
      purpose: 'goodwill, or nothing, with the cause manual',
    }[path];
    expect(faultsIn(command)).toEqual([{ path, expected, found }]);
  });

  it.each([
    [
      'fees of a payment and an order',
      { ...ReceivePayment, allocations: undefined, feeIds: ['f1'], order: 'evenly' },
    ],
    ['a loan', { ...returned, loanId: 'loan' }],
    ['an upheld fee without a remedy', { ...dispute, outcome: 'feeStands' }],
    ['fees and credits by name', { ...transfer, fees: [{ feeId: 'f1' }], credits: [{ creditId: 'c1' }] }],
    ['goodwill by hand', { ...IssueCredit, cause: 'manual', purpose: 'goodwill' }],
    ['imported goodwill', { ...IssueCredit, purpose: 'goodwill' }],
  ])('are accepted if they do not exclude each other: %s', (_name, command) => {
    expect(faultsIn(JSON.parse(JSON.stringify(command)))).toEqual([]);
  });

  it('are checked only when each field is valid by itself', () => {
    expect(pathsIn({ ...ReturnLostItem, loanId: 5 })).toEqual(['loanId']);
  });
});
