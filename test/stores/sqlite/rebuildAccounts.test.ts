import type * as release from '../../../src/stores/sqlite/index.js';
import { laterRelease } from '../../support/laterRelease.js';
import { rebuildCases } from '../../support/rebuildCases.js';
import { sqliteTablesUnderTest } from '../../support/tablesUnderTest.js';

rebuildCases(sqliteTablesUnderTest(), () => laterRelease<typeof release>('sqlite'));
