// An SDK of OpenTelemetry that keeps in memory what it gets.
import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** Registers the SDK for the whole process; `end` removes it. */
export function startSdk() {
  const spans = new InMemorySpanExporter();
  const figures = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  // Collects when it is asked, not on its timer.
  const reader = new PeriodicExportingMetricReader({ exporter: figures, exportIntervalMillis: 2 ** 31 - 1 });
  const meters = new MeterProvider({ readers: [reader] });
  const manager = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(manager);
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }),
  );
  metrics.setGlobalMeterProvider(meters);
  return {
    /** Forgets what came before. */
    reset: async () => {
      await meters.forceFlush();
      figures.reset();
      spans.reset();
    },
    /** The spans that ended, in the order of their ends. */
    spans: (): readonly ReadableSpan[] => spans.getFinishedSpans(),
    /** The points of every figure since `reset`: attributes, and the value, or of a histogram its count. */
    figures: async () => {
      await meters.forceFlush();
      const found = figures
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics: list }) => list));
      return found.flatMap(({ descriptor: { name, unit }, dataPointType, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => ({
          name,
          unit,
          kind: dataPointType,
          attributes,
          value: typeof value === 'number' ? value : value.count,
          sum: typeof value === 'number' ? value : value.sum,
        })),
      );
    },
    end: async () => {
      await meters.shutdown();
      for (const api of [context, trace, metrics]) api.disable();
    },
  };
}
