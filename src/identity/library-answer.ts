import { AsyncLocalStorage } from 'node:async_hooks';
import { namedFault } from '../store/failure.ts';
import type { PeopleLibrary } from './people-library.ts';

/** What went wrong inside of the request that the library answers. */
const failures = new AsyncLocalStorage<{ error?: unknown }>();

/** Keeps the error for whoever waits for the library's answer; false where nobody does. */
export function noteFailure(error: unknown): boolean {
  const failure = failures.getStore();
  if (failure) failure.error = error;
  return failure !== undefined;
}

/**
 * The library's answer to a request.
 * @throws what went wrong, where the library would only say that something did; UnavailableError for the database
 */
export async function answerBy(library: PeopleLibrary, request: Request): Promise<Response> {
  const failure: { error?: unknown } = {};
  const response = await failures.run(failure, () => library.handler(request));
  if (response.status < 500) return response;
  throw namedFault(failure.error ?? new Error(`The library of people answered ${response.status}.`));
}
