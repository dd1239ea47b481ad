import type { Command } from 'commander';

const examples = new WeakMap<Command, readonly Example[]>();

/** Arguments after the program's name, and what they do. */
export interface Example {
  readonly args: string;
  readonly does: string;
}

/** Shows examples at the end of the command's help. */
export function withExamples(command: Command, invocation: string, list: readonly Example[]): Command {
  examples.set(command, list);
  const lines = list.map(({ args, does }) => `  ${invocation} ${args}\n      ${does}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

export function examplesOf(command: Command): readonly Example[] {
  return examples.get(command) ?? [];
}
