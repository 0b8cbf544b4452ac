/**
 * What a late loan costs.
 *
 * @module
 */
export { defineCalendar, type OpeningsOfDay, openingsOn } from './defineCalendar.js';
export type {
  Closure,
  LibraryCalendar,
  LibraryCalendarInput,
  SpecialHours,
  WeeklyHours,
  YearlyClosure,
} from './libraryCalendar.js';
export type { Weekday } from './localDate.js';
