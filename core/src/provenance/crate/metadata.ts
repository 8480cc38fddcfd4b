import type { LedgerRecord } from '../../ledger/records.ts';
import type { CrateContents, CrateObject } from './contents.ts';
import { licenceUrl } from './licences.ts';

type Entity = { '@id': string; '@type': string | string[] } & Record<string, unknown>;

const profile = 'https://w3id.org/ro/wfrun/process/0.5';
const ref = (id: string) => ({ '@id': id });
/** One value stands by itself, none is left out: the form that RO-Crate recommends. */
const tidy = (entity: Entity): Entity => {
  const members = Object.entries(entity).flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.length === 0
        ? []
        : [[name, value.length === 1 ? value[0] : value]]
      : [[name, value]],
  );
  // SAFETY: `@id` is a text and stays; `@type` is never an empty list here, so it stays as a text or a list.
  return Object.fromEntries(members) as Entity;
};
/** ISO 8601 with its offset in figures. */
const time = (at: string) => at.replace(/Z$/, '+00:00');
/** A name inside the crate: ids of records have no characters that an IRI may not have; other names are encoded. */
const local = (name: string) => `#${encodeURIComponent(name)}`;

/**
 * The metadata file of a crate: RO-Crate 1.1 (https://w3id.org/ro/crate/1.1) and Process Run Crate 0.5. Each call is a
 * CreateAction, each tool a SoftwareApplication, each data release a Dataset with its own licence and citation.
 */
export function crateMetadata(contents: CrateContents, made: { at: string; code: string }): object {
  const graph = new Map<string, Entity>();
  const set = (entity: Entity) => {
    graph.set(entity['@id'], { ...graph.get(entity['@id']), ...tidy(entity) });
    return ref(entity['@id']);
  };
  const fileOf = (object: CrateObject) => object.path ?? local(object.digest);
  for (const object of contents.objects.values()) set(objectEntity(object, fileOf(object)));
  const resolve = (name: string) => {
    const object = contents.objects.get(name);
    return ref(object ? fileOf(object) : local(name));
  };
  const actions: { '@id': string }[] = [];
  for (const record of contents.records) {
    if (record.kind === 'activity') actions.push(action(record, set, resolve));
    // SAFETY: each writer stands under the kind of the records that it takes.
    else writers[record.kind]?.(record as never, set, resolve);
  }
  const files = [...graph.values()].filter((entity) => entity['@type'] === 'File').map((entity) => ref(entity['@id']));
  set({
    '@id': 'records.jsonl',
    '@type': 'File',
    name: 'Records of the ledger',
    description:
      'One record a line, as the ledger holds it: hash is the sha256 of previous, seq, kind, subject, at and body, one a line.',
    encodingFormat: 'application/x-ndjson',
  });
  set({
    '@id': 'prov.jsonld',
    '@type': 'File',
    name: 'The lineage in W3C PROV-O',
    encodingFormat: 'application/ld+json',
  });
  const datasets = [...graph.values()]
    .filter((entity) => entity['@type'] === 'Dataset')
    .map((entity) => ref(entity['@id']));
  const terms = set({
    '@id': '#terms',
    '@type': 'CreativeWork',
    name: 'Terms of the parts',
    description: 'No licence was chosen for this crate as a whole. Every data release in it names its own.',
  });
  set({ '@id': profile, '@type': 'CreativeWork', name: 'Process Run Crate', version: '0.5' });
  const root: Entity = {
    '@id': './',
    '@type': 'Dataset',
    name: contents.title.slice(0, 300),
    description: `What ${contents.root} rests on: ${actions.length} calls, ${contents.records.length} records, ${files.length} objects, exported by Bregma ${made.code}.`,
    datePublished: time(made.at),
    license: terms,
    conformsTo: [ref(profile)],
    hasPart: [ref('records.jsonl'), ref('prov.jsonld'), ...files],
    mentions: [...actions, ...datasets],
    identifier: contents.root,
  };
  return {
    '@context': ['https://w3id.org/ro/crate/1.1/context', { sha256: 'https://w3id.org/ro/terms/workflow-run#sha256' }],
    '@graph': [
      {
        '@id': 'ro-crate-metadata.json',
        '@type': 'CreativeWork',
        conformsTo: ref('https://w3id.org/ro/crate/1.1'),
        about: ref('./'),
      },
      tidy(root),
      ...graph.values(),
    ],
  };
}

