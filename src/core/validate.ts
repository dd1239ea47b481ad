import { TIMER_ROLE } from './available.ts';
import type { TransitionDefinition, Workflow } from './workflow.ts';

/** Every fault of a workflow as a sentence, each naming its place; empty where the workflow is sound. */
export function workflowFaults(workflow: Workflow): string[] {
  return [
    ...unresolvedNames(workflow),
    ...uselessTransitions(workflow),
    ...unreachableStates(workflow),
    ...strandedTimers(workflow),
  ];
}

function unresolvedNames(workflow: Workflow): string[] {
  const faults: string[] = [];
  const need = (known: object, name: string, place: string) => {
    if (!Object.hasOwn(known, name)) faults.push(`${place} names ${name}, which is not defined`);
  };
  const roles = Object.fromEntries(workflow.roles.map((role) => [role, true]));
  if (workflow.roles.includes(TIMER_ROLE))
    faults.push(`roles names ${TIMER_ROLE}, which is the system's own`);
  for (const [name, transition] of Object.entries(workflow.transitions)) {
    for (const state of transition.from ?? []) need(workflow.states, state, `${name}.from`);
    if (transition.to !== null) need(workflow.states, transition.to, `${name}.to`);
    for (const role of transition.by) need(roles, role, `${name}.by`);
    for (const timer of transition.starts ?? []) need(workflow.timers, timer, `${name}.starts`);
    for (const timer of transition.cancels ?? []) need(workflow.timers, timer, `${name}.cancels`);
    if (transition.firedBy) need(workflow.timers, transition.firedBy, `${name}.firedBy`);
  }
  for (const [name, timer] of Object.entries(workflow.timers)) {
    need(workflow.transitions, timer.fires, `timer ${name}.fires`);
  }
  return faults;
}

/** What nobody could ever do, or what would do something else than it says. */
function uselessTransitions({ states, timers, transitions }: Workflow): string[] {
  const faults: string[] = [];
  for (const [name, { from, to, by, starts = [], requires = [], firedBy, late }] of Object.entries(
    transitions,
  )) {
    if (from === null && to === null) faults.push(`${name} makes a ticket without a state`);
    if (from?.length === 0) faults.push(`${name}.from is empty, so it can never be done`);
    if (by.length === 0) faults.push(`${name}.by is empty, so nobody may do it`);
    if (new Set(starts).size < starts.length) faults.push(`${name}.starts names a timer twice`);
    for (const state of from ?? []) {
      if (states[state]?.category === 'final' && to === null && !late) {
        faults.push(`${name} acts on ${state}, which is final, without leaving it`);
      }
    }
    if (to !== null && states[to]?.category === 'final' && starts.length > 0) {
      faults.push(`${name} starts a timer, but leads to ${to}, which is final`);
    }
    if (firedBy === undefined) continue;
    const fires = timers[firedBy]?.fires;
    if (fires !== undefined && fires !== name)
      faults.push(`${name} is firedBy ${firedBy}, which fires ${fires}`);
    if (requires.length > 0) faults.push(`${name} is firedBy ${firedBy}, which cannot give what it requires`);
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

/** A timer must be started by something, and what it fires must exist in every state where it can be pending. */
function strandedTimers(workflow: Workflow): string[] {
  const faults: string[] = [];
  for (const [name, { fires }] of Object.entries(workflow.timers)) {
    const fired = workflow.transitions[fires];
    if (!Object.values(workflow.transitions).some(({ starts }) => starts?.includes(name))) {
      faults.push(`timer ${name} is never started`);
    }
    if (!fired) continue;
    if (fired.firedBy !== name) faults.push(`timer ${name} fires ${fires}, which is not firedBy it`);
    for (const [state, transition] of runningStates(workflow, name)) {
      if (!fired.from?.includes(state)) {
        faults.push(
          `timer ${name} runs in ${state} after ${transition}, but ${fires} does not leave ${state}`,
        );
      }
    }
  }
  return faults;
}

/** The states that are not final where a timer can be pending, each with a transition that leads there. */
function runningStates({ states, timers, transitions }: Workflow, timer: string): Map<string, string> {
  const running = new Map<string, string>();
  for (let grew = true; grew; ) {
    grew = false;
    for (const [name, { from, to, starts, cancels }] of Object.entries(transitions)) {
      const begins = starts?.includes(timer) ?? false;
      const ends = cancels?.includes(timer) || timers[timer]?.fires === name;
      if (!begins && ends) continue;
      const sources = begins ? (from ?? []) : (from ?? []).filter((state) => running.has(state));
      const targets = to === null ? sources : begins || sources.length > 0 ? [to] : [];
      for (const state of targets) {
        if (states[state]?.category === 'final' || running.has(state)) continue;
        running.set(state, name);
        grew = true;
      }
    }
  }
  return running;
}
