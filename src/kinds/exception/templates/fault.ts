import { LiquidError } from 'liquidjs';

/** What is wrong with a template, and where: line and column count from 1. */
export interface TemplateFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export function faultAt([line = 1, column = 1]: readonly number[], message: string): TemplateFault {
  return { line, column, message };
}

/**
 * What the template engine complained of. Its message ends with the place, which is told apart from it.
 * @throws what did not come from the engine
 */
export function toFault(error: unknown): TemplateFault {
  if (!(error instanceof LiquidError)) throw error;
  const [first = ''] = error.message.split('\n');
  return faultAt(error.token.getPosition(), first.replace(/, line:\d+, col:\d+$/, ''));
}
