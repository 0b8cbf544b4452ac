import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Command, CommandOf } from '../../../src/account/commands/command.js';
import { entriesOf, fieldsByCommand, parseCommand } from '../../../src/account/commands/parseCommand.js';
import type { Fault } from '../../../src/errors.js';
import { anything } from '../../../src/testing/arbitraries/anything.js';
import { badIds, hostileAmounts } from '../../support/hostile.js';
import { LAW_TIMEOUT_MS, seeded } from '../../support/seeded.js';
import { placesIn, requiredFields, wholeCommands } from '../../support/wholeCommands.js';

const at = '2026-03-02T09:00:00Z';
const waive = { type: 'WaiveFees', id: 'w1', at, reason: 'OTHER', fees: [{ feeId: 'f1', amount: '2.5' }] };
const all = Object.values(wholeCommands);

/** The command in canonical form; throws if it is invalid. */
function parsed(input: unknown, digits = 2): Command {
  const result = parseCommand(input, digits);
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return result.command;
}

/** The command after a round trip through JSON. */
function throughJson(command: Command): string {
  return JSON.stringify(parsed(JSON.parse(JSON.stringify(command))));
}

/** The faults of an invalid command. */
function faultsOf(input: unknown): readonly Pick<Fault, 'path' | 'expected' | 'found'>[] {
  return codedFaultsOf(input).map(({ path, expected, found }) => ({ path, expected, found }));
}

/** The same with their codes and parameters. */
function codedFaultsOf(input: unknown): readonly Fault[] {
  const result = parseCommand(input, 2);
  if ('command' in result) throw new Error(JSON.stringify(result.command));
  return result.faults;
}

const aCommand = `the name of a command, one of ${Object.keys(wholeCommands).join(', ')}`;

const unreadable = { path: '', expected: 'a command that can be read', found: 'object' };

class WaiverForm {
  readonly type = 'WaiveFees';
  readonly id = 'w1';
  readonly at = at;
  readonly reason = 'OTHER';
  readonly fees = [{ feeId: 'f1', amount: '2.5' }];
  readonly #secret = 'what is private is no field';
  get secret(): string {
    return this.#secret;
  }
}

