import { Type } from 'typebox';
import { cursorFormat } from '../../../http/paging.ts';

/** Items on a page; the published text has no parameter for it. */
export const PAGE_SIZE = 50;

const POINTER = '/query/pageKey';

/** A list of rules goes on after the rule with this number. */
export const ruleKeys = cursorFormat(Type.Object({ afterRule: Type.Integer({ minimum: 1 }) }), POINTER);

/** A list of exceptions goes on after the one with this number. Numbers never change, so rows may come and go. */
export const exceptionKeys = cursorFormat(
  Type.Object({ afterException: Type.Integer({ minimum: 1 }) }),
  POINTER,
);

/** A dry run goes on after the work item with this number. */
export const dryRunKeys = cursorFormat(
  Type.Object({ afterWorkItem: Type.Integer({ minimum: 0 }) }),
  '/pageKey',
);
