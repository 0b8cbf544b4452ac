import { describe, expect, it } from 'vitest';
import {
  externalTransactionKey,
  type IdUse,
  idUse,
  isSafeRecord,
  safeRecord,
} from '../../src/account/ids.js';
import { strangeIds } from '../support/hostile.js';

const use: IdUse = { kind: 'fee', position: 0, digest: null };

describe('a safe record', () => {
  it.each(strangeIds)('has nothing under %j, until something is put there, and keeps that', (id) => {
    const record = safeRecord<IdUse>();
    expect(idUse(record, id)).toBeUndefined();
    record[id] = use;
    expect(idUse(record, id)).toBe(use);
    expect(Object.keys(record)).toEqual([id]);
    expect(isSafeRecord(record)).toBe(true);
  });

  it('is filled from another record, which stays as it was', () => {
    const from = Object.freeze(JSON.parse('{ "__proto__": 1, "a": 2 }')) as Record<string, number>;
    const record = safeRecord(from);
    record.b = 3;
    expect(Object.entries(record)).toEqual([
      ['__proto__', 1],
      ['a', 2],
      ['b', 3],
    ]);
    expect(Object.keys(from)).toEqual(['__proto__', 'a']);
  });

  it('is told from a record that lost its safety on the way through JSON or structuredClone', () => {
    const record = safeRecord({ a: 1 });
    expect([JSON.parse(JSON.stringify(record)), structuredClone(record)].map(isSafeRecord)).toEqual([
      false,
      false,
    ]);
  });
});

describe('idUse', () => {
  it.each(strangeIds)('finds nothing under %j in a record with a prototype either', (id) => {
    expect(idUse({}, id)).toBeUndefined();
    expect(idUse(JSON.parse(JSON.stringify(safeRecord({ [`${id} `]: use }))), id)).toBeUndefined();
  });

  it('finds what is there in a record that went through JSON', () => {
    const ids = safeRecord(Object.fromEntries(strangeIds.map((id) => [id, use])));
    const read = JSON.parse(JSON.stringify(ids)) as typeof ids;
    expect(strangeIds.map((id) => idUse(read, id))).toEqual(strangeIds.map(() => use));
  });
});

describe('externalTransactionKey', () => {
  it('is different for every pair of method and id', () => {
    const parts = ['a', 'b', 'ab', 'a/b', '', '__proto__'];
    const keys = parts.flatMap((method) => parts.map((id) => externalTransactionKey(method, id)));
    expect(new Set(keys).size).toBe(parts.length ** 2);
  });

  it('is none where the provider gave no id', () => {
    expect(externalTransactionKey('CASH', undefined)).toBeNull();
  });
});
