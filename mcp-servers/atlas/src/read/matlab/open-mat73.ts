import type { Container, ContainerNode } from '../container/container.ts';
import { countOf, nameOf, numberAttribute, type Tree, textAttribute, type Values } from '../container/container.ts';
import { DamagedMat } from './bytes.ts';
import { asScalar, checkedEntries, placesOfColumns } from './mat5-arrays.ts';
import { countOfDims, type MatScalar, type MatValue, type Part, placesInC, refusedClass } from './value.ts';

/** Most levels of cells and structs, values in them, and letters of one text. */
const mostLevels = 60;
const mostValues = 200_000;
const mostLetters = 2 ** 26;

const scalars: Record<string, MatScalar> = {
  double: 'f8',
  single: 'f4',
  int8: 'i1',
  uint8: 'u1',
  int16: 'i2',
  uint16: 'u2',
  int32: 'i4',
  uint32: 'u4',
  int64: 'i8',
  uint64: 'u8',
  logical: 'b1',
};

/** Whether a tree of HDF5 is what MATLAB writes as version 7.3: it names the class of its variables. */
export const isMat73 = (tree: Tree): boolean =>
  tree.container.nodes.some((node) => textAttribute(node, 'MATLAB_class') !== undefined);

/** The variables of a file of version 7.3, by name. HDF5 has the axes in reverse; these are as MATLAB shows them. Throws `DamagedMat`. */
export async function variablesOfMat73(tree: Tree): Promise<Map<string, MatValue>> {
  const reader = new Mat73Reader(tree);
  const found = new Map<string, MatValue>();
  for (const node of tree.children('/'))
    if (!/^#(refs|subsystem)#$/.test(nameOf(node.path))) found.set(nameOf(node.path), await reader.value(node, 0));
  return found;
}

class Mat73Reader {
  private readonly tree: Tree;
  private readonly container: Container;
  private values = 0;

  constructor(tree: Tree) {
    this.tree = tree;
    this.container = tree.container;
  }

  async value(node: ContainerNode | undefined, level: number): Promise<MatValue> {
    if (!node) return { kind: 'refused', why: 'leads to nothing in the file' };
    if (level > mostLevels) throw new DamagedMat(`it has more than ${mostLevels} levels of cells and structs`);
    if (++this.values > mostValues) throw new DamagedMat(`it has more than ${mostValues} cells and fields`);
    if (node.kind === 'broken' || node.kind === 'link')
      return { kind: 'refused', why: `cannot be read: ${node.target}` };
    const className = textAttribute(node, 'MATLAB_class');
    if (className === 'function_handle') return { kind: 'refused', why: 'is a function handle' };
    if (Object.hasOwn(node.attributes, 'MATLAB_object_decode') && numberAttribute(node, 'MATLAB_object_decode') !== 0)
      return refusedClass(className ?? '');
    if (node.kind === 'group') return this.group(node, className, level);
    return numberAttribute(node, 'MATLAB_empty') === 1
      ? this.empty(node, className)
      : this.array(node, className, level);
  }

  private async group(node: ContainerNode, className: string | undefined, level: number): Promise<MatValue> {
    if (Object.hasOwn(node.attributes, 'MATLAB_sparse')) return this.sparse(node, className);
    if (className !== undefined && className !== 'struct') return refusedClass(className);
    const fields = this.fieldsOf(node);
    const members = fields.map((field) => this.tree.node(`${node.path}/${field}`));
    const isMany =
      members.length > 0 &&
      members.every((member) => isReferences(member) && textAttribute(member, 'MATLAB_class') === undefined);
    if (!isMany) {
      const values = [];
      for (const member of members) values.push(await this.value(member, level + 1));
      return { kind: 'structs', dims: [1, 1], fields, items: [values] };
    }
    const dims = dimsOf(members[0]?.shape);
    const columns: MatValue[][] = [];
    for (const member of members) columns.push(member ? await this.referenced(member, dims, level) : []);
    const items = Array.from({ length: countOfDims(dims) }, (_, i) => columns.map((column) => column[i]));
    return { kind: 'structs', dims, fields, items };
  }

  /** Names of fields in their order; MATLAB keeps them as lists of letters. */
  private fieldsOf(node: ContainerNode): string[] {
    const names = this.tree.children(node.path).map(({ path }) => nameOf(path));
    const said = Object.hasOwn(node.attributes, 'MATLAB_fields') ? node.attributes.MATLAB_fields : undefined;
    const listed = Array.isArray(said) ? said.map((one) => (Array.isArray(one) ? one.join('') : String(one))) : [];
    return [...new Set([...listed.filter((name) => names.includes(name)), ...names])];
  }

  /** What a dataset of references leads to, in the order of C. */
  private async referenced(node: ContainerNode, dims: number[], level: number): Promise<MatValue[]> {
    const values = await this.container.read(node.path);
    if (values.kind !== 'texts') throw new DamagedMat(`${node.path} holds no references`);
    if (values.data.length !== countOfDims(dims)) throw new DamagedMat('fields of one struct have different sizes');
    const items: MatValue[] = [];
    for (const target of values.data)
      items.push(await this.value(target === null ? undefined : this.tree.node(target), level + 1));
    return placesInC(dims).map((place) => items[place]);
  }

  /** An empty array: its dataset holds its size. */
  private async empty(node: ContainerNode, className: string | undefined): Promise<MatValue> {
    const sizes = numbersIn(await this.container.read(node.path));
    // SAFETY: `Number` takes whole numbers of either kind.
    const dims = Array.from(sizes as ArrayLike<number | bigint>, Number);
    if (dims.length < 2 || countOfDims(dims) !== 0)
      throw new DamagedMat(`${node.path} is empty and claims the size [${dims}]`);
    if (className === 'char') return { kind: 'text', dims, rows: async () => [] };
    if (className === 'cell') return { kind: 'cells', dims, items: [] };
    if (className === 'struct') return { kind: 'structs', dims, fields: [], items: [] };
    const scalar = scalars[className ?? ''];
    if (!scalar && className !== 'canonical empty') return refusedClass(className ?? '');
    return { kind: 'numbers', dims, scalar: scalar ?? 'f8', parts: ['real'], rows: async () => new Float64Array(0) };
  }

  private async array(node: ContainerNode, className: string | undefined, level: number): Promise<MatValue> {
    const dims = dimsOf(node.shape);
    if (className === 'char') return this.text(node, dims);
    if (isReferences(node)) {
      if (className !== undefined && className !== 'cell') return refusedClass(className);
      return { kind: 'cells', dims, items: await this.referenced(node, dims, level) };
    }
    if (className !== undefined && !Object.hasOwn(scalars, className)) return refusedClass(className);
    return this.numbers(node, dims, className);
  }

  private numbers(node: ContainerNode, dims: number[], className: string | undefined): MatValue {
    const { type } = node;
    const isComplex = type?.kind === 'fields' && type.fields.map(({ name }) => name).join() === 'real,imag';
    const own = isComplex ? type.fields[0].type : type;
    const stored =
      own?.kind === 'scalar' && own.scalar !== 'text' && own.scalar !== 'reference' ? own.scalar : undefined;
    const scalar = className === undefined ? stored : scalars[className];
    if (!stored || !scalar) return { kind: 'refused', why: 'holds what is no number, text, cell or struct of MATLAB' };
    const places = placesOfColumns(dims.slice(1));
    return {
      kind: 'numbers',
      dims,
      scalar,
      parts: isComplex ? ['real', 'imag'] : ['real'],
      rows: async (start: number, count: number, part: Part) => {
        const isPart = node.shape?.length !== 0 && (start > 0 || count < dims[0]);
        const all = await (isPart
          ? this.container.read(node.path, start, count, 'last')
          : this.container.read(node.path));
        const data = numbersIn(isComplex && all.kind === 'fields' ? all.fields[part] : all);
        const rows = data.length / Math.max(1, places.length);
        if (places.length <= 1 || rows === 0) return asScalar(data, scalar);
        // SAFETY: every typed array has its own class as constructor, which takes a length.
        const out = new (data.constructor as { new (length: number): typeof data })(data.length);
        for (let column = 0; column < places.length; column++)
          for (let row = 0; row < rows; row++) out[row * places.length + places[column]] = data[column * rows + row];
        return asScalar(out, scalar);
      },
    };
  }

  private text(node: ContainerNode, dims: number[]): MatValue {
    if (dims.length > 2 && countOfDims(dims.slice(2)) > 1)
      return { kind: 'refused', why: `holds text of ${dims.length} axes` };
    if (countOfDims(dims) > mostLetters)
      return { kind: 'refused', why: `holds text of ${countOfDims(dims)} letters; ${mostLetters} are read` };
    const [height, width] = dims;
    return {
      kind: 'text',
      dims,
      rows: async () => {
        const codes = numbersIn(await this.container.read(node.path));
        return Array.from({ length: height }, (_, row) =>
          Array.from({ length: width }, (_letter, column) =>
            String.fromCharCode(Number(codes[column * height + row])),
          ).join(''),
        );
      },
    };
  }

  private async sparse(node: ContainerNode, className: string | undefined): Promise<MatValue> {
    const height = numberAttribute(node, 'MATLAB_sparse') ?? 0;
    const [jc, ir, data] = ['jc', 'ir', 'data'].map((name) => this.tree.array(`${node.path}/${name}`));
    const columns = countOf(jc?.shape ?? [1]) - 1;
    const scalar = scalars[className ?? ''] ?? 'f8';
    const dims = [height, Math.max(0, columns)];
    const value = data && this.numbers(data, [countOf(data.shape ?? []), 1], className);
    const count = value?.kind === 'numbers' ? value.dims[0] : 0;
    const parts: Part[] = value?.kind === 'numbers' ? value.parts : ['real'];
    return {
      kind: 'sparse',
      dims,
      scalar,
      parts,
      count,
      entries: async () => {
        // SAFETY: as of the sizes above: `Number` takes either kind.
        const begins = jc
          ? Float64Array.from(numbersIn(await this.container.read(jc.path)) as ArrayLike<number>, Number)
          : new Float64Array(1);
        const row =
          // SAFETY: as of `begins`.
          ir && count > 0
            ? Int32Array.from(numbersIn(await this.container.read(ir.path)) as ArrayLike<number>, Number)
            : new Int32Array(0);
        if (row.length !== count || begins[begins.length - 1] !== count)
          throw new DamagedMat(`the sparse matrix ${node.path} has parts of different lengths`);
        const take = async (part: Part) =>
          value?.kind === 'numbers' && count > 0 ? value.rows(0, count, part) : new Float64Array(0);
        return {
          ...checkedEntries(dims, row, begins),
          real: await take('real'),
          imag: parts.includes('imag') ? await take('imag') : undefined,
        };
      },
    };
  }
}

const isReferences = (node: ContainerNode | undefined): boolean =>
  node?.kind === 'array' && node.type?.kind === 'scalar' && node.type.scalar === 'reference';

/** The size that MATLAB shows: the axes of HDF5 in reverse, two at least. */
function dimsOf(shape: number[] | null | undefined): number[] {
  const dims = [...(shape ?? [])].reverse();
  while (dims.length < 2) dims.push(1);
  return dims;
}

function numbersIn(values: Values) {
  if (values.kind !== 'numbers') throw new DamagedMat('it has other values where numbers belong');
  return values.data;
}
