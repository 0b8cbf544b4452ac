// What tests of telemetry share: an SDK for each file, and what it got.
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Telemetry, telemetry } from '../../src/telemetry/index.js';
import { startSdk } from './sdk.js';

export type Sdk = ReturnType<typeof startSdk>;

/** The SDK of a test file, empty before each test; and what is watched with it. */
export function withSdk() {
  const found = {} as { sdk: Sdk; watching: Telemetry };
  beforeAll(() => {
    found.sdk = startSdk();
    found.watching = telemetry();
  });
  beforeEach(() => found.sdk.reset());
  afterAll(() => found.sdk.end());
  return found;
}

/** A span's name and attributes. */
export const reported = ({ name, attributes }: ReadableSpan) => [
  name.replace('patron_fees.', ''),
  attributes,
];

/** The names of the spans, each with that of its parent. */
export function treeOf({ spans }: Sdk): string[] {
  const names = new Map(
    spans().map((span) => [span.spanContext().spanId, span.name.replace('patron_fees.', '')]),
  );
  return spans().map(({ name, parentSpanContext }) => {
    const parent = names.get(parentSpanContext?.spanId ?? '');
    return `${parent === undefined ? '' : `${parent} > `}${name.replace('patron_fees.', '')}`;
  });
}

/** The values of a figure, by its attributes without their common beginning. */
export async function figureOf({ figures }: Sdk, wanted: string) {
  const points = (await figures()).filter(({ name }) => name === `patron_fees.${wanted}`);
  return points.map(({ attributes, value, sum }) => ({
    ...Object.fromEntries(
      Object.entries(attributes).map(([key, given]) => [key.replace('patron_fees.', ''), given]),
    ),
    ...(wanted === 'attempts' || wanted === 'batch.calls' ? { sum } : {}),
    value,
  }));
}
