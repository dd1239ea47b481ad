import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { sendJson } from '../../../http/reply.ts';
import { refuse } from '../../../kernel/errors.ts';
import { type Employee, findEmployee, listEmployees } from '../../../store/employees.ts';
import type { Store } from '../../../store/store.ts';
import { READING } from '../permissions.ts';
import { listOf, operatorParams, operatorsQuery, type WireOperator, wireOperator } from './schema.ts';

const reading = { permission: READING };

/** The account's employees, to whom tickets may be given where they are operators. */
export function operatorRoutes(app: HallInstance, { sql }: Store): void {
  app.get(
    '/v2/operators',
    {
      config: reading,
      schema: {
        tags: ['operators'],
        summary: 'List employees, those of longest standing first',
        querystring: operatorsQuery,
        response: { 200: listOf(wireOperator) },
      },
    },
    async (request, reply) => {
      const { limit, offset, is_operator } = request.query;
      const { employees, total } = await listEmployees(
        sql,
        request.actor.account,
        is_operator ?? null,
        limit,
        offset,
      );
      return sendJson(reply, 200, { query: request.query, result: employees.map(toWire), total });
    },
  );

  app.get(
    '/v2/operators/:operatorId',
    {
      config: reading,
      schema: {
        tags: ['operators'],
        summary: 'One employee',
        params: operatorParams,
        response: { 200: wireOperator },
      },
    },
    async (request, reply) => {
      const employee = await findEmployee(sql, request.actor.account, request.params.operatorId);
      if (!employee) return sendRefusal(reply, refuse('notFound', 'There is no such employee.'));
      return sendJson(reply, 200, toWire(employee));
    },
  );
}

function toWire({ id, name, isOperator }: Employee): WireOperator {
  return { id, name, is_operator: isOperator };
}
