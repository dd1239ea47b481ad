import { describe, expect, it } from 'vitest';
import { errandWorkflow } from '../../test/kind.ts';
import { workflowFaults } from './validate.ts';
import { defineWorkflow, type Workflow, WorkflowError } from './workflow.ts';

const label = 'x';
const sound: Workflow = {
  kind: 'k',
  version: 1,
  roles: ['a'],
  states: { open: { label, category: 'active' }, shut: { label, category: 'final' } },
  transitions: {
    make: { label, from: null, to: 'open', by: ['a'] },
    shut: { label, from: ['open'], to: 'shut', by: ['a'] },
  },
  timers: {},
};

type Part = Pick<Partial<Workflow>, 'roles' | 'states' | 'transitions' | 'timers'>;

function withPart(part: Part): Workflow {
  return {
    ...sound,
    ...part,
    states: { ...sound.states, ...part.states },
    transitions: { ...sound.transitions, ...part.transitions },
  };
}

const timed: Part = {
  states: { rest: { label, category: 'waiting' } },
  transitions: {
    rest: { label, from: ['open'], to: 'rest', by: ['a'], starts: ['alarm'] },
    end: { label, from: ['rest'], to: 'shut', by: ['a'], firedBy: 'alarm' },
  },
  timers: { alarm: { label, fires: 'end', after: { setting: 's' } } },
};

function timedWith(transitions: Workflow['transitions']): Workflow {
  return withPart({ ...timed, transitions: { ...timed.transitions, ...transitions } });
}

describe('a sound workflow', () => {
  it.each([
    ['the smallest one', sound],
    ['one with a timer', withPart(timed)],
    [
      'one that notes on a final state what was learned late',
      withPart({ transitions: { t: { label, from: ['open', 'shut'], to: null, late: true, by: ['a'] } } }),
    ],
    ['the one of the tests', errandWorkflow],
  ])('has no fault: %s', (_, workflow) => {
    expect(workflowFaults(workflow)).toEqual([]);
  });
});

