import { describe, expect, it, vi } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { feeSystemConformance, processFeeSystem } from '../../../src/testing/index.js';

const describes = "if (name === 'describe') return { protocol: 1, name: 'test', capabilities: [] };";
const resets = "if (name === 'reset') return { ok: true };";

/** Starts a program that replies to messages with the result of `reply(name, request, policy)`. */
const started = (body: string, options = {}) =>
  processFeeSystem(
    process.execPath,
    [
      '-e',
      `const reply = async (name, request, policy) => { ${body} };
       require('node:readline').createInterface(process.stdin).on('line', async (line) => {
         const { id, do: name, request, policy } = JSON.parse(line);
         const found = await reply(name, request, policy);
         if (found !== undefined) process.stdout.write(typeof found === 'string' ? found : JSON.stringify({ id, ...found }) + '\\n');
       });`,
    ],
    { replyTimeoutMs, ...options },
  );

/** As long as any machine needs to start a program. */
const replyTimeoutMs = 600_000;

const fee = {
  id: 'f1',
  feeType: 'OTHER',
  lostItem: false,
  refundPercent: 0,
  amount: '1.00',
  currency: 'USD',
};

describe('a fee system in another process', () => {
  it('gets the policy and the requests, and answers', async () => {
    const policy = definePolicy({ currency: 'JPY' });
    const system = await started(
      `${describes} if (name === 'reset') { globalThis.given = policy; return { ok: true }; }
       if (name === 'assess') return { accepted: false, reason: request.id + globalThis.given.currency };
       return { balances: { fees: [{ feeId: 'f1', owed: '1' }] } };`,
      { policy },
    );
    expect(system.description).toEqual({ protocol: 1, name: 'test', capabilities: [] });
    const one = await system.open();
    expect(await one.assess(fee)).toMatchObject({ accepted: false, reason: 'f1JPY' });
    expect(await one.balances()).toEqual({ fees: [{ feeId: 'f1', owed: '1' }] });
    await system.close();
    await system.close();
  });

  it('may answer in any order, in pieces, and with letters of several bytes', async () => {
    const system = await started(
      `${describes} ${resets}
       if (name === 'assess') { await new Promise((done) => setTimeout(done, request.id === 'slow' ? 50 : 0)); return { accepted: true, reason: 'für ' + request.id + ' 📚' }; }`,
    );
    const one = await system.open();
    const answers = await Promise.all([one.assess({ ...fee, id: 'slow' }), one.assess(fee)]);
    expect(answers.map(({ reason }) => reason)).toEqual(['für slow 📚', 'für f1 📚']);
    await system.close();
  });

  it.each([
    [
      'ends',
      "console.error('out of coffee'); process.exit(3);",
      'the process ended (code 3); it reported: out of coffee',
    ],
    ['reports an error', "return { error: 'no database' };", 'no database'],
    ['writes something else', "return 'Hello\\n';", 'it wrote a line that replies to no message: Hello'],
    [
      'replies to no message',
      'return \'{"id":99}\\n\';',
      'it wrote a line that replies to no message: {"id":99}',
    ],
    [
      'replies with a text as id',
      'return \'{"id":"3","accepted":true}\\n\';',
      'it wrote a line that replies to no message: expected the number 3 as id, found {"id":"3","accepted":true}',
    ],
    ['replies with null', "return 'null\\n';", 'it wrote a line that replies to no message: null'],
    [
      'replies with something else',
      'return { yes: 1 };',
      'the reply to assess: expected the field accepted, found {"id":3,"yes":1}',
    ],
  ])('that %s has failed; the next story starts it again', async (_, body, message) => {
    const system = await started(
      `${describes} ${resets} if (request.id === 'f1') { ${body} } return { accepted: true };`,
    );
    const one = await system.open();
    await expect(one.assess(fee)).rejects.toThrow(message);
    const next = await system.open();
    expect(await next.assess({ ...fee, id: 'f2' })).toMatchObject({ accepted: true });
    await system.close();
  });

  it('that does not reply has failed, and is ended', async () => {
    const system = await started(`${describes} ${resets} if (name === 'assess') while (true) {}`);
    const one = await system.open();
    // The time of this message alone is over at once: the program may need any time to start.
    const { setTimeout } = globalThis;
    const timers = vi.spyOn(globalThis, 'setTimeout').mockImplementationOnce(((
      end: () => void,
      ms: number,
    ) => {
      expect(ms).toBe(replyTimeoutMs);
      return setTimeout(end, 0);
    }) as never);
    const answer = one.assess(fee);
    timers.mockRestore();
    await expect(answer).rejects.toThrow('no reply to assess within 600000 ms');
    expect(await system.open()).toBeTypeOf('object');
    await system.close();
  });

  it('is compared like any other system: the story shows the failure', async () => {
    const system = await started(
      `${describes} ${resets} if (name === 'assess') process.exit(1); return { accepted: true };`,
    );
    const [first] = feeSystemConformance(system.open, { capabilities: [], runs: 2, seed: 1 });
    const message = await first?.run().catch((error: Error) => error.message);
    expect(message).toContain('failed: the process ended (code 1)');
    await system.close();
  });

  it('is refused if it does not speak the protocol', async () => {
    const nothing = processFeeSystem('/nowhere/fees');
    await expect(nothing).rejects.toThrow('/nowhere/fees cannot be started');
    await expect(started('return { protocol: 2 };')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(started('return { protocol: 2 };')).rejects.toThrow('found {"id":1,"protocol":2}');
    await expect(started(describes, { replyTimeoutMs: 0 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    const odd = "return { protocol: 1, name: 'odd', capabilities: ['refund'] };";
    await expect(started(odd)).rejects.toThrow('capabilities: refund shows only with cancel');
  });
});
