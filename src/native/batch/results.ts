import { type Static, Type } from 'typebox';
import { problem } from '../../http/problem.ts';
import type { BatchResult } from '../../store/write-batch.ts';
import type { PlannedItem } from './items.ts';

const wireResult = Type.Object({
  index: Type.Integer({ description: 'The place of the item, from 0.' }),
  status: Type.Integer({ description: 'What the single request would have been answered with.' }),
  id: Type.Optional(Type.String({ format: 'uuid' })),
  key: Type.Optional(Type.String()),
  version: Type.Optional(Type.Integer()),
  error: Type.Optional(problem.schema ?? Type.Unknown()),
});

export const wireResults = Type.Object({
  succeeded: Type.Integer(),
  failed: Type.Integer(),
  results: Type.Array(wireResult, { description: 'One for each item, in their order.' }),
});

type WireResult = Static<typeof wireResult>;

export function toWireResult(
  result: BatchResult,
  index: number,
  planned: PlannedItem,
  requestId: string,
): WireResult {
  if (result.ok) {
    const { id, key, version } = result.ticket;
    return { index, status: result.created ? 201 : 200, id, key, version };
  }
  const status = problem.statuses[result.code];
  return { index, status, error: problem.body(planned.place(result), status, requestId) };
}

/** The answer's text. Put together by hand: 10,000 results are half the work of the answer otherwise. */
export function resultsJson(
  results: readonly BatchResult[],
  planned: readonly PlannedItem[],
  requestId: string,
): string {
  let succeeded = 0;
  let json = '';
  results.forEach((result, index) => {
    if (index > 0) json += ',';
    if (result.ok) {
      const { id, key, version } = result.ticket;
      succeeded += 1;
      json += `{"index":${index},"status":${result.created ? 201 : 200},"id":"${id}","key":${JSON.stringify(key)},"version":${version}}`;
    } else {
      json += JSON.stringify(toWireResult(result, index, planned[index] as PlannedItem, requestId));
    }
  });
  return `{"succeeded":${succeeded},"failed":${results.length - succeeded},"results":[${json}]}`;
}
