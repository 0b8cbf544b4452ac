import type * as release from '../../../src/stores/sqlite/index.js';
import { laterRelease } from '../../support/laterRelease.js';
import { followedRebuildCases } from '../../support/rebuildCases.js';
import { sqliteTablesUnderTest } from '../../support/tablesUnderTest.js';

followedRebuildCases(sqliteTablesUnderTest(), () => laterRelease<typeof release>('sqlite'));
