import { TestRunner, test } from 'vitest';

/**
 * Runs tests like vitest, and counts a test file that cannot be loaded as a failed test. Stryker counts failed tests only,
 * so a mutant that breaks what a test file prepares while it loads would survive.
 */
export default class LoadingRunner extends TestRunner {
  override async importFile(...[path, source]: Parameters<TestRunner['importFile']>): Promise<unknown> {
    try {
      return await super.importFile(path, source);
    } catch (error) {
      if (source !== 'collect') throw error;
      test(this.nameOfWantedTest(), () => {
        throw error;
      });
      return undefined;
    }
  }

  /** Returns a name that the filter of test names lets through: the first of the names that Stryker joins in it. */
  private nameOfWantedTest(): string {
    const { source = 'loads' } = this.config.testNamePattern ?? {};
    const [first = source] = source.match(/(?:\\.|[^|\\])+/) ?? [];
    return first.replaceAll(/\\(.)/g, '$1');
  }
}