describe('parseCommand', () => {
  it.each(all)('returns a canonical $type unchanged, as a copy', (command) => {
    const result = parsed(command);
    expect(result).toEqual(command);
    expect(result).not.toBe(command);
  });

  it('converts amounts to canonical form, with the decimals of the currency', () => {
    expect(parsed(waive)).toEqual({ ...waive, fees: [{ feeId: 'f1', amount: '2.50' }] });
    expect(parsed(waive, 3)).toEqual({ ...waive, fees: [{ feeId: 'f1', amount: '2.500' }] });
    expect(parsed({ ...waive, fees: [{ feeId: 'f1', amount: '2' }] }, 0)).toMatchObject({
      fees: [{ amount: '2' }],
    });
  });

  it('drops undefined fields at any depth', () => {
    const fees = [{ feeId: 'f1', amount: undefined }];
    const command = parsed({ ...waive, fees, comment: undefined, by: { channel: 'desk', desk: undefined } });
    expect(JSON.stringify(command)).toBe(
      JSON.stringify({
        type: 'WaiveFees',
        id: 'w1',
        at,
        by: { channel: 'desk' },
        reason: 'OTHER',
        fees: [{ feeId: 'f1' }],
      }),
    );
    expect(Object.keys((command as CommandOf<'WaiveFees'>).fees[0] as object)).toEqual(['feeId']);
  });

  it('refuses undefined in a list', () => {
    expect(faultsOf({ ...waive, fees: [undefined] })).toEqual([expect.objectContaining({ path: 'fees[0]' })]);
  });

  it.each([
    [null, 'null'],
    [undefined, 'undefined'],
    ['WaiveFees', 'WaiveFees'],
    ['On pain', 'a string of 7 characters'],
    [17, '17'],
    [true, 'true'],
    [Symbol('x'), 'symbol'],
    [() => waive, 'function'],
    [{}, 'missing'],
    [[], 'missing'],
    [[waive], 'missing'],
    [new Map(), 'missing'],
  ])('refuses %s, which is not a command', (input, found) => {
    expect(faultsOf(input)).toEqual([{ path: 'type', expected: aCommand, found }]);
  });

  it.each([
    ['WaiveFee', 'WaiveFee'],
    ['waivefees', 'waivefees'],
    ['', 'a string of 0 characters'],
    ['constructor', 'a string of 11 characters'],
    ['__proto__', 'a string of 9 characters'],
    ['toString', 'a string of 8 characters'],
    ['x'.repeat(10_000), 'a string of 10000 characters'],
    [17, '17'],
    [['WaiveFees'], 'object'],
    [null, 'object'],
  ])('refuses the type %s', (type, found) => {
    expect(faultsOf({ ...waive, type })).toEqual([{ path: 'type', expected: aCommand, found }]);
  });

  it('reports every fault', () => {
    expect(
      faultsOf({ type: 'WaiveFees', id: '', at: 'now', fees: [{}], surprise: 1 }).map(({ path }) => path),
    ).toEqual(['id', 'at', 'reason', 'fees[0].feeId', 'surprise']);
  });

  it.each(hostileAmounts.filter(({ amount }) => amount !== undefined))(
    'refuses the hostile amount $name',
    ({ amount }) => {
      expect(faultsOf({ ...waive, fees: [{ feeId: 'f1', amount }] })).toEqual([
        {
          path: 'fees[0].amount',
          expected:
            'a positive decimal string with at most 2 decimals and 12 digits in minor units, such as "5.00"',
          found: expect.any(String),
        },
      ]);
    },
  );

  it.each(badIds)('refuses $name as the id of a command and of the rows that it names', ({ id }) => {
    expect(faultsOf({ ...waive, id, fees: [{ feeId: id }] }).map(({ path }) => path)).toEqual([
      'id',
      'fees[0].feeId',
    ]);
  });

  it('does not accept a date, map or boxed value as an object or a text', () => {
    const wrong = [
      new Date(0),
      new Map(),
      new Set(),
      new String('x'),
      /x/,
      new Uint8Array(1),
      Promise.resolve(),
    ];
    for (const place of all.flatMap((command) => placesIn(command))) {
      for (const value of wrong)
        expect(faultsOf(place.with(value)).map(({ path }) => path)).toEqual([place.path]);
    }
  });

  it('reads an instance of a class by its fields, as if it came from JSON', () => {
    expect(parsed(new WaiverForm())).toEqual(parsed(waive));
  });

  it('accepts a command from another realm', () => {
    for (const command of all) {
      const foreign: unknown = runInNewContext(`(${JSON.stringify(command)})`);
      expect(parsed(foreign)).toEqual(command);
    }
  });

  it('accepts a frozen command, and one without a prototype', () => {
    const frozen = Object.freeze({ ...waive, fees: Object.freeze(waive.fees.map(Object.freeze)) });
    expect(parsed(frozen)).toEqual(parsed(waive));
    expect(parsed(Object.assign(Object.create(null), waive))).toEqual(parsed(waive));
  });

  it('ignores inherited fields', () => {
    expect(faultsOf(Object.create(waive))).toEqual([expect.objectContaining({ path: 'type' })]);
    const [fault] = faultsOf({ ...waive, fees: [Object.create({ feeId: 'f1' })] });
    expect(fault?.path).toBe('fees[0].feeId');
  });

  it('ignores symbol keys and non-enumerable fields', () => {
    const command = Object.defineProperty({ ...waive, [Symbol('x')]: 1 }, 'hidden', {
      value: 1,
      enumerable: false,
    });
    expect(parsed(command)).toEqual(parsed(waive));
  });

  it('reads each field once, so that it cannot change between reads', () => {
    let reads = 0;
    const shifty = {
      ...waive,
      get reason() {
        reads += 1;
        return reads === 1 ? 'OTHER' : 17;
      },
    };
    expect(parsed(shifty)).toEqual(parsed(waive));
    expect(reads).toBe(1);
  });

  describe('while a program gives every object a field', () => {
    const parsedWith = (value: unknown) => {
      const field = { value, enumerable: true, configurable: true, writable: true };
      Object.defineProperty(Object.prototype, 'surprise', field);
      try {
        return parseCommand(waive, 2);
      } finally {
        Reflect.deleteProperty(Object.prototype, 'surprise');
      }
    };

    it('refuses every command, since the schemas find the field, too', () => {
      expect(parsedWith('x')).toMatchObject({ faults: [{ code: 'readable' }] });
    });

    it('parses commands with the schemas if they can be read', () => {
      expect(parsedWith(v.exactOptional(v.string()))).toEqual(parseCommand(waive, 2));
    });
  });

  it('refuses an object that throws when read', () => {
    const trap = () => {
      throw new Error('never');
    };
    const throwing = [
      Object.defineProperty({ ...waive }, 'comment', { get: trap, enumerable: true }),
      { ...waive, fees: [Object.defineProperty({}, 'feeId', { get: trap, enumerable: true })] },
      new Proxy(waive, { get: trap }),
      new Proxy(waive, { ownKeys: trap }),
      { ...waive, by: new Proxy({}, { getOwnPropertyDescriptor: trap, ownKeys: () => ['channel'] }) },
    ];
    for (const input of throwing) expect(faultsOf(input)).toEqual([unreadable]);
    const sayer = {
      get type() {
        throw 'SECRETTITLE';
      },
    };
    expect(faultsOf(sayer)).toEqual([{ ...unreadable, found: 'a text that was thrown' }]);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(faultsOf(proxy)).toEqual([unreadable]);
  });

  it('refuses endless structures', () => {
    const cyclic: Record<string, unknown> = { ...waive };
    cyclic.by = cyclic;
    let deep: unknown = 'the bottom';
    for (let depth = 0; depth < 100_000; depth++) deep = { deep };
    const list: unknown[] = [];
    list.push(list);
    for (const input of [cyclic, { ...waive, by: deep }, { ...waive, fees: list }]) {
      expect(faultsOf(input)).toEqual([unreadable]);
    }
  });

  it('refuses sparse lists of any claimed length, without iterating over them', () => {
    for (const fees of [new Array(2 ** 32 - 1), new Array(1), Object.assign([], { 3: { feeId: 'f1' } })]) {
      expect(faultsOf({ ...waive, fees })).toEqual([expect.objectContaining({ path: 'fees' })]);
    }
  });

  it('never changes its argument', () => {
    for (const command of all) {
      const input = structuredClone(command);
      parsed(input);
      expect(input).toEqual(command);
    }
    const loose = structuredClone(waive);
    parsed(loose);
    expect(loose).toEqual(waive);
  });

  it('is idempotent: parsing a result returns it again', () => {
    for (const command of [...all, waive]) expect(parsed(parsed(command))).toEqual(parsed(command));
  });

  it(
    'never throws, whatever value a field has, and returns plain JSON or a path',
    () => {
      const places = all.flatMap((command) => placesIn(command));
      fc.assert(
        fc.property(fc.constantFrom(...places), anything(fc), (place, make) => {
          const result = parseCommand(place.with(make()), 2);
          if ('command' in result) expect(throughJson(result.command)).toBe(JSON.stringify(result.command));
          else expect(result.faults.length).toBeGreaterThan(0);
        }),
        seeded('parseCommand never throws'),
      );
    },
    LAW_TIMEOUT_MS,
  );
});

