/** `macaque-v4-210325` → `macaque_v4_210325`, as the query engine names schemas. */
export const schemaOf = (id: string): string => id.replace(/[^a-z0-9]/g, '_');
