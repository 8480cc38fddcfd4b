import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import type { Connectome } from './connectome.ts';

/** Some neurons: by id or name, all of a cell type or subtype as `type:NAME`, or all of `cellTypes`. */
export interface Group {
  neurons?: string[];
  cellTypes?: string[];
}

/** Finds neurons of one connectome by what people call them. */
export class NeuronIndex {
  private readonly byId: Map<string, number>;
  private readonly byName = new Map<string, number[]>();
  private readonly byType = new Map<string, number[]>();
  private readonly bySubtype = new Map<string, number[]>();

  constructor({ ids, neurons, types, subtypes }: Connectome) {
    this.byId = new Map(ids.map((id, i) => [id, i]));
    const note = (map: Map<string, number[]>, key: string, i: number) => {
      const found = map.get(key);
      if (found) found.push(i);
      else map.set(key, [i]);
    };
    neurons.forEach((name, i) => note(this.byName, name, i));
    types.forEach((type, i) => type !== '' && note(this.byType, type, i));
    subtypes?.forEach((type, i) => type !== '' && note(this.bySubtype, type, i));
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
    if (byId !== undefined) return byId;
    const named = this.byName.get(reference) ?? [];
    if (named.length === 1) return named[0];
    if (named.length > 1)
      throw new BregmaError('bad-input', `'${reference}' is the name of ${named.length} neurons.`, {
        next: `Name them by id: ${named
          .slice(0, 5)
          .map((i) => this.idOf(i))
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

  private idOf(index: number): string {
    let at = 0;
    for (const id of this.byId.keys()) if (at++ === index) return id;
    return '';
  }
}
