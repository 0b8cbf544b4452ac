import type * as release from '../../../src/stores/postgres/index.js';
import { laterRelease } from '../../support/laterRelease.js';
import { rebuildCases } from '../../support/rebuildCases.js';
import { postgresTablesUnderTest } from '../../support/tablesUnderTest.js';

rebuildCases(postgresTablesUnderTest(), () => laterRelease<typeof release>('postgres'));
