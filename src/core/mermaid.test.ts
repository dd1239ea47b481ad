import { expect, it } from 'vitest';
import { errandWorkflow } from '../../test/kind.ts';
import { toMermaid } from './mermaid.ts';

it('draws every state and every way of a workflow', () => {
  expect(toMermaid(errandWorkflow)).toBe(`stateDiagram-v2
  new : New
  open : Open
  waiting : Waiting
  done : Done
  [*] --> new : ask Ask (requester)
  new --> open : accept Accept (resolver)
  open --> waiting : wait Wait for an answer (resolver)
  waiting --> open : answer Answer (requester)
  new --> new : note Note (requester, resolver)
  open --> open : note Note (requester, resolver)
  waiting --> waiting : note Note (requester, resolver)
  open --> done : resolve Resolve (resolver)
  waiting --> done : resolve Resolve (resolver)
  new --> done : withdraw Withdraw (requester)
  open --> done : withdraw Withdraw (requester)
  waiting --> done : withdraw Withdraw (requester)
  waiting --> waiting : remind Remind (resolver)
  waiting --> done : giveUp Give up (resolver)
  done --> open : reopen Open again (requester)
  done --> [*]
`);
});
