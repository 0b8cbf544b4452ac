import * as v from 'valibot';
import { expect, it } from 'vitest';
import { definePolicy } from '../../src/index.js';
import { circumstancesOf, decideOffice } from '../../src/institution/officeDecision.js';

type Command = {
  readonly id: string;
  readonly at: string;
  readonly by: { readonly channel: 'desk'; readonly userId: string };
  readonly comment?: string;
  readonly amount: string;
};

const command: Command = {
  id: 'c1',
  at: '2026-03-02T09:00:00Z',
  by: { channel: 'desk', userId: 'ana' },
  amount: '5',
};

const rules = {
  schema: v.looseObject({ id: v.string(), amount: v.string() }),
  canonicalOf: (read: Command, digits: number) =>
    read.amount === ''
      ? { faults: [{ path: 'amount', expected: 'an amount', found: "''" }] }
      : { ...read, digits },
  decide: (read: Command, context: object) =>
    read.amount === '9' ? { type: 'TooMuch' } : { data: { ...circumstancesOf(read), context } },
};

const empty = { currency: null, commands: new Map<string, string>() };
const dollars = definePolicy({ currency: 'USD' });

function decided(given: unknown, state: Parameters<typeof decideOffice>[1] = empty) {
  return decideOffice<Command, { readonly data: { readonly context: object } }, { readonly type: string }>(
    given as Command,
    state,
    dollars,
    rules,
  );
}

/** The state after the command. */
function stateAfter(): { readonly currency: string; readonly commands: ReadonlyMap<string, string> } {
  const { events } = decided(command);
  const { metadata } = (events[0] as { data: { context: object } }).data.context as {
    readonly metadata: { readonly commandDigest: string };
  };
  return { currency: 'USD', commands: new Map([['c1', metadata.commandDigest]]) };
}

it('returns the event, or the refusal of the own rules', () => {
  expect(decided({ ...command, comment: 'two rolls' })).toMatchObject({
    accepted: true,
    events: [{ data: { at: command.at, by: command.by, comment: 'two rolls', context: { digits: 2 } } }],
  });
  expect(decided({ ...command, amount: '9' })).toEqual({
    accepted: false,
    events: [],
    rejection: { type: 'TooMuch' },
  });
});

it('refuses a malformed command, and one with an invalid amount', () => {
  for (const [given, path] of [
    [{ ...command, amount: 5 }, 'amount'],
    [{ ...command, amount: '' }, 'amount'],
    [null, ''],
  ])
    expect(decided(given)).toMatchObject({ rejection: { type: 'InvalidOfficeCommand', faults: [{ path }] } });
});

it('accepts a repeat at another time, by another person and with another comment, before it compares currencies', () => {
  const again = {
    ...command,
    at: '2027-01-01T00:00:00Z',
    by: { channel: 'desk', userId: 'ben' },
    comment: 'x',
  };
  expect(decided(again, { ...stateAfter(), currency: 'EUR' })).toEqual({ accepted: true, events: [] });
  expect(decided({ ...command, amount: '6' }, { ...stateAfter(), currency: 'EUR' })).toMatchObject({
    rejection: { type: 'OfficeIdAlreadyUsed', id: 'c1' },
  });
  expect(decided({ ...command, id: 'c2' }, { ...stateAfter(), currency: 'EUR' })).toMatchObject({
    rejection: { type: 'OfficeInOtherCurrency', recordedCurrency: 'EUR', policyCurrency: 'USD' },
  });
});
