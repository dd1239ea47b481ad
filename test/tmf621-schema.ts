import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

/** The standard's files are not part of the project: they lie beside it, or where this variable says. */
const FOLDER = process.env.TMF621_SPECS || join(import.meta.dirname, '../../shared/specs');
const FILES = {
  v4: 'TMF621-TroubleTicket-v4.0.0.swagger.json',
  v5: 'TMF621-Trouble_Ticket-v5.0.1.oas.yaml',
} as const;

export type TmfVersion = keyof typeof FILES;

/** Whether the standard's files are there; where they are not, nothing is compared with them. */
export const hasTmf621Files = Object.values(FILES).every((file) => existsSync(join(FOLDER, file)));
if (!hasTmf621Files) {
  process.stderr.write(
    `The files of TMF621 are not in ${FOLDER}: no answer is compared with the standard.\n`,
  );
}

const checks = new Map<string, ValidateFunction>();
let ajv: Ajv | null = null;

/**
 * What a value has against a definition of the standard, such as `TroubleTicket`; nothing where the files are not there.
 * @param definition its name, with `[]` after it for a list
 */
export function tmf621Faults(version: TmfVersion, definition: string, value: unknown): string[] {
  if (!hasTmf621Files) return [];
  const check = compiled(version, definition);
  if (check(value)) return [];
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function compiled(version: TmfVersion, definition: string): ValidateFunction {
  const id = `${version} ${definition}`;
  const known = checks.get(id);
  if (known) return known;
  ajv ??= load();
  const place = version === 'v4' ? 'v4#/definitions/' : 'v5#/components/schemas/';
  const reference = { $ref: place + definition.replace('[]', '') };
  const check = ajv.compile(definition.endsWith('[]') ? { type: 'array', items: reference } : reference);
  checks.set(id, check);
  return check;
}

function load(): Ajv {
  const made = new Ajv({ strict: false, allErrors: true });
  addFormats.default(made);
  for (const format of ['float', 'base64']) made.addFormat(format, true);
  const read = (version: TmfVersion) => readFileSync(join(FOLDER, FILES[version]), 'utf8');
  const { definitions } = JSON.parse(read('v4'));
  made.addSchema({ $id: 'v4', definitions });
  const { components } = parse(read('v5')) as { components: { schemas: object } };
  made.addSchema({ $id: 'v5', components: { schemas: withTypes(components.schemas) } });
  return made;
}

interface Schema {
  oneOf?: unknown[];
  discriminator?: { propertyName: string; mapping: Record<string, string> };
}

/** JSON Schema knows no discriminators: `@type` has to be a name of the mapping, and in a choice it makes the choice. */
function withTypes(schemas: object): object {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withType(schema)]));
}

function withType({ oneOf, discriminator, ...rest }: Schema): object {
  if (!discriminator) return { ...rest, ...(oneOf && { oneOf }) };
  const { propertyName, mapping } = discriminator;
  const named = { properties: { [propertyName]: { enum: Object.keys(mapping) } } };
  const choices = Object.entries(mapping).map(([type, reference]) => ({
    if: { properties: { [propertyName]: { const: type } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { $ref: reference },
  }));
  return { allOf: [rest, named, ...(oneOf ? choices : [])], ...(oneOf && { required: [propertyName] }) };
}