describe('entriesOf', () => {
  it('returns the entries of a list, including undefined ones', () => {
    expect(entriesOf([1, undefined, null])).toEqual([1, undefined, null]);
    expect(entriesOf([])).toEqual([]);
  });

  it('returns nothing for a sparse list, or one with extra properties', () => {
    expect(entriesOf(new Array(3))).toBeUndefined();
    expect(entriesOf(Object.assign([1], { name: 'x' }))).toBeUndefined();
  });
});

describe('the faults of a command', () => {
  const secret = 'SECRETTITLE';
  const wrong = [secret, { title: secret }, [secret], ` ${secret}`, `${secret}\0`, secret.repeat(50)];
  const everyFault = all.flatMap((command) =>
    placesIn(command).flatMap((place) =>
      wrong.flatMap((value) => {
        const result = parseCommand(place.with(value), 2);
        return 'faults' in result ? result.faults : [];
      }),
    ),
  );

  it('tell type and length of a text, and never the text', () => {
    expect(everyFault.length).toBeGreaterThan(1_000);
    expect(everyFault.filter((fault) => JSON.stringify(fault).includes(secret.slice(0, 5)))).toEqual([]);
    const [fault] = codedFaultsOf({ ...waive, at: secret });
    expect(fault).toEqual({
      path: 'at',
      expected: 'an ISO 8601 date and time with a zone',
      found: 'a string of 11 characters',
      code: 'instant',
      parameters: { length: 11 },
    });
  });

  it('do not tell numbers where free text belongs: they are barcodes', () => {
    const { AssessFee } = wholeCommands;
    const item = { barcode: 39_001_234, title: 39_001_234 };
    const faults = codedFaultsOf({ ...AssessFee, item, comment: 39_001_234, reason: 39_001_234 });
    expect(faults.map(({ path }) => path).sort()).toEqual([
      'comment',
      'item.barcode',
      'item.title',
      'reason',
    ]);
    expect(JSON.stringify(faults)).not.toContain('39001234');
  });

  it('show amounts and times that are nearly right, and misspelt words of a list', () => {
    const { ReceivePayment } = wholeCommands;
    const found = (fields: object) => faultsOf({ ...ReceivePayment, ...fields })[0]?.found;
    expect(found({ amount: '12,50' })).toBe('"12,50"');
    expect(found({ amount: 5 })).toBe('5');
    expect(found({ at: '2026-02-30T09:00:00Z' })).toBe('"2026-02-30T09:00:00Z"');
    expect(found({ overpayment: 'Credits' })).toBe('"Credits"');
    const [fault] = codedFaultsOf({ ...ReceivePayment, overpayment: 'Credits' });
    expect(fault?.parameters).toEqual({ options: ['refuse', 'credit'], nearest: 'credit' });
    const [typed] = codedFaultsOf({ ...ReceivePayment, type: 'RecievePayment' });
    expect(typed).toMatchObject({
      found: 'RecievePayment',
      code: 'command',
      parameters: { nearest: 'ReceivePayment' },
    });
  });

  it('have a code, so that each can be translated', () => {
    expect(everyFault.filter(({ code }) => code === undefined)).toEqual([]);
    const missing = all.flatMap((command) =>
      placesIn(command).flatMap((place) => {
        const result = parseCommand(place.without(), 2);
        return 'faults' in result ? result.faults : [];
      }),
    );
    expect(missing.filter(({ code }) => code === undefined)).toEqual([]);
    const others = [null, { ...waive, type: 7 }, { ...waive, surprise: 1 }, { ...waive, fees: [] }];
    for (const input of others) expect(codedFaultsOf(input).map(({ code }) => code)).not.toContain(undefined);
  });
});

