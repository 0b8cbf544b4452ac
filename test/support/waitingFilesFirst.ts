import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that mostly wait, for servers, other programs or the clock. */
const waiting =
  /\/test\/(stores\/(nats|postgres)|soak|faults|testing\/conformance\/purge|documentation|examples)/;

/**
 * Starts the files first that wait most: at the end of a run they would leave the processors idle. A fresh checkout has
 * no times of an earlier run to go by.
 */
export class WaitingFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    const waits = ({ moduleId }: TestSpecification) => waiting.test(moduleId);
    return [...usual.filter(waits), ...usual.filter((file) => !waits(file))];
  }
}
