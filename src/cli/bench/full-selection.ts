import { getNamedType, isCompositeType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';

/**
 * A selection of everything below a type, each kind of an interface in a fragment of its own. Fields that need
 * arguments, and those in `without`, are left out.
 */
export function fullSelection(schema: GraphQLSchema, typeName: string, without: readonly string[] = []): string {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) throw new TypeError(`${typeName} has no fields`);
  const fields = Object.values(type.getFields())
    .filter(({ name, args }) => args.length === 0 && !without.includes(`${typeName}.${name}`))
    .map(({ name, type: fieldType }) => {
      const inner = getNamedType(fieldType);
      return isCompositeType(inner) ? `${name} { ${fullSelection(schema, inner.name, without)} }` : name;
    });
  const own = isInterfaceType(type)
    ? schema.getPossibleTypes(type).map(({ name }) => `... on ${name} { ${fieldsBeyond(schema, name, Object.keys(type.getFields()), without)} }`)
    : [];
  return [...fields, ...own].join(' ');
}

function fieldsBeyond(schema: GraphQLSchema, typeName: string, known: readonly string[], without: readonly string[]): string {
  return fullSelection(schema, typeName, [...without, ...known.map((name) => `${typeName}.${name}`)]);
}