describe('a fault is named with its place', () => {
  it.each<[string, Workflow, string[]]>([
    [
      'an unknown from state',
      withPart({ transitions: { t: { label, from: ['gone'], to: 'open', by: ['a'] } } }),
      ['t.from names gone, which is not defined'],
    ],
    [
      'an unknown to state',
      withPart({ transitions: { t: { label, from: ['open'], to: 'gone', by: ['a'] } } }),
      ['t.to names gone, which is not defined'],
    ],
    [
      'a name that every object has',
      withPart({ transitions: { t: { label, from: ['open'], to: 'constructor', by: ['toString'] } } }),
      ['t.to names constructor, which is not defined', 't.by names toString, which is not defined'],
    ],
    [
      'an unknown role',
      withPart({ transitions: { t: { label, from: ['open'], to: null, by: ['b'] } } }),
      ['t.by names b, which is not defined'],
    ],
    [
      'unknown timers',
      withPart({
        transitions: {
          t: { label, from: ['open'], to: null, by: ['a'], starts: ['x'], cancels: ['y'], firedBy: 'z' },
        },
      }),
      [
        't.starts names x, which is not defined',
        't.cancels names y, which is not defined',
        't.firedBy names z, which is not defined',
      ],
    ],
    [
      'a role with the system’s name',
      withPart({ roles: ['a', 'timer'] }),
      ["roles names timer, which is the system's own"],
    ],
    [
      'a creation without a state',
      withPart({ transitions: { t: { label, from: null, to: null, by: ['a'] } } }),
      ['t makes a ticket without a state'],
    ],
    [
      'nobody who may do it',
      withPart({ transitions: { t: { label, from: ['open'], to: null, by: [] } } }),
      ['t.by is empty, so nobody may do it'],
    ],
    [
      'nowhere to do it',
      withPart({ transitions: { t: { label, from: [], to: 'open', by: ['a'] } } }),
      ['t.from is empty, so it can never be done'],
    ],
    [
      'an act on a final state',
      withPart({ transitions: { t: { label, from: ['shut'], to: null, by: ['a'] } } }),
      ['t acts on shut, which is final, without leaving it'],
    ],
    [
      'a state that no path reaches',
      withPart({ states: { isle: { label, category: 'final' } } }),
      ['state isle cannot be reached'],
    ],
    [
      'states that only reach each other',
      withPart({
        states: { b: { label, category: 'active' }, c: { label, category: 'active' } },
        transitions: {
          bc: { label, from: ['b'], to: 'c', by: ['a'] },
          cb: { label, from: ['c'], to: 'b', by: ['a'] },
        },
      }),
      ['state b cannot be reached', 'state c cannot be reached'],
    ],
    [
      'a state that no path leaves',
      withPart({
        states: { trap: { label, category: 'waiting' } },
        transitions: {
          t: { label, from: ['open'], to: 'trap', by: ['a'] },
          stay: { label, from: ['trap'], to: 'trap', by: ['a'] },
        },
      }),
      ['state trap is not final and cannot be left'],
    ],
    [
      'a timer that nothing starts',
      timedWith({ rest: { label, from: ['open'], to: 'rest', by: ['a'] } }),
      ['timer alarm is never started'],
    ],
    [
      'a timer that fires nothing known',
      withPart({
        transitions: { t: { label, from: ['open'], to: null, by: ['a'], starts: ['alarm'] } },
        timers: { alarm: { label, fires: 'gone', after: { setting: 's' } } },
      }),
      ['timer alarm.fires names gone, which is not defined'],
    ],
    [
      'a timer whose transition does not know it',
      timedWith({ end: { label, from: ['rest'], to: 'shut', by: ['a'] } }),
      ['timer alarm fires end, which is not firedBy it'],
    ],
    [
      'a transition that claims another one’s timer',
      timedWith({
        t: { label, from: ['rest'], to: 'open', by: ['a'], cancels: ['alarm'], firedBy: 'alarm' },
      }),
      ['t is firedBy alarm, which fires end'],
    ],
    [
      'a timer whose transition asks for input',
      timedWith({
        end: { label, from: ['rest'], to: 'shut', by: ['a'], firedBy: 'alarm', requires: ['why'] },
      }),
      ['end is firedBy alarm, which cannot give what it requires'],
    ],
    [
      'a timer that is started twice at once',
      timedWith({ rest: { label, from: ['open'], to: 'rest', by: ['a'], starts: ['alarm', 'alarm'] } }),
      ['rest.starts names a timer twice'],
    ],
    [
      'a timer that starts where all timers end',
      timedWith({ shut: { label, from: ['open'], to: 'shut', by: ['a'], starts: ['alarm'] } }),
      ['shut starts a timer, but leads to shut, which is final'],
    ],
    [
      'a timer that starts where it cannot fire',
      timedWith({ t: { label, from: ['open'], to: null, by: ['a'], starts: ['alarm'] } }),
      ['timer alarm runs in open after t, but end does not leave open'],
    ],
    [
      'a timer that is carried to where it cannot fire',
      timedWith({ t: { label, from: ['rest'], to: 'open', by: ['a'] } }),
      ['timer alarm runs in open after t, but end does not leave open'],
    ],
  ])('%s', (_, workflow, faults) => {
    expect(workflowFaults(workflow)).toEqual(faults);
  });

  it('all together when the workflow is defined', () => {
    const broken = withPart({
      roles: [],
      transitions: { make: { label, from: null, to: 'open', by: [] } },
    });
    const faults = ['shut.by names a, which is not defined', 'make.by is empty, so nobody may do it'];
    expect(() => defineWorkflow(broken)).toThrow(WorkflowError);
    expect(() => defineWorkflow(broken)).toThrow(`The workflow of k is not sound: ${faults.join('; ')}`);
    expect(Object.isFrozen(defineWorkflow({ ...sound }))).toBe(true);
  });
});
