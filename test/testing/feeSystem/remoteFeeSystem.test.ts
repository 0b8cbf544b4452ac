import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { remoteFeeSystem, shownReply } from '../../../src/testing/feeSystem/remoteFeeSystem.js';

const policy = definePolicy({ currency: 'USD' });
const description = { id: 1, protocol: 1, name: 'test', capabilities: ['dispute'] };
const close = async () => {};

describe('a remote fee system', () => {
  it('has the functions of its capabilities, and no others', async () => {
    const asked: unknown[] = [];
    const system = await remoteFeeSystem(
      async (message) => {
        asked.push(message);
        return message.do === 'describe' ? description : { ok: true, accepted: true, balances: { fees: [] } };
      },
      policy,
      close,
    );
    const one = await system.open();
    expect(Object.keys(one)).toEqual(['assess', 'pay', 'dispute', 'restore', 'balances']);
    await one.dispute?.({ id: 'd1', feeId: 'f1' });
    expect(asked).toEqual([
      { do: 'describe' },
      { do: 'reset', policy },
      { do: 'dispute', request: { id: 'd1', feeId: 'f1' } },
    ]);
  });

  it('is refused if it declares an unknown capability, which would not be tested', async () => {
    const misspelt = { ...description, capabilities: ['dispute', 'wavie'] };
    await expect(remoteFeeSystem(async () => misspelt, policy, close)).rejects.toThrow(
      /^INVALID_ARGUMENT: capabilities\[1\]: expected one of paySeveralFees, .*, found wavie; did you mean waive\?$/,
    );
  });

  it('must answer a reset with true', async () => {
    const system = await remoteFeeSystem(
      async (message) => (message.do === 'describe' ? description : { ok: 'yes' }),
      policy,
      close,
    );
    await expect(system.open()).rejects.toThrow('ok: expected true, found yes');
  });

  it('names the expected field where a reply misspells it', async () => {
    const { capabilities, ...rest } = description;
    const misspelt = async () => ({ ...rest, capabilites: capabilities });
    await expect(remoteFeeSystem(misspelt, policy, close)).rejects.toThrow(
      'the reply to describe: expected the field capabilities, found capabilites',
    );
    const replies: Readonly<Record<string, object>> = {
      describe: description,
      reset: { id: 2, ok: true },
      assess: { id: 3, acepted: true },
      balances: { id: 4, balance: { fees: [] } },
    };
    const system = await remoteFeeSystem(async (message) => replies[message.do], policy, close);
    const one = await system.open();
    await expect(one.assess({} as never)).rejects.toThrow(
      'the reply to assess: expected the field accepted, found acepted',
    );
    await expect(one.balances()).rejects.toThrow(
      'the reply to balances: expected the field balances, found balance',
    );
  });

  it.each([
    [{ ...description, protocol: 2 }],
    [{ ...description, name: undefined }],
    [{ ...description, capabilities: 'dispute' }],
    [null],
  ])('is refused if it describes itself as %j', async (reply) => {
    await expect(remoteFeeSystem(async () => reply, policy, close)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('quotes a reply, shortened', () => {
    expect(shownReply(undefined)).toBe('nothing');
    expect(shownReply('x'.repeat(300))).toBe(`${'x'.repeat(200)}…`);
    expect(shownReply({ id: 1 })).toBe('{"id":1}');
  });
});
