import type {
  BlockLimit,
  BlockLimitInput,
  FeePolicy,
  FeePolicyInput,
  FeeTypeInput,
  FeeTypeRule,
  TransferRule,
  TransferRuleInput,
} from 'patron-fees';
import type * as v from 'valibot';
import { describe, expectTypeOf, it } from 'vitest';
import type { policySchema } from '../../src/policy/policySchema.js';

/** A type whose properties can be written, at every depth. */
type Writable<Value> = Value extends (infer Entry)[] | readonly (infer Entry)[]
  ? Writable<Entry>[]
  : Value extends object
    ? { -readonly [Key in keyof Value]: Writable<Value[Key]> }
    : Value;

type Schema = ReturnType<typeof policySchema>;

describe('FeePolicyInput', () => {
  it('has exactly the options of FeePolicy', () => {
    expectTypeOf<keyof FeePolicyInput>().toEqualTypeOf<keyof FeePolicy>();
    expectTypeOf<keyof FeeTypeInput>().toEqualTypeOf<keyof FeeTypeRule>();
    expectTypeOf<keyof BlockLimitInput>().toEqualTypeOf<keyof BlockLimit>();
    expectTypeOf<keyof TransferRuleInput>().toEqualTypeOf<keyof TransferRule>();
  });

  it('accepts what the schema accepts', () => {
    // An optional property of the schema may be undefined too, which the types do not offer.
    expectTypeOf<Writable<FeePolicyInput>>().toExtend<v.InferInput<Schema>>();
    expectTypeOf<Required<v.InferInput<Schema>>>().toExtend<Record<keyof FeePolicyInput, unknown>>();
    expectTypeOf<keyof v.InferInput<Schema>>().toEqualTypeOf<keyof FeePolicyInput>();
  });

  it('accepts a complete policy', () => {
    expectTypeOf<FeePolicy>().toExtend<FeePolicyInput>();
    expectTypeOf<Writable<v.InferOutput<Schema>>>().toExtend<FeePolicy>();
  });
});
