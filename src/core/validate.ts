import type { TransitionDefinition, Workflow } from './workflow.ts';

/** Every fault of a workflow as a sentence, each naming its place; empty where the workflow is sound. */
export function workflowFaults(workflow: Workflow): string[] {
  return [...unresolvedNames(workflow), ...unreachableStates(workflow), ...strandedTimers(workflow)];
}

function unresolvedNames(workflow: Workflow): string[] {
  const faults: string[] = [];
  const need = (known: object, name: string, place: string) => {
    if (!Object.hasOwn(known, name)) faults.push(`${place} names ${name}, which is not defined`);
  };
  const roles = Object.fromEntries(workflow.roles.map((role) => [role, true]));
  for (const [name, transition] of Object.entries(workflow.transitions)) {
    for (const state of transition.from ?? []) need(workflow.states, state, `${name}.from`);
    if (transition.to !== null) need(workflow.states, transition.to, `${name}.to`);
    if (transition.from === null && transition.to === null)
      faults.push(`${name} makes a ticket without a state`);
    if (transition.by.length === 0) faults.push(`${name}.by is empty, so nobody may do it`);
    for (const role of transition.by) need(roles, role, `${name}.by`);
    for (const timer of transition.starts ?? []) need(workflow.timers, timer, `${name}.starts`);
    for (const timer of transition.cancels ?? []) need(workflow.timers, timer, `${name}.cancels`);
    if (transition.firedBy) need(workflow.timers, transition.firedBy, `${name}.firedBy`);
    for (const state of transition.from ?? []) {
      if (workflow.states[state]?.category === 'final' && transition.to === null) {
        faults.push(`${name} acts on ${state}, which is final, without leaving it`);
      }
    }
  }
  for (const [name, timer] of Object.entries(workflow.timers)) {
    need(workflow.transitions, timer.fires, `timer ${name}.fires`);
  }
  return faults;
}

function unreachableStates(workflow: Workflow): string[] {
  const transitions = Object.values(workflow.transitions);
  const reached = new Set<string>();
  const arrive = (transition: TransitionDefinition) => {
    if (transition.to === null || reached.has(transition.to)) return false;
    reached.add(transition.to);
    return true;
  };
  for (let grew = true; grew; ) {
    grew = false;
    for (const transition of transitions) {
      const open = transition.from === null || transition.from.some((state) => reached.has(state));
      if (open && arrive(transition)) grew = true;
    }
  }
  const faults: string[] = [];
  for (const [name, state] of Object.entries(workflow.states)) {
    if (!reached.has(name)) faults.push(`state ${name} cannot be reached`);
    const left = transitions.some(({ from, to }) => from?.includes(name) && to !== null && to !== name);
    if (state.category !== 'final' && !left) faults.push(`state ${name} is not final and cannot be left`);
  }
  return faults;
}

/** A timer must be started by something, and what it fires must exist in the states where it can be pending. */
function strandedTimers(workflow: Workflow): string[] {
  const faults: string[] = [];
  for (const [name, timer] of Object.entries(workflow.timers)) {
    const starters = Object.entries(workflow.transitions).filter(([, { starts }]) => starts?.includes(name));
    if (starters.length === 0) faults.push(`timer ${name} is never started`);
    const fired = workflow.transitions[timer.fires];
    if (fired && fired.firedBy !== name)
      faults.push(`timer ${name} fires ${timer.fires}, which is not firedBy it`);
    for (const [starter, { to, from }] of starters) {
      const where = to === null ? (from ?? []) : [to];
      for (const state of where) {
        if (fired && !fired.from?.includes(state)) {
          faults.push(`timer ${name} is started by ${starter}, but ${timer.fires} does not leave ${state}`);
        }
      }
    }
  }
  return faults;
}