/** Fields that exclude another field that the complete command has. */
const excluded = [
  'ReceivePayment.feeIds',
  'ReceivePayment.order',
  'ReturnLostItem.loanId',
  'TransferFees.fees',
  'TransferFees.credits',
  'ApplyCredit.allocations',
];

describe('fieldsByCommand', () => {
  it('has exactly the known commands', () => {
    expect(Object.keys(fieldsByCommand).sort()).toEqual(Object.keys(wholeCommands).sort());
  });

  it('has every field of the complete commands', () => {
    const common = ['type', 'id', 'at', 'by', 'approvedBy', 'reason', 'comment', 'staffNote', 'metadata'];
    for (const [type, command] of Object.entries(wholeCommands)) {
      const fields = Object.keys(fieldsByCommand[command.type]);
      const own = Object.keys(command).filter((field) => !common.includes(field));
      expect(fields, type).toEqual(expect.arrayContaining(own));
    }
  });

  it('has no field that is missing in the complete commands, unless another field excludes it', () => {
    const missing = Object.values(wholeCommands).flatMap((command) =>
      Object.keys(fieldsByCommand[command.type])
        .filter((field) => !(field in command))
        .map((field) => `${command.type}.${field}`),
    );
    expect(missing, 'add new fields to test/support/wholeCommands.ts').toEqual(excluded);
  });

  it('marks a field as required or optional', () => {
    expect(fieldsByCommand.CancelCredit).toEqual({
      creditId: 'required',
      amount: 'optional',
      forfeit: 'optional',
    });
  });

  it('has a reason only where the command needs one', () => {
    expect(requiredFields.WaiveFees).toContain('reason');
    expect(fieldsByCommand.WaiveFees.reason).toBe('required');
  });
});
