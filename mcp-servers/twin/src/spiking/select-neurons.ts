import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import type { Connectome } from '../domain/connectome.ts';

/** Some neurons: by id or name, all of a cell type or subtype as `type:NAME`, or all of `cellTypes`. */
export interface Group {
  neurons?: string[];
  cellTypes?: string[];
}

/** Finds neurons of one connectome by what people call them. */
export class NeuronIndex {
  private readonly connectome: Pick<Connectome, 'ids' | 'neurons' | 'types' | 'subtypes'>;
  private readonly made = new Map<string[] | undefined, Map<string, number[]>>();

  constructor(connectome: Pick<Connectome, 'ids' | 'neurons' | 'types' | 'subtypes'>) {
    this.connectome = connectome;
  }

  /** Whom each of these words means; made when it is first asked for, which takes a while in a large connectome. */
  private of(words: string[] | undefined): Map<string, number[]> {
    const known = this.made.get(words);
    if (known) return known;
    const map = new Map<string, number[]>();
    words?.forEach((word, i) => {
      const found = map.get(word);
      if (found) found.push(i);
      else if (word !== '') map.set(word, [i]);
    });
    this.made.set(words, map);
    return map;
  }

  private get byId() {
    return this.of(this.connectome.ids);
  }
  private get byName() {
    return this.of(this.connectome.neurons);
  }
  private get byType() {
    return this.of(this.connectome.types);
  }
  private get bySubtype() {
    return this.of(this.connectome.subtypes);
  }

  /**
   * Indices of a group, ascending. Throws `unknown-name` with the nearest, and `bad-input` when a name means several neurons: a
   * type is asked for as a type.
   */
  select(group: Group): number[] {
    const found = new Set<number>();
    for (const reference of group.neurons ?? [])
      for (const i of reference.startsWith('type:') ? this.ofType(reference.slice(5)) : [this.one(reference)])
        found.add(i);
    for (const type of group.cellTypes ?? []) for (const i of this.ofType(type)) found.add(i);
    return [...found].sort((a, b) => a - b);
  }

  private one(reference: string): number {
    const byId = this.byId.get(reference);
    if (byId) return byId[0];
    const named = this.byName.get(reference) ?? [];
    if (named.length === 1) return named[0];
    if (named.length > 1)
      throw new BregmaError('bad-input', `'${reference}' is the name of ${named.length} neurons.`, {
        next: `Name them by id: ${named
          .slice(0, 5)
          .map((i) => this.connectome.ids[i])
          .join(', ')}${named.length > 5 ? '…' : ''}.`,
      });
    const isType = this.byType.get(reference) ?? this.bySubtype.get(reference);
    const isFlyWire = /^7205759\d{11}$/.test(reference);
    throw unknownName(
      'neuron',
      reference,
      nearest(reference, new Set([...this.byName.keys(), ...(this.byName.size > 0 ? [] : this.byId.keys())])),
      isType
        ? `'${reference}' is a cell type of ${isType.length} neurons: pass cell_type: "${reference}".`
        : isFlyWire
          ? 'FlyWire ids do not persist between releases: look the neuron up in the release of this twin.'
          : 'Neurons are named by id or name; all of a type by cell_type.',
    );
  }

  private ofType(type: string): number[] {
    const [coarse, fine] = [this.byType.get(type), this.bySubtype.get(type)];
    if (coarse && fine && coarse.join() !== fine.join())
      throw new BregmaError(
        'bad-input',
        `'${type}' is a cell type of ${coarse.length} neurons and a subtype of ${fine.length} others.`,
        { next: 'Name the neurons by id.' },
      );
    const found = coarse ?? fine;
    if (found) return found;
    const types = new Set([...this.byType.keys(), ...this.bySubtype.keys()]);
    throw unknownName(
      'cell type',
      type,
      nearest(type, types),
      types.size === 0
        ? 'These data give no cell types: name neurons by id or name.'
        : this.byId.has(type) || this.byName.has(type)
          ? `'${type}' is a neuron: pass neurons: ["${type}"].`
          : undefined,
    );
  }
}
