import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evolve } from '../../../src/account/evolve.js';
import { decide, definePolicy, emptyAccount, fold, spread } from '../../../src/index.js';
import { laws, subjectOf } from '../../../src/testing/laws/laws.js';
import { assessed } from '../../support/events.js';

describe('laws', () => {
  it('are in the order of the contract, each with a name, a sentence and clauses', () => {
    expect(laws().map(({ number }) => number)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    ]);
    for (const { name, sentence, clauses } of laws()) {
      expect(name).toMatch(/^[a-z ]+$/);
      expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(clauses.length).toBeGreaterThan(0);
    }
    const sentences = laws().flatMap(({ clauses }) => clauses.map(({ sentence }) => sentence));
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  it('hold under any valid policy, whatever its codes', async () => {
    const policies = [
      definePolicy({
        currency: 'CHF',
        feeTypes: { MAHNUNG: { label: 'Mahnung' } },
        paymentMethods: { BAR: 'Bar' },
        waiveReasons: { KULANZ: 'Kulanz' },
        creditReasons: { KULANZ: 'Kulanz' },
        destinations: {},
      }),
    ];
    for (const law of laws({ policies })) await law.check({ runs: 30, seed: 1 });
  });

  it('accept only an `evolve`, which then folds whole histories too', () => {
    let calls = 0;
    const subject = subjectOf({
      evolve: (account, event) => {
        calls += 1;
        return evolve(account, event);
      },
    });
    const events = [assessed('f1', '1.00'), assessed('f2', '2.00')];
    expect(subject.fold(events)).toEqual(fold(events));
    expect(subject.fold(events.slice(1), subject.fold(events.slice(0, 1)))).toEqual(fold(events));
    expect(calls).toBe(4);
  });

  it('accept only a `fold`, which then folds single events too', () => {
    const subject = subjectOf({ fold: () => ({ ...emptyAccount(), eventCount: 17 }) });
    expect(subject.evolve(emptyAccount(), assessed('f1', '1.00')).eventCount).toBe(17);
  });

  it('refuse invalid options', () => {
    const failureOf = (options: object) => {
      try {
        return laws(options);
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(failureOf({ decide: 5 })).toBe('INVALID_ARGUMENT: decide: expected a function, found 5');
    expect(failureOf({ evolve: null })).toBe('INVALID_ARGUMENT: evolve: expected a function, found null');
    expect(failureOf({ policies: [] })).toMatch(
      /^INVALID_ARGUMENT: policies: expected a list of at least one policy/,
    );
    expect(failureOf({ policies: [{ currency: 'XYZ' }] })).toMatch(/^INVALID_POLICY/);
    expect(failureOf({ maxCommands: 0 })).toMatch(/^INVALID_ARGUMENT: maxCommands: expected a whole number/);
    expect(subjectOf({ policies: [{ currency: 'CHF' } as never] }).policies[0]).toMatchObject({
      overpayment: 'refuse',
    });
  });

  it('test this library if given nothing else', () => {
    expect(subjectOf()).toMatchObject({ decide, evolve, spread, maxCommands: 20 });
    expect(subjectOf().fold([assessed('f1', '1.00')])).toEqual(fold([assessed('f1', '1.00')]));
  });

  it('load fast-check only when they run', () => {
    const imports = (file: string) =>
      readFileSync(new URL(`../../../src/testing/${file}`, import.meta.url), 'utf8').match(
        /^import (?!type).*fast-check.*$/gm,
      );
    for (const file of ['fastCheck.ts', 'laws/laws.ts', 'laws/lawClause.ts', 'arbitraries/arbitraries.ts'])
      expect(imports(file)).toBeNull();
  });
});
