import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { execute, openAccount } from '../../src/history/execute.js';
import { loadAccount } from '../../src/history/loadAccount.js';
import { balancesInMinorUnits, type Command, decide, emptyAccount, fold } from '../../src/index.js';
import { assess, pay, policy } from '../support/account.js';
import { tried } from '../support/seeded.js';
import { slowStore, storeWith, stream, tickingStore, watched } from '../support/stores.js';
import { commandOf, moves, policies } from '../support/stories.js';

describe('a held account', () => {
  it("starts at its stream's version", async () => {
    const store = tickingStore();
    await execute(store, policy, stream, assess('f1', '10.00'));
    const held = await openAccount(store, policy, stream);
    expect(held.version).toBe(1);
    expect(held.account).toEqual((await loadAccount(store, stream)).account);
    expect(held.stream).toEqual(stream);
  });

  it('changes with every command; a copy does not', async () => {
    const held = await openAccount(tickingStore(), policy, stream);
    const { account } = held;
    const before = held.copy();
    const done = await held.execute(assess('f1', '10.00'));
    expect(done.account).toBe(account);
    expect(held.account).toBe(account);
    expect(balancesInMinorUnits(account).active).toBe(1000);
    expect(before).toEqual(emptyAccount());
    const copy = held.copy();
    await held.execute(pay('p1', '4.00'));
    expect([balancesInMinorUnits(copy).active, balancesInMinorUnits(account).active]).toEqual([1000, 600]);
  });

  it('reads nothing between its own commands', async () => {
    const { store, calls } = watched(tickingStore());
    const held = await openAccount(store, policy, stream);
    await held.execute(assess('f1', '10.00'));
    await held.execute([assess('f2', '10.00'), pay('p1', '4.00')]);
    expect(calls).toEqual(['read after 0', 'append 1 at 0', 'append 2 at 1']);
    expect(held.version).toBe(3);
  });

  it('reads only the new events if another writer was first, and decides again', async () => {
    const { store, calls } = watched(tickingStore());
    const held = await openAccount(store, policy, stream);
    await held.execute(assess('f1', '10.00'));
    await execute(store, policy, stream, assess('f2', '5.00'));
    calls.length = 0;
    const { version, account } = await held.execute(pay('p1', '15.00'));
    expect(version).toBe(3);
    expect(balancesInMinorUnits(account).active).toBe(0);
    // On the outdated account 15.00 is too much: before it rejects, it reads the new events.
    expect(calls).toEqual(['read after 1', 'append 1 at 2']);
  });

  it('never rejects on an outdated account', async () => {
    const store = tickingStore();
    const [one, other] = await Promise.all([
      openAccount(store, policy, stream),
      openAccount(store, policy, stream),
    ]);
    await one.execute(assess('f1', '10.00'));
    const { decision } = await other.execute(pay('p1', '10.00'));
    expect(decision.accepted).toBe(true);
    expect((await one.execute(pay('p2', '10.00'))).decision).toMatchObject({
      accepted: false,
      rejection: { type: 'PaymentExceedsOwed', owed: '0.00' },
    });
  });

  it('reads the events of others when it is refreshed', async () => {
    const store = tickingStore();
    const held = await openAccount(store, policy, stream);
    await execute(store, policy, stream, assess('f1', '10.00'));
    expect(held.version).toBe(0);
    expect(await held.refresh()).toEqual({ version: 1, account: held.account });
    expect(balancesInMinorUnits(held.account).active).toBe(1000);
    expect((await held.refresh()).version).toBe(1);
  });

  it('checks an expected version, even if its own is outdated', async () => {
    const store = tickingStore();
    const held = await openAccount(store, policy, stream);
    await execute(store, policy, stream, assess('f1', '10.00'));
    await expect(held.execute(pay('p1', '1.00'), { expectedVersion: 0 })).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
      details: { expected: 0, actual: 1 },
    });
    expect((await held.execute(pay('p1', '1.00'), { expectedVersion: 1 })).version).toBe(2);
  });

  it('keeps its stream if the caller changes the id object', async () => {
    const store = tickingStore();
    const mine = { ...stream };
    const held = await openAccount(store, policy, mine);
    mine.patronId = 'somebody else';
    await held.execute(assess('f1', '10.00'));
    expect((await store.read(stream)).version).toBe(1);
  });

  it('is refused for an invalid stream', async () => {
    await expect(openAccount(tickingStore(), policy, undefined as never)).rejects.toThrow();
    await expect(openAccount(tickingStore(), policy, { institution: 'x' } as never)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

describe('a held account stays consistent', () => {
  it('when an append fails', async () => {
    const store = tickingStore();
    let fails = true;
    const failing = storeWith(store, {
      append: async (...given) => {
        if (fails) throw new Error('disk full');
        return store.append(...given);
      },
    });
    const held = await openAccount(failing, policy, stream);
    await expect(held.execute(assess('f1', '10.00'))).rejects.toThrow('disk full');
    expect(held.account).toEqual(emptyAccount());
    fails = false;
    expect((await held.execute(assess('f1', '10.00'))).version).toBe(1);
    expect(held.account).toEqual((await loadAccount(store, stream)).account);
  });

  it('when an append was stored but its answer was lost', async () => {
    const store = tickingStore();
    let lost = true;
    const flaky = storeWith(store, {
      append: async (...given) => {
        const answer = await store.append(...given);
        if (!lost) return answer;
        lost = false;
        throw new Error('connection reset');
      },
    });
    const held = await openAccount(flaky, policy, stream);
    await expect(held.execute(assess('f1', '10.00'))).rejects.toThrow('connection reset');
    const again = await held.execute(assess('f1', '10.00'));
    expect(again).toMatchObject({ version: 1, decision: { accepted: true, events: [], repeats: {} } });
    expect((await store.read(stream)).version).toBe(1);
  });

  it('when others append an event that does not fold: it keeps the state before it, and throws each time', async () => {
    const store = tickingStore();
    const held = await openAccount(store, policy, stream);
    const { decision } = await held.execute(assess('f1', '10.00'));
    const [more] = decide(assess('f2', '5.00'), held.account, policy).events;
    await store.append(stream, [more, decision.events[0]] as never, { expectedVersion: 1 });
    for (const attempt of [
      () => held.refresh(),
      () => held.execute(assess('f3', '1.00')),
      () => held.refresh(),
    ]) {
      await expect(attempt()).rejects.toMatchObject({
        code: 'CORRUPT_HISTORY',
        details: { stream: 'north/p1', position: 3, fault: 'IdUsedTwice' },
      });
      expect(held.version).toBe(2);
      expect(balancesInMinorUnits(held.account).active).toBe(1500);
    }
  });

  it('when its policy is invalid, and when its command is invalid', async () => {
    const store = tickingStore();
    const broken = await openAccount(store, {} as never, stream);
    await expect(broken.execute(assess('f1', '1.00'))).rejects.toMatchObject({ code: 'INVALID_POLICY' });
    expect(broken.account).toEqual(emptyAccount());
    const held = await openAccount(store, policy, stream);
    const { decision } = await held.execute([assess('f1', '1.00'), { type: 'Nonsense' }] as never);
    expect(decision).toMatchObject({ accepted: false, rejection: { type: 'InvalidCommand' } });
    expect(held.account).toEqual(emptyAccount());
  });

  it('when its store is closed', async () => {
    const store = tickingStore();
    const held = await openAccount(store, policy, stream);
    await held.execute(assess('f1', '10.00'));
    await store.close();
    await expect(held.execute(pay('p1', '1.00'))).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await expect(held.refresh()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    expect(balancesInMinorUnits(held.account).active).toBe(1000);
  });
});

describe('overlapping calls', () => {
  it('run in the order in which they were made', async () => {
    const { store, calls } = watched(slowStore(tickingStore()));
    const held = await openAccount(store, policy, stream);
    calls.length = 0;
    const versions = await Promise.all([
      held.execute(assess('f1', '10.00')).then(({ version }) => version),
      held.execute(pay('p1', '10.00')).then(({ version }) => version),
      held.refresh().then(({ version }) => version),
      held.execute(assess('f2', '1.00')).then(({ version }) => version),
    ]);
    expect(versions).toEqual([1, 2, 2, 3]);
    expect(calls).toEqual(['append 1 at 0', 'append 1 at 1', 'read after 2', 'append 1 at 2']);
  });

  it('continue after one of them failed', async () => {
    const store = slowStore(tickingStore());
    const held = await openAccount(store, policy, stream);
    const [first, second, third] = await Promise.allSettled([
      held.execute(assess('f1', '10.00')),
      held.execute(assess('f2', '10.00'), { expectedVersion: 7 }),
      held.execute(assess('f3', '10.00')),
    ]);
    expect([first?.status, second?.status, third?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(held.account.fees.map(({ feeId }) => feeId)).toEqual(['f1', 'f3']);
  });

  it('of many held accounts and of execute on one stream lose and duplicate nothing', async () => {
    const shared = tickingStore();
    const store = slowStore(shared);
    const desks = await Promise.all(Array.from({ length: 5 }, () => openAccount(store, policy, stream)));
    const many = { retry: { attempts: 1000 } };
    const asked: Command[] = Array.from({ length: 40 }, (_, index) => assess(`f${index}`, '1.00'));
    const work = asked.flatMap((command, index) => [
      desks[index % 5]?.execute(command, many),
      // Every command is sent twice: again through another desk, or without one.
      index % 2 === 0
        ? desks[(index + 1) % 5]?.execute(command, many)
        : execute(store, policy, stream, command, many),
    ]);
    await Promise.all(work);
    const { version, account } = await loadAccount(shared, stream);
    expect(version).toBe(40);
    expect(account.fees.map(({ feeId }) => feeId).sort()).toEqual(asked.map(({ id }) => id).sort());
    for (const desk of desks) expect((await desk.refresh()).account).toEqual(account);
  });
});

describe('for any commands of several desks in any order', () => {
  it('each held account equals the folded stream, and the stream is the same as with one desk', async () => {
    const turns = fc.array(fc.nat(2), { minLength: 10, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(moves(10), turns, fc.constantFrom(...policies), async (story, turn, rules) => {
        const store = tickingStore();
        const desks = await Promise.all([0, 1, 2].map(() => openAccount(store, rules, stream)));
        let account = emptyAccount();
        for (const [index, move] of story.entries()) {
          const command = commandOf(move, `c${index}`, account, rules);
          const expected = decide(command, account, rules);
          const done = await desks[turn[index] as number]?.execute(command);
          expect(done?.decision).toEqual(expected);
          account = fold(expected.events, account);
        }
        for (const desk of desks) {
          expect((await desk.refresh()).account).toEqual(account);
          expect(desk.copy()).toEqual(account);
        }
      }),
      tried(1000),
    );
  });
});
