import { tableStateCases } from '../../support/tableStateCases.js';
import { sqliteTablesUnderTest } from '../../support/tablesUnderTest.js';

tableStateCases(sqliteTablesUnderTest());
