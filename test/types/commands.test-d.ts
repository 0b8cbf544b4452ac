import { describe, expectTypeOf, it } from 'vitest';
import type { Command, CommandList, IssueCredit, ResolveDispute } from '../../src/index.js';

const named = { id: 'k1', at: '2026-03-02T09:00:00Z' } as const;

describe('a dispute that the patron wins', () => {
  const dispute = { ...named, type: 'ResolveDispute', feeId: 'f1' } as const;
  const upheld = { ...dispute, outcome: 'patronUpheld' } as const;

  it('requires a remedy, and a reason if the remedy is a waiver', () => {
    const cancelled = { ...upheld, remedy: 'cancel' } as const;
    const waived = { ...upheld, remedy: 'waive', reason: 'OTHER' } as const;
    expectTypeOf(cancelled).toExtend<ResolveDispute>();
    expectTypeOf(waived).toExtend<ResolveDispute>();
    expectTypeOf(upheld).not.toExtend<ResolveDispute>();
    const unreasoned = { ...upheld, remedy: 'waive' } as const;
    expectTypeOf(unreasoned).not.toExtend<ResolveDispute>();
    expectTypeOf(upheld).not.toExtend<Command>();
  });

  it('allows a remedy for no other outcome', () => {
    const upheld = { ...dispute, outcome: 'feeStands' } as const;
    expectTypeOf(upheld).toExtend<ResolveDispute>();
    const withRemedy = { ...upheld, remedy: 'cancel' } as const;
    expectTypeOf(withRemedy).not.toExtend<ResolveDispute>();
  });
});

describe('a credit by hand', () => {
  const credit = { ...named, type: 'IssueCredit', amount: '1.00' } as const;

  it('requires a reason', () => {
    const manual = { ...credit, cause: 'manual' } as const;
    const reasoned = { ...manual, reason: 'GOODWILL' } as const;
    expectTypeOf(reasoned).toExtend<IssueCredit>();
    expectTypeOf(manual).not.toExtend<IssueCredit>();
    expectTypeOf(manual).not.toExtend<Command>();
  });

  it('is never refundable, unless imported, which requires no reason', () => {
    const money = { ...credit, cause: 'manual', reason: 'GOODWILL', purpose: 'refundable' } as const;
    expectTypeOf(money).not.toExtend<IssueCredit>();
    const imported = { ...credit, cause: 'imported', purpose: 'refundable' } as const;
    expectTypeOf(imported).toExtend<IssueCredit>();
  });
});

describe('a list of commands', () => {
  it('is any array of commands', () => {
    expectTypeOf<readonly Command[]>().toExtend<CommandList>();
    expectTypeOf<readonly string[]>().not.toExtend<CommandList>();
  });

  it("has no method `at`, so that the compiler reports a wrong `at` as a command's field", () => {
    expectTypeOf<CommandList>().not.toHaveProperty('at');
  });
});
