import type { Workflow } from './workflow.ts';

/** The workflow as a Mermaid state diagram (https://mermaid.js.org/syntax/stateDiagram.html). */
export function toMermaid(workflow: Workflow): string {
  const lines = ['stateDiagram-v2'];
  for (const [name, state] of Object.entries(workflow.states)) lines.push(`  ${name} : ${state.label}`);
  for (const [name, { from, to, label, by }] of Object.entries(workflow.transitions)) {
    const text = `${name} ${label} (${by.join(', ')})`;
    if (from === null) lines.push(`  [*] --> ${to} : ${text}`);
    else for (const state of from) lines.push(`  ${state} --> ${to ?? state} : ${text}`);
  }
  for (const [name, state] of Object.entries(workflow.states)) {
    if (state.category === 'final') lines.push(`  ${name} --> [*]`);
  }
  return `${lines.join('\n')}\n`;
}
