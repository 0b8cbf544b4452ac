import type { InferOutput } from 'valibot';
import { describe, expectTypeOf, it } from 'vitest';
import type { EventSchemas } from '../../src/history/eventSchemas.js';
import type { AccountEvent, AccountEventType } from '../../src/index.js';
import type { OfficeEvent } from '../../src/office/index.js';
import type { OfficeEventSchemas } from '../../src/office/officeEventSchemas.js';

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

  it('has a schema for every event of the office that equals its type', () => {
    type OfficeWritten = { [Type in OfficeEvent['type']]: Plain<Extract<OfficeEvent, { type: Type }>> };
    type OfficeRead = {
      [Type in keyof OfficeEventSchemas]: Plain<InferOutput<OfficeEventSchemas[Type]>>;
    };
    expectTypeOf<OfficeRead>().toEqualTypeOf<OfficeWritten>();
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