type Set = (entity: Entity) => { '@id': string };
type Resolve = (name: string) => { '@id': string };

function objectEntity({ digest, bytes, mediaType, name, path, why }: CrateObject, id: string): Entity {
  return {
    '@id': id,
    // What is only named is no data entity: there is no file behind it.
    '@type': path === null ? 'DigitalDocument' : 'File',
    name: name ?? `object ${digest.slice(0, 12)}`,
    sha256: digest,
    encodingFormat: mediaType,
    ...(bytes === null ? {} : { contentSize: String(bytes) }),
    ...(why ? { description: why } : {}),
  };
}

function action({ id, body }: LedgerRecord<'activity'>, set: Set, resolve: Resolve): { '@id': string } {
  const tool = set({
    '@id': `urn:bregma:tool:${encodeURIComponent([body.server, body.tool, body.code, body.environment ?? []].flat().join(':'))}`,
    '@type': 'SoftwareApplication',
    name: `${body.tool} of ${body.server}`,
    softwareVersion: body.code,
    ...(body.environment ? { softwareRequirements: body.environment } : {}),
  });
  const client = set({
    '@id': `urn:bregma:client:${encodeURIComponent(body.client)}`,
    '@type': 'SoftwareApplication',
    name: body.client,
    softwareVersion: body.client.split(' ').at(-1),
  });
  const given = Object.entries(body.arguments ?? {}).map(([name, value]) =>
    set({
      '@id': local(`${id}/${name}`),
      '@type': 'PropertyValue',
      name,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    }),
  );
  const used = [...new Set([...(body.releases ?? []), ...(body.inputs ?? [])])].map(resolve);
  const ok = body.status === 'ok';
  return set({
    '@id': local(id),
    '@type': 'CreateAction',
    name: `${body.tool} (${id})`,
    description: body.error
      ? `${body.error.code}: ${body.error.message}`
      : `A call of ${body.tool}, recorded as ${id}.`,
    instrument: tool,
    agent: client,
    startTime: time(body.start),
    endTime: time(body.end),
    actionStatus: `http://schema.org/${ok ? 'Completed' : 'Failed'}ActionStatus`,
    ...(body.error ? { error: body.error.message } : {}),
    object: [...given, ...used],
    result: [...new Set([...(body.outputs ?? []), ...(body.answerObject ? [body.answerObject] : [])])].map(resolve),
  });
}

