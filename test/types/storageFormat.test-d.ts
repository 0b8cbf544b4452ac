import type { InferOutput } from 'valibot';
import { describe, expectTypeOf, it } from 'vitest';
import type { EventSchemas } from '../../src/history/eventSchemas.js';
import type { AccountEvent, AccountEventType } from '../../src/index.js';

/** The same data without `readonly` and with intersections merged, so that two shapes differ only in their fields. */
type Plain<Data> = Data extends readonly (infer Entry)[]
  ? Plain<Entry>[]
  : Data extends object
    ? { -readonly [Key in keyof Data]: Plain<Data[Key]> }
    : Data;

type Written = { [Type in AccountEventType]: Plain<Extract<AccountEvent, { type: Type }>> };

type Read = { [Type in keyof EventSchemas]: Plain<InferOutput<EventSchemas[Type]>> };

describe('the storage format', () => {
  it('has a schema for every event that equals its type', () => {
    expectTypeOf<Read>().toEqualTypeOf<Written>();
  });

  it('notices one optional field too many (this test can fail)', () => {
    type Longer = Omit<Written, 'FeeWaived'> & {
      FeeWaived: Omit<Written['FeeWaived'], 'data'> & {
        data: Written['FeeWaived']['data'] & { batchId?: string };
      };
    };
    expectTypeOf<Read>().not.toEqualTypeOf<Plain<Longer>>();
  });
});
