import type * as release from '../../../src/stores/postgres/index.js';
import { laterRelease } from '../../support/laterRelease.js';
import { followedRebuildCases } from '../../support/rebuildCases.js';
import { postgresTablesUnderTest } from '../../support/tablesUnderTest.js';

followedRebuildCases(postgresTablesUnderTest(), () => laterRelease<typeof release>('postgres'));
