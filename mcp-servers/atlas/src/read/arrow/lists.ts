/** What a message of an Arrow file holds. */
export type MessageKind = 'schema' | 'dictionary' | 'records';

/** Version 4 of Arrow's metadata, since which a buffer says no page. */
const version4 = 3;

/**
 * Looks at every list that the head of a message tells of (Schema.fbs, Message.fbs): all of its elements must lie in the head. flechette
 * makes an element for each that a list claims, up to 2³¹ of them. Throws RangeError.
 */
export function checkLists(head: Buffer, kind: MessageKind): void {
  const message = tableAt(head, 0);
  const header = placeOf(head, message, 2);
  if (header === 0) throw new RangeError('a message says nothing');
  const version = placeOf(head, message, 0);
  const isOld = version === 0 || head.readInt16LE(version) < version4;
  const content = tableAt(head, header);
  if (kind === 'schema') checkSchema(head, content);
  else if (kind === 'records') checkRecords(head, content, isOld);
  else checkRecords(head, tableAt(head, placeOf(head, content, 1)), isOld);
}

function checkSchema(head: Buffer, schema: number): void {
  // A damaged head can hold itself: there are never more fields than places for them.
  let left = head.length / 4;
  const checkFields = (table: number, list: number) => {
    for (const at of elementsOf(head, placeOf(head, table, list), 4)) {
      if (--left < 0) throw new RangeError('a schema holds itself');
      const field = tableAt(head, at);
      checkFields(field, 5);
      elementsOf(head, placeOf(head, field, 6), 4);
    }
  };
  checkFields(schema, 1);
  elementsOf(head, placeOf(head, schema, 2), 4);
}

function checkRecords(head: Buffer, records: number, isOld: boolean): void {
  elementsOf(head, placeOf(head, records, 1), 16);
  elementsOf(head, placeOf(head, records, 2), isOld ? 24 : 16);
  elementsOf(head, placeOf(head, records, 4), 8);
}

/** Where the elements of a list lie; none where there is no list. stride: bytes of one. */
function elementsOf(head: Buffer, place: number, stride: number): number[] {
  if (place === 0) return [];
  const list = tableAt(head, place);
  const count = head.readUInt32LE(list);
  if (list + 4 + count * stride > head.length) throw new RangeError('a list is longer than the message');
  return Array.from({ length: count }, (_, i) => list + 4 + i * stride);
}

/** Where that lies which a place of a flatbuffer points to. */
export const tableAt = (head: Buffer, place: number): number => place + head.readUInt32LE(place);

/** Where a field of a table of a flatbuffer lies; 0 when it is not there. */
export function placeOf(head: Buffer, table: number, field: number): number {
  const fields = table - head.readInt32LE(table);
  if (4 + field * 2 + 2 > head.readUInt16LE(fields)) return 0;
  const offset = head.readUInt16LE(fields + 4 + field * 2);
  return offset === 0 ? 0 : table + offset;
}
