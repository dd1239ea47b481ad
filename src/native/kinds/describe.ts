import type { Static } from 'typebox';
import { toMermaid } from '../../core/mermaid.ts';
import type { KindChecks } from '../kind-checks.ts';
import type { wireKind } from './schema.ts';

/** A kind as data: its workflow, the schemas of what clients send, and the diagram. */
export function describeKind({
  kind,
  createSchema,
  editSchema,
  transitions,
}: KindChecks): Static<typeof wireKind> {
  const { workflow, settings } = kind;
  return {
    name: kind.name,
    label: kind.label,
    version: workflow.version,
    roles: [...workflow.roles],
    states: Object.entries(workflow.states).map(([name, { label, category }]) => ({ name, label, category })),
    transitions: Object.entries(workflow.transitions).map(([name, transition]) => ({
      name,
      label: transition.label,
      from: transition.from && [...transition.from],
      to: transition.to,
      by: [...transition.by],
      requires: [...(transition.requires ?? [])],
      starts: [...(transition.starts ?? [])],
      cancels: [...(transition.cancels ?? [])],
      firedBy: transition.firedBy ?? null,
    })),
    timers: Object.entries(workflow.timers).map(([name, { label, fires, after }]) => ({
      name,
      label,
      fires,
      setting: after.setting,
      default: settings.find(({ key }) => key === after.setting)?.default ?? null,
    })),
    schemas: {
      create: createSchema,
      edit: editSchema,
      transitions: Object.fromEntries([...transitions.keys()].map((name) => [name, kind.inputSchema(name)])),
    },
    mermaid: toMermaid(workflow),
  };
}
