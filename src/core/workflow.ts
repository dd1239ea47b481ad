import type { Category } from './ticket.ts';
import { workflowFaults } from './validate.ts';

export interface StateDefinition {
  readonly label: string;
  readonly category: Category;
}

export interface TransitionDefinition {
  readonly label: string;
  /** The states that it leaves; null: it makes the ticket. */
  readonly from: readonly string[] | null;
  /** The state that it leads to; null: the ticket stays where it is. */
  readonly to: string | null;
  /** The roles that may do it. */
  readonly by: readonly string[];
  /** Input that must be there. */
  readonly requires?: readonly string[];
  /** Timers that it starts anew, and those that it cancels. Reaching a final state cancels all. */
  readonly starts?: readonly string[];
  readonly cancels?: readonly string[];
  /** The timer that does it. A role in `by` may do it too, but only when that timer has run out. */
  readonly firedBy?: string;
  /** It may note on a ticket in a final state what was learned too late, and leaves it there. */
  readonly late?: true;
}

export interface TimerDefinition {
  readonly label: string;
  /** The transition that the timer does when it is due. */
  readonly fires: string;
  /** The setting of the account that holds the duration. */
  readonly after: { readonly setting: string };
}

/** A kind's states, transitions and timers: one table that drives the API, the buttons, the diagram and the tests. */
export interface Workflow {
  readonly kind: string;
  readonly version: number;
  readonly roles: readonly string[];
  readonly states: Readonly<Record<string, StateDefinition>>;
  readonly transitions: Readonly<Record<string, TransitionDefinition>>;
  readonly timers: Readonly<Record<string, TimerDefinition>>;
}

/**
 * Checks a workflow and freezes it.
 * @throws WorkflowError listing every fault, when a name does not resolve or a state cannot be reached or left
 */
export function defineWorkflow<const W extends Workflow>(workflow: W): W {
  const faults = workflowFaults(workflow);
  if (faults.length > 0) throw new WorkflowError(workflow.kind, faults);
  return Object.freeze(workflow);
}

export class WorkflowError extends Error {
  readonly faults: readonly string[];

  constructor(kind: string, faults: readonly string[]) {
    super(`The workflow of ${kind} is not sound: ${faults.join('; ')}`);
    this.name = 'WorkflowError';
    this.faults = faults;
  }
}
