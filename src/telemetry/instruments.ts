import {
  type Attributes,
  context,
  createContextKey,
  type Link,
  metrics,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { isPatronFeesError } from '../errors.js';

/** The tracer and the metrics of one program. */
export type Instruments = ReturnType<typeof createInstruments>;

const SCOPE = 'patron-fees';

/** Creates the tracer and the metrics. Without an SDK of OpenTelemetry in the program, they do nothing. */
export function createInstruments() {
  const meter = metrics.getMeter(SCOPE);
  return {
    tracer: trace.getTracer(SCOPE),
    duration: meter.createHistogram('patron_fees.duration', {
      unit: 's',
      description: 'Time of commands, appends, loads, jobs, pages of projections, requests, and events sent',
      advice: {
        explicitBucketBoundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      },
    }),
    commands: meter.createCounter('patron_fees.commands', { description: 'Commands that were executed' }),
    attempts: meter.createHistogram('patron_fees.attempts', {
      description: 'Appends that a command tried: more than one after conflicts',
      advice: { explicitBucketBoundaries: [0, 1, 2, 3, 5, 10, 25, 50] },
    }),
    events: meter.createCounter('patron_fees.events', { description: 'Events that were stored' }),
    batchCalls: meter.createHistogram('patron_fees.batch.calls', {
      description: 'Concurrent calls that shared a round trip or a commit',
      advice: { explicitBucketBoundaries: [1, 2, 4, 8, 16, 32, 64] },
    }),
    lag: meter.createGauge('patron_fees.projection.lag', {
      unit: 's',
      description: 'Age of the last event when it was applied; 0 if all are applied',
    }),
    sealAge: meter.createObservableGauge('patron_fees.seal.age', {
      unit: 's',
      description: 'Time since the end of the newest sealed month',
    }),
    outboxAge: meter.createObservableGauge('patron_fees.outbox.age', {
      unit: 's',
      description: 'Age of the oldest event that waits to be sent; 0 if none waits',
    }),
    parked: meter.createGauge('patron_fees.projection.parked', { description: 'Accounts that are parked' }),
  };
}

/** An operation, and its attributes: codes and names from the program, nothing of a patron. */
export type Operation = {
  readonly name: 'execute' | 'append' | 'load' | 'job' | 'apply' | 'request' | 'send';
  /** Attributes of the span and of the metrics. */
  readonly attributes: Attributes;
  /** Attributes of the span only: metrics would be divided by each value. */
  readonly details?: Attributes;
  readonly links?: readonly Link[];
};

/** Runs a task in a span, and records its duration. The task can add attributes, or prevent the report. */
export async function measured<Result>(
  instruments: Instruments,
  operation: Operation,
  task: (add: (attributes: Attributes) => void, leaveUntold: () => void) => Promise<Result>,
): Promise<Result> {
  const { add, active, fail, end } = started(instruments, operation);
  let isTold = true;
  const leaveUntold = () => {
    isTold = false;
  };
  try {
    return await context.with(active, () => task(add, leaveUntold));
  } catch (error) {
    throw fail(error);
  } finally {
    // A span that is not ended is never exported.
    if (isTold) end();
  }
}

/** Runs a synchronous task in a span, and records its duration. */
export function measuredNow<Result>(
  instruments: Instruments,
  operation: Operation,
  task: (add: (attributes: Attributes) => void) => Result,
): Result {
  const { add, active, fail, end } = started(instruments, operation);
  try {
    return context.with(active, () => task(add));
  } catch (error) {
    throw fail(error);
  } finally {
    end();
  }
}

/** Starts a span. */
function started(
  { tracer, duration }: Instruments,
  { name, attributes, details = {}, links = [] }: Operation,
) {
  const span = tracer.startSpan(`patron_fees.${name}`, {
    attributes: { ...attributes, ...details },
    links: [...links],
  });
  let all = attributes;
  const add = (more: Attributes) => {
    all = { ...all, ...more };
    span.setAttributes(more);
  };
  const startedAt = performance.now();
  return {
    add,
    active: trace.setSpan(context.active(), span),
    fail: (error: unknown) => {
      add({ 'error.type': codeOf(error) });
      span.setStatus({ code: SpanStatusCode.ERROR });
      return error;
    },
    end: () => {
      duration.record((performance.now() - startedAt) / 1_000, { 'patron_fees.operation': name, ...all });
      span.end();
    },
  };
}

/** The codes of Node and SQLite. */
const DRIVER_CODE = /^(?:E[A-Z]{2,20}|SQLITE_[A-Z_]{2,40})$/;

/** The codes of PostgreSQL. Only its errors have a severity: the code of another one may be the id of a patron. */
const SQL_STATE = /^[0-9A-Z]{5}$/;

/** Returns the code of an error. Its message may name a patron, and is left out. */
export function codeOf(error: unknown): string {
  if (isPatronFeesError(error)) return error.code;
  const { code, severity } = Object(error) as { readonly code?: unknown; readonly severity?: unknown };
  if (typeof code !== 'string') return 'other';
  const isKnown = DRIVER_CODE.test(code) || (typeof severity === 'string' && SQL_STATE.test(code));
  return isKnown ? code : 'other';
}

const APPENDS = createContextKey('patron_fees appends');

/** Counts the appends of a command: those that begin within its task. */
export async function countingAppends<Result>(
  task: () => Promise<Result>,
  onEnd: (appends: number) => void,
): Promise<Result> {
  const counter = { appends: 0 };
  try {
    return await context.with(context.active().setValue(APPENDS, counter), task);
  } finally {
    onEnd(counter.appends);
  }
}

/** Counts an append for the command that is being executed, if there is one. */
export function noteAppend(): void {
  const counter = context.active().getValue(APPENDS) as { appends: number } | undefined;
  if (counter !== undefined) counter.appends += 1;
}
