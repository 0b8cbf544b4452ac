import type { InferOutput } from 'valibot';
import { describe, expectTypeOf, it } from 'vitest';
import type { EventSchemas } from '../../src/history/eventSchemas.js';
import type { AccountEvent, AccountEventType } from '../../src/index.js';

/** The same data without `readonly` and with intersections merged: what tells two shapes apart is their fields. */
type Plain<Data> = Data extends readonly (infer Entry)[]
  ? Plain<Entry>[]
  : Data extends object
    ? { -readonly [Key in keyof Data]: Plain<Data[Key]> }
    : Data;

type Written = { [Type in AccountEventType]: Plain<Extract<AccountEvent, { type: Type }>> };

type Read = { [Type in keyof EventSchemas]: Plain<InferOutput<EventSchemas[Type]>> };

describe('the storage format', () => {
  it('has a schema for every event, and the schema says exactly what the type says', () => {
    expectTypeOf<Read>().toEqualTypeOf<Written>();
  });

  it('would notice one optional field too many', () => {
    type Longer = Omit<Written, 'FeeWaived'> & {
      FeeWaived: Omit<Written['FeeWaived'], 'data'> & {
        data: Written['FeeWaived']['data'] & { batchId?: string };
      };
    };
    expectTypeOf<Read>().not.toEqualTypeOf<Plain<Longer>>();
  });
});
