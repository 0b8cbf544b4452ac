import { context, type Link, type SpanContext, trace } from '@opentelemetry/api';
import type { CommandMetadata } from '../account/commands/commandBase.js';
import type { AccountEvent } from '../account/events/accountEvent.js';

/** The value of the header `traceparent` of W3C Trace Context. */
const TRACE_PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Returns the active span as the metadata of a command; empty without one. */
export function presentCorrelation(): CommandMetadata {
  const span = trace.getSpanContext(context.active());
  if (span === undefined || !trace.isSpanContextValid(span)) return {};
  const flags = span.traceFlags.toString(16).padStart(2, '0');
  return { correlationId: `00-${span.traceId}-${span.spanId}-${flags}` };
}

/** OpenTelemetry keeps at most 128 links of a span. */
const LINKS_MAX = 128;

/** Returns links to the spans whose commands recorded events. */
export function linksTo(events: readonly { readonly event: AccountEvent }[]): readonly Link[] {
  const ids = new Set<string>();
  for (const { event } of events) {
    const { correlationId } = event.metadata ?? {};
    if (correlationId !== undefined && ids.size < LINKS_MAX) ids.add(correlationId);
  }
  return [...ids]
    .map(spanIn)
    .filter((span) => span !== undefined)
    .map((found) => ({ context: found }));
}

function spanIn(correlationId: string): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACE_PARENT.exec(correlationId) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}