const writers: { [Kind in LedgerRecord['kind']]?: (record: LedgerRecord<Kind>, set: Set, resolve: Resolve) => void } = {
  dataset({ subject, body }, set, resolve) {
    const { id, release, card, files = [], tables = [], arrays } = body;
    const url = card.licenceUrl ?? licenceUrl(card.licence);
    const license = set({
      '@id': url ?? local(`licence/${card.licence}`),
      '@type': 'CreativeWork',
      name: card.licence,
      description: `The licence of ${subject}, in the words of its data card.`,
    });
    const raw = files.map((file) =>
      set({
        '@id': local(file.sha256),
        '@type': 'DigitalDocument',
        name: file.name,
        sha256: file.sha256,
        contentSize: String(file.bytes),
        ...(/^https?:/.test(file.origin) ? { url: file.origin } : { description: `From ${file.origin}` }),
      }),
    );
    set({
      '@id': local(subject),
      '@type': 'Dataset',
      name: card.title,
      description: card.description,
      identifier: card.doi ? [subject, `https://doi.org/${card.doi.replace(/^https?:\/\/doi\.org\//, '')}`] : subject,
      version: release,
      alternateName: id,
      license,
      citation: card.cite.map((text) => set({ '@id': local(`cite/${text}`), '@type': 'CreativeWork', name: text })),
      additionalType: card.kind,
      mentions: [...raw, ...[...tables, ...arrays].map(({ object }) => resolve(object))],
    });
  },
  twin({ subject, body }, set, resolve) {
    const { title, kind, data, files = [], cite } = body;
    set({
      '@id': local(subject),
      '@type': 'CreativeWork',
      name: title,
      description: `A digital twin of kind ${kind}, fitted on ${data}.`,
      isBasedOn: resolve(data),
      hasPart: files.map(({ object }) => resolve(object)),
      citation: cite.map((text) => set({ '@id': local(`cite/${text}`), '@type': 'CreativeWork', name: text })),
    });
  },
  hypothesis({ subject, at, body }, set) {
    const { content, state, digest } = body;
    set({
      '@id': local(subject),
      '@type': 'CreativeWork',
      name: content.claim,
      description: `A hypothesis. Rivals: ${(content.rivals ?? []).join(' | ')}`,
      creativeWorkStatus: state,
      sha256: digest,
      ...(state === 'frozen' ? { datePublished: at } : { dateCreated: at }),
    });
  },
  plan({ subject, at, body }, set, resolve) {
    const { content, hash } = body;
    set({
      '@id': local(subject),
      '@type': 'CreativeWork',
      name: `Plan of ${content.design.trials} trials on ${content.driver}`,
      dateCreated: at,
      sha256: hash,
      about: resolve(content.hypothesis),
    });
  },
  approval({ id, at, subject, body }, set, resolve) {
    const { statement } = body;
    const person = set({
      '@id': local(`key/${statement.key}`),
      '@type': statement.demo ? 'SoftwareApplication' : 'Person',
      name: statement.demo ? 'demonstration key: no person stands behind it' : statement.by,
    });
    set({
      '@id': local(id),
      '@type': 'AuthorizeAction',
      name: `${statement.meaning} of ${subject}`,
      description:
        'An Ed25519 signature over the hash of the plan; the signed statement and the signature are in records.jsonl.',
      agent: person,
      endTime: at,
      object: resolve(subject),
    });
  },
  experiment({ id, at, body }, set, resolve) {
    const start = body;
    if (start.phase !== 'started') return;
    set({
      '@id': local(id),
      '@type': 'Event',
      name: `Experiment with ${start.driver} on ${start.subject}`,
      startDate: at,
      about: [resolve(start.plan), resolve(start.approval)],
    });
  },
  test({ id, body }, set, resolve) {
    const test = body;
    if (test.phase === 'spent') {
      set({
        '@id': local(id),
        '@type': 'CreativeWork',
        name: `Test of ${test.prediction} of ${test.hypothesis}`,
        description: test.postHoc
          ? 'Post hoc: its evidence had been seen, so it decides nothing, and no level was spent.'
          : `Level ${test.budget.level} given out by ${test.budget.procedure}, spent before any number was read.`,
        about: resolve(test.hypothesis),
        isBasedOn: [resolve(test.experiment), ...test.predicted.map(({ object }) => resolve(object))],
      });
      return;
    }
    const { verdict, estimate, low, high, n, postHoc, chosen } = test;
    const limits = [postHoc, chosen].filter((text) => text !== undefined).map((text) => ` ${text}.`);
    set({
      '@id': local(test.test),
      '@type': 'CreativeWork',
      creativeWorkStatus: verdict,
      abstract: `${verdict}: estimate ${estimate ?? 'not measured'}, interval [${low ?? 'not measured'}, ${high ?? 'not measured'}], n = ${n.count} ${n.of}.${limits.join('')}`,
    });
  },
};
