import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import usual, { patience } from './vitest.config.js';

const { resolve = {} } = usual;

/** Starts with the file that takes a third of the time, most of it waiting for NATS' elections. */
class ElectionsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usualOrder = await super.sort(files);
    return usualOrder.sort((one, other) => Number(elects(other)) - Number(elects(one)));
  }
}

const elects = ({ moduleId }: TestSpecification) => moduleId.endsWith('/nats.faults.ts');

/** What breaks engines on purpose (`npm run test:faults`): slower than tests that run all the time may be. */
export default defineConfig({
  resolve,
  test: {
    include: ['test/faults/*.faults.ts'],
    setupFiles: './test/support/afterEachFile.ts',
    reporters: ['verbose', './test/support/closingLineReporter.ts'],
    // Each file has servers of its own.
    maxWorkers: 2,
    sequence: { sequencer: ElectionsFirst },
    ...patience,
  },
});
