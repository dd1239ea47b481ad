import type { preHandlerHookHandler } from 'fastify';
import { Type } from 'typebox';

/**
 * The header of APIs whose clients act for many people: the e-mail of the one who is acting now. A route names these
 * headers in its schema, so that a malformed one is refused with the other faults of the request.
 */
export const agentHeaders = Type.Object({
  'x-agent-user-id': Type.Optional(
    Type.String({
      format: 'email',
      maxLength: 254,
      description: 'The e-mail of the acting agent, as history shows it; the token’s subject when absent.',
    }),
  ),
});

/**
 * Lets the actor carry the acting agent's name from here on: the header's, or else the subject of its credential. What the
 * actor may, and its id, stay those of the credential: the header proves nothing.
 */
export const actAsAgent: preHandlerHookHandler = (request, _reply, done) => {
  const agent = request.headers['x-agent-user-id'];
  const { knownActor } = request;
  const name = typeof agent === 'string' ? agent : knownActor?.id;
  if (name !== undefined && knownActor) request.knownActor = { ...knownActor, name };
  done();
};
