import { lineageOf } from '../lineage.ts';
import type { CrateContents } from './contents.ts';

const iri = (name: string) => `urn:bregma:${encodeURIComponent(name)}`;
const ref = (name: string) => ({ '@id': iri(name) });

/**
 * The same lineage in W3C PROV-O (https://www.w3.org/TR/prov-o/) as JSON-LD: calls are activities, everything that they used and
 * made is an entity, clients and persons are agents. The context is written out: nothing needs to be fetched to read it.
 */
export function provDocument({ records }: CrateContents): object {
  const lineage = lineageOf(records);
  const calls = new Map(
    records.flatMap((record) => (record.kind === 'activity' ? [[record.id, record.body] as const] : [])),
  );
  const graph: object[] = [];
  const agents = new Map<string, object>();
  for (const [id, call] of calls) {
    const agent = `client:${call.client}`;
    agents.set(agent, { '@id': iri(agent), '@type': ['prov:Agent', 'prov:SoftwareAgent'], label: call.client });
    graph.push({
      '@id': iri(id),
      '@type': 'prov:Activity',
      label: call.tool,
      startedAtTime: call.start,
      endedAtTime: call.end,
      used: lineage.edges.filter(({ to, as }) => to === id && as === 'used').map(({ from }) => ref(from)),
      wasAssociatedWith: ref(agent),
    });
  }
  for (const node of lineage.nodes.values()) {
    if (calls.has(node.id)) continue;
    const into = lineage.edges.filter(({ to }) => to === node.id);
    graph.push({
      '@id': iri(node.id),
      '@type': 'prov:Entity',
      label: node.label,
      wasGeneratedBy: into.filter(({ from }) => calls.has(from)).map(({ from }) => ref(from)),
      wasDerivedFrom: into.filter(({ from }) => !calls.has(from)).map(({ from }) => ref(from)),
    });
  }
  const link = (name: string) => ({ '@id': `prov:${name}`, '@type': '@id' });
  const time = (name: string) => ({ '@id': `prov:${name}`, '@type': 'xsd:dateTime' });
  return {
    '@context': {
      prov: 'http://www.w3.org/ns/prov#',
      xsd: 'http://www.w3.org/2001/XMLSchema#',
      label: 'http://www.w3.org/2000/01/rdf-schema#label',
      startedAtTime: time('startedAtTime'),
      endedAtTime: time('endedAtTime'),
      ...Object.fromEntries(
        ['used', 'wasAssociatedWith', 'wasGeneratedBy', 'wasDerivedFrom'].map((name) => [name, link(name)]),
      ),
    },
    '@graph': [...agents.values(), ...graph],
  };
}
