type Json = Readonly<Record<string, unknown>>;

/** A JSON merge patch done to an object (https://www.rfc-editor.org/rfc/rfc7396): null takes a property away. */
export function mergePatch(target: Json, patch: Json): Json {
  const result: Record<string, unknown> = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else
      result[name] = isObject(value) ? mergePatch(isObject(result[name]) ? result[name] : {}, value) : value;
  }
  return result;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
